package postgres

import (
	"context"
	"log/slog"
	"os"
	"os/exec"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
)

// logLimit is where the server's log starts over: nobody rotates it for us.
const logLimit = 16 << 20

// adopt takes over a server of this cluster that already runs. One that is starting or
// stopping is waited for until it has made up its mind.
func (s *Server) adopt(ctx context.Context, c cluster) (bool, error) {
	for {
		p, alive, err := c.running()
		if err != nil {
			return false, fault.Wrap(err, fault.Broken, "look for a running server")
		}
		if !alive {
			return false, nil
		}
		s.pid, s.port = p.pid, p.port
		if p.ready && s.ping(ctx) == nil {
			s.adopted = true
			s.log.InfoContext(ctx, "postgres adopted", slog.Int("pid", p.pid), slog.Int("port", p.port))
			return true, nil
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return false, fault.Wrap(err, fault.Broken, "a PostgreSQL server (process %d) holds %s but does not answer", p.pid, c.data())
		}
	}
}

func (s *Server) launch(ctx context.Context, c cluster, o Options) error {
	began := time.Now()
	port, err := c.choosePort(ctx, o.Port)
	if err != nil {
		return err
	}
	out, err := openLog(c.logFile())
	if err != nil {
		return err
	}
	defer func() { _ = out.Close() }() // the child has its own copy
	// Not CommandContext: the context bounds the start, the server outlives it.
	cmd := exec.Command(c.bin.postgres(), o.arguments(c.data(), port)...) //nolint:gosec,noctx // see above; the path was found by us
	cmd.Stdout, cmd.Stderr, cmd.Dir, cmd.SysProcAttr = out, out, "/", c.who.attributes()
	if err := cmd.Start(); err != nil {
		return c.explain(err, err.Error())
	}
	s.pid, s.port, s.exited = cmd.Process.Pid, port, reap(cmd)
	if err := s.awaitReady(ctx, c); err != nil {
		return err
	}
	s.log.InfoContext(ctx, "postgres started", slog.Int("pid", s.pid), slog.Int("port", port), slog.Duration("took", time.Since(began)))
	return nil
}

// reap waits for the child, so that it never stays a zombie.
func reap(cmd *exec.Cmd) <-chan struct{} {
	exited := make(chan struct{})
	go func() {
		defer close(exited)
		_ = cmd.Wait() // how it ended is in its log
	}()
	return exited
}

func openLog(path string) (*os.File, error) {
	flags := os.O_CREATE | os.O_WRONLY | os.O_APPEND
	if info, err := os.Stat(path); err == nil && info.Size() > logLimit {
		flags |= os.O_TRUNC
	}
	f, err := os.OpenFile(path, flags, 0o600) //nolint:gosec // a fixed name in our own folder
	if err != nil {
		return nil, fault.Wrap(err, fault.Broken, "open the server's log")
	}
	return f, nil
}

// awaitReady waits for an answer; recovery after a crash can take a while.
func (s *Server) awaitReady(ctx context.Context, c cluster) error {
	for s.ping(ctx) != nil {
		if s.gone() {
			return fault.New(fault.Broken, "PostgreSQL ended while starting: %s", c.logTail())
		}
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			// Leave nothing behind that a second try would have to fight.
			stop, cancel := context.WithTimeout(context.WithoutCancel(ctx), 10*time.Second)
			defer cancel()
			_ = s.Kill(stop)
			return fault.Wrap(err, fault.Broken, "PostgreSQL does not answer: %s", c.logTail())
		}
	}
	return nil
}

// ping proves more than an open port: only our cluster knows our password.
func (s *Server) ping(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	conn, err := pgx.Connect(ctx, s.url("postgres"))
	if err != nil {
		return err
	}
	return conn.Close(ctx)
}

func (s *Server) ensureDatabase(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, s.url("postgres"))
	if err != nil {
		return fault.Wrap(err, fault.Broken, "connect to PostgreSQL")
	}
	defer func() { _ = conn.Close(ctx) }()
	var exists bool
	if err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", Database).Scan(&exists); err != nil {
		return fault.Wrap(err, fault.Broken, "look for the database")
	}
	if exists {
		return nil
	}
	if _, err := conn.Exec(ctx, "CREATE DATABASE "+Database); err != nil {
		return fault.Wrap(err, fault.Broken, "create the database")
	}
	return nil
}
