package postgres

import (
	"context"
	"log/slog"
	"net"
	"net/url"
	"os"
	"path/filepath"
	"strconv"
	"syscall"
	"time"

	"trackly/internal/fault"
)

// Server is a PostgreSQL server that answers. Its methods may be called from any
// goroutine, Stop and Kill more than once.
type Server struct {
	dir      string
	data     string
	pid      int
	port     int
	password string
	adopted  bool
	exited   <-chan struct{} // closed when our child was reaped; nil for an adopted server
	log      *slog.Logger
}

// Start returns a server that answers and holds the product's database. It starts
// one, or adopts the one that a killed run left behind. The context bounds the start
// only. Errors: *Missing when PostgreSQL is not installed; fault.Conflict when the
// port or the folder belongs to somebody else; fault.Broken otherwise.
func Start(ctx context.Context, o Options) (*Server, error) {
	o = o.withDefaults()
	dir, err := filepath.Abs(o.Dir)
	if o.Dir == "" || err != nil {
		return nil, fault.New(fault.Invalid, "PostgreSQL needs a folder for its data")
	}
	bin, err := newFinder().find()
	if err != nil {
		return nil, err
	}
	ctx, cancel := context.WithTimeout(ctx, o.Tuning.StartWithin)
	defer cancel()
	unlock, err := lockDir(ctx, dir)
	if err != nil {
		return nil, err
	}
	defer unlock()
	c, password, err := openCluster(ctx, dir, bin)
	if err != nil {
		return nil, err
	}
	s := &Server{dir: c.dir, data: c.data(), password: password, log: o.Log}
	if err := s.open(ctx, c, o); err != nil {
		return nil, err
	}
	return s, nil
}

func (s *Server) open(ctx context.Context, c cluster, o Options) error {
	found, err := s.adopt(ctx, c)
	if err != nil {
		return err
	}
	if !found {
		if err := s.launch(ctx, c, o); err != nil {
			return err
		}
	}
	return s.ensureDatabase(ctx)
}

// URL is a connection string for the product's database. It holds the password.
func (s *Server) URL() string { return s.url(Database) }

func (s *Server) url(database string) string {
	u := url.URL{
		Scheme: "postgres", User: url.UserPassword(Superuser, s.password),
		Host: net.JoinHostPort(host, strconv.Itoa(s.port)), Path: "/" + database, RawQuery: "sslmode=disable",
	}
	return u.String()
}

// Dir is the folder with the cluster, its password and its log.
func (s *Server) Dir() string { return s.dir }

// Adopted reports whether the server was already running when Start was called.
func (s *Server) Adopted() bool { return s.adopted }

// Stop ends open transactions, writes everything down and waits for the server to
// end, or for the context. Stopping a stopped server is not an error.
func (s *Server) Stop(ctx context.Context) error { return s.end(ctx, syscall.SIGINT) }

// Kill ends the server as a crash would, leaving recovery to the next start. It is
// for drills.
func (s *Server) Kill(ctx context.Context) error { return s.end(ctx, syscall.SIGQUIT) }

func (s *Server) end(ctx context.Context, sig syscall.Signal) error {
	if s.gone() {
		return nil
	}
	began := time.Now()
	if err := syscall.Kill(s.pid, sig); err != nil && !s.gone() {
		return fault.Wrap(err, fault.Broken, "signal PostgreSQL")
	}
	for !s.gone() {
		if err := pause(ctx, 20*time.Millisecond); err != nil {
			return fault.Wrap(err, fault.Broken, "PostgreSQL is still writing its data down")
		}
	}
	s.log.InfoContext(ctx, "postgres stopped", slog.Duration("took", time.Since(began)))
	return nil
}

// gone never trusts the process number alone: after our child was reaped, the system
// may hand its number to a stranger.
func (s *Server) gone() bool {
	if s.exited == nil {
		return !serves(s.pid, s.data)
	}
	select {
	case <-s.exited:
		return true
	default:
		return false
	}
}

// logTail is the end of the server's log, for an error message.
func (c cluster) logTail() string {
	raw, err := os.ReadFile(c.logFile())
	if err != nil {
		return ""
	}
	return lastLines(string(raw), 5)
}
