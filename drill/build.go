package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"os/exec"
	"path/filepath"
	"syscall"
)

// binaries are the product's programs.
type binaries struct{ trackly, standalone string }

// buildBinaries builds what is not there already and copies it for this drill alone: a
// second drill may build anew while this one still starts processes. The folder is kept,
// for linking the workflow engine takes longer than a round.
func buildBinaries(ctx context.Context, dir, into string) (bin binaries, err error) {
	if dir, err = filepath.Abs(dir); err != nil {
		return bin, err
	}
	if err := os.MkdirAll(dir, 0o755); err != nil { //nolint:gosec // programs are no secret
		return bin, err
	}
	unlock, err := lock(filepath.Join(dir, "lock"))
	if err != nil {
		return bin, err
	}
	defer unlock()
	cmd := exec.CommandContext(ctx, "go", "build", "-o", dir+string(filepath.Separator), "trackly/cmd/trackly", "trackly/cmd/standalone") //nolint:gosec // our own folder
	if out, err := cmd.CombinedOutput(); err != nil {
		return bin, fmt.Errorf("build the product: %w\n%s", err, out)
	}
	bin = binaries{trackly: filepath.Join(into, "trackly"), standalone: filepath.Join(into, "standalone")}
	return bin, errors.Join(
		copyProgram(filepath.Join(dir, "trackly"), bin.trackly),
		copyProgram(filepath.Join(dir, "standalone"), bin.standalone))
}

func copyProgram(from, to string) error {
	in, err := os.Open(from) //nolint:gosec // just built
	if err != nil {
		return err
	}
	defer func() { _ = in.Close() }()
	// A process forked while the copy is open for writing would hold it open, and until
	// that one executes its own program the copy could not be run ("text file busy").
	syscall.ForkLock.RLock()
	defer syscall.ForkLock.RUnlock()
	out, err := os.OpenFile(to, os.O_CREATE|os.O_EXCL|os.O_WRONLY, 0o700) //nolint:gosec // a program
	if err != nil {
		return err
	}
	_, err = io.Copy(out, in)
	return errors.Join(err, out.Close())
}

// lock waits for its turn. It is given back when the process ends, however it ends.
func lock(path string) (unlock func(), err error) {
	f, err := os.OpenFile(path, os.O_CREATE|os.O_RDWR, 0o600) //nolint:gosec // our own folder
	if err != nil {
		return nil, err
	}
	if err := syscall.Flock(int(f.Fd()), syscall.LOCK_EX); err != nil {
		return nil, errors.Join(err, f.Close())
	}
	return func() { _ = f.Close() }, nil
}
