package temporal

import (
	"context"
	"net"
	"strconv"

	"trackly/internal/fault"
)

// ports are where one server listens.
type ports struct{ frontend, history, matching, worker, ui int }

// choosePorts holds all of them open at once while choosing, so that no two are the
// same. The server opens them again by number: it takes no listeners.
func choosePorts(ctx context.Context, o Options) (p ports, err error) {
	var lc net.ListenConfig
	for _, want := range []struct {
		port *int
		of   int
		what string
	}{
		{&p.frontend, o.Port, "Temporal"},
		{&p.ui, o.UIPort, "Temporal's web UI"},
		{&p.history, 0, "Temporal"},
		{&p.matching, 0, "Temporal"},
		{&p.worker, 0, "Temporal"},
	} {
		l, err := lc.Listen(ctx, "tcp", address(want.of))
		if err != nil {
			return p, fault.Wrap(err, fault.Conflict, "port %d for %s is taken by another program", want.of, want.what)
		}
		defer func() { _ = l.Close() }()
		if a, ok := l.Addr().(*net.TCPAddr); ok {
			*want.port = a.Port
		}
	}
	return p, nil
}

func address(port int) string { return net.JoinHostPort(ip, strconv.Itoa(port)) }
