package temporal

import (
	"context"
	"fmt"
	"net"
	"time"

	uiserver "github.com/temporalio/ui-server/v2/server"
	uiconfig "github.com/temporalio/ui-server/v2/server/config"
	uioptions "github.com/temporalio/ui-server/v2/server/server_options"

	"trackly/internal/fault"
)

// startUI returns when the web UI answers. Its constructor panics where others return
// an error; no input of ours makes it, but a library's panic must not end the product.
func startUI(ctx context.Context, p ports, namespace string) (ui *uiserver.Server, err error) {
	defer func() {
		if r := recover(); r != nil {
			err = fault.New(fault.Broken, "Temporal's web UI did not start: %v", r)
		}
	}()
	ui = uiserver.NewServer(uioptions.WithConfigProvider(&uiconfig.Config{
		Host: ip, Port: p.ui, TemporalGRPCAddress: address(p.frontend), EnableUI: true,
		DefaultNamespace: namespace,
		CORS:             uiconfig.CORS{CookieInsecure: true}, // plain http on the loopback address
		HideLogs:         true,
		DisableNewsFetch: true, // no question to a machine outside
	}))
	go func() { _ = ui.Start() }()
	if err := awaitPort(ctx, address(p.ui)); err != nil {
		ui.Stop()
		return nil, fault.Wrap(err, fault.Broken, "Temporal's web UI does not answer")
	}
	return ui, nil
}

func awaitPort(ctx context.Context, addr string) error {
	var d net.Dialer
	for {
		conn, err := d.DialContext(ctx, "tcp", addr)
		if err == nil {
			return conn.Close()
		}
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return fmt.Errorf("waiting for %s: %w", addr, err)
		}
	}
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
