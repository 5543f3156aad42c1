package temporal

import (
	"context"
	"log/slog"
	"sync"
	"time"

	uiserver "github.com/temporalio/ui-server/v2/server"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/server/temporal"

	"trackly/internal/fault"
)

// Server is a Temporal server that answers, with its web UI unless left out. Its
// methods may be called from any goroutine.
type Server struct {
	ports ports
	core  temporal.Server
	ui    *uiserver.Server
	log   bridge
	stop  func() error
}

// Start returns when the frontend answers and the namespace can be used. The context
// bounds the start only. A client that knows the port may be let in some tenths of a
// second before Start returns. Errors: fault.Conflict when a port is taken,
// fault.Invalid for an option that can never work, fault.Broken otherwise.
func Start(ctx context.Context, o Options) (*Server, error) {
	o = o.withDefaults()
	ctx, cancel := context.WithTimeout(ctx, o.StartWithin)
	defer cancel()
	began := time.Now()
	s, err := build(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := s.open(ctx, o); err != nil {
		_ = s.Stop() // the first error says more
		return nil, err
	}
	o.Log.InfoContext(ctx, "temporal started", slog.String("address", s.HostPort()), slog.Duration("took", time.Since(began)))
	return s, nil
}

func build(ctx context.Context, o Options) (*Server, error) {
	st, err := openStores(ctx, o)
	if err != nil {
		return nil, err
	}
	if err := createNamespace(o, st); err != nil {
		return nil, err
	}
	p, err := choosePorts(ctx, o)
	if err != nil {
		return nil, err
	}
	log := newBridge(o.Log)
	core, err := newServer(o, p, st, log)
	if err != nil {
		return nil, fault.Wrap(err, fault.Broken, "assemble Temporal")
	}
	s := &Server{ports: p, core: core, log: log}
	s.stop = sync.OnceValue(s.shut)
	return s, nil
}

func (s *Server) open(ctx context.Context, o Options) error {
	if err := s.core.Start(); err != nil {
		return fault.Wrap(err, fault.Broken, "start Temporal")
	}
	c, err := s.awaitClient(ctx, o.Namespace)
	if err != nil {
		return err
	}
	defer c.Close()
	if err := updateNamespace(ctx, c, o); err != nil || o.WithoutUI {
		return err
	}
	s.ui, err = startUI(ctx, s.ports, o.Namespace)
	return err
}

func (s *Server) awaitClient(ctx context.Context, namespace string) (client.Client, error) {
	for {
		c, err := dial(ctx, s.HostPort(), namespace)
		if err == nil {
			return c, nil
		}
		if late := pause(ctx, 20*time.Millisecond); late != nil {
			return nil, fault.Wrap(err, fault.Broken, "Temporal does not answer")
		}
	}
}

// dial gives a client of a server that knows the namespace: the frontend answers a
// little before its list of namespaces is read.
func dial(ctx context.Context, hostPort, namespace string) (client.Client, error) {
	quiet := sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler))
	c, err := client.DialContext(ctx, client.Options{HostPort: hostPort, Namespace: namespace, Logger: quiet})
	if err != nil {
		return nil, err
	}
	_, err = c.WorkflowService().DescribeNamespace(ctx, &workflowservice.DescribeNamespaceRequest{Namespace: namespace})
	if err != nil {
		c.Close()
		return nil, err
	}
	return c, nil
}

// HostPort is the frontend's address, for a client.
func (s *Server) HostPort() string { return address(s.ports.frontend) }

// Port is the frontend's port, for a caller that remembers it.
func (s *Server) Port() int { return s.ports.frontend }

// UIPort is the web UI's port, for a caller that remembers it.
func (s *Server) UIPort() int { return s.ports.ui }

// UIURL is where a person looks at workflows; empty without the web UI.
func (s *Server) UIURL() string {
	if s.ui == nil {
		return ""
	}
	return "http://" + address(s.ports.ui)
}

// Stop ends the web UI and the server, in about a second; its state is in the
// database at every moment, so nothing is lost. A second call gives the first one's
// result. About a hundred goroutines of the server's libraries stay behind.
func (s *Server) Stop() error { return s.stop() }

func (s *Server) shut() error {
	s.log.quiet.Store(true)
	if s.ui != nil {
		s.ui.Stop()
	}
	if err := s.core.Stop(); err != nil {
		return fault.Wrap(err, fault.Broken, "stop Temporal")
	}
	return nil
}
