package main

import (
	"context"
	"os"
	"os/exec"
	"path/filepath"
	"sync"
	"syscall"
	"time"
)

// reviveAfter is how soon a process that ended by itself is started again, as any
// supervisor does.
const reviveAfter = 300 * time.Millisecond

// process is one program under supervision. Its methods are for one goroutine, but for
// exits.
type process struct {
	name, path, log string
	args, env       []string

	mu     sync.Mutex
	cmd    *exec.Cmd // nil while nothing runs
	wanted bool
	ended  int // by itself
	done   chan struct{}
}

// start runs the program until kill.
func (p *process) start() error {
	p.mu.Lock()
	p.wanted, p.done = true, make(chan struct{})
	p.mu.Unlock()
	if err := p.launch(); err != nil {
		close(p.done)
		return err
	}
	go p.keep()
	return nil
}

func (p *process) launch() error {
	out, err := os.OpenFile(p.log, os.O_CREATE|os.O_WRONLY|os.O_APPEND, 0o600) //nolint:gosec // our own folder
	if err != nil {
		return err
	}
	defer func() { _ = out.Close() }()     // the child has its own copy
	cmd := exec.Command(p.path, p.args...) //nolint:gosec,noctx // our own binary, ended by kill and by nothing else
	cmd.Stdout, cmd.Stderr, cmd.Env = out, out, append(os.Environ(), p.env...)
	// A terminal's Ctrl-C is for the drill; it ends the others itself.
	cmd.SysProcAttr = &syscall.SysProcAttr{Setpgid: true}
	p.mu.Lock()
	defer p.mu.Unlock()
	if !p.wanted {
		return nil
	}
	if err := cmd.Start(); err != nil {
		return err
	}
	p.cmd = cmd
	return nil
}

// keep waits for the program's end, and starts it again when nobody asked for that end.
func (p *process) keep() {
	defer close(p.done)
	for {
		p.mu.Lock()
		cmd := p.cmd
		p.mu.Unlock()
		if cmd != nil {
			_ = cmd.Wait() // how it ended is in its log
		}
		p.mu.Lock()
		p.cmd = nil
		wanted := p.wanted
		if wanted {
			p.ended++
		}
		p.mu.Unlock()
		if !wanted {
			return
		}
		time.Sleep(reviveAfter)
		if p.launch() != nil {
			return
		}
	}
}

// kill ends the program as a power cut would, and waits until it is gone.
func (p *process) kill() { p.end(syscall.SIGKILL) }

func (p *process) end(sig syscall.Signal) {
	p.mu.Lock()
	if p.done == nil {
		p.mu.Unlock()
		return
	}
	p.wanted = false
	if p.cmd != nil {
		_ = p.cmd.Process.Signal(sig) // one that has just ended needs none
	}
	done := p.done
	p.mu.Unlock()
	<-done
}

// exits is how often the program ended although nobody killed it.
func (p *process) exits() int {
	p.mu.Lock()
	defer p.mu.Unlock()
	return p.ended
}

func pause(ctx context.Context, d time.Duration) error {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func emptyDir(dir string) (string, error) {
	dir, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	if err := os.RemoveAll(dir); err != nil {
		return "", err
	}
	return dir, os.MkdirAll(dir, 0o755) //nolint:gosec // logs without secrets
}
