package app

import (
	"context"
	"errors"
	"net"
	"net/http"
	"time"

	"trackly/api"
	"trackly/internal/fault"
	"trackly/rules/price"
)

const (
	drainRequests  = 10 * time.Second
	headerTimeout  = 10 * time.Second
	idleTimeout    = 2 * time.Minute
	maxHeaderBytes = 64 << 10
)

// Serve answers HTTP until the context ends, then lets requests on their way finish.
func (a *App) Serve(ctx context.Context) error {
	rules, err := verdicts(a.Config.Clicks)
	if err != nil {
		return err
	}
	server, err := api.New(api.Options{
		Store: a.Store, Engine: a.Engine, Providers: a.Providers, Codes: a.Codes, Prices: price.DefaultBook(),
		Door: a.Door, Hours: a.Hours, Links: a.Links, Local: a.Config.Outbound.Local, Verdicts: rules, TrustForwarded: a.Config.API.TrustForwarded,
		ImportLimit: a.Config.API.ImportLimit, Log: a.Log, Metrics: a.Metrics, Ready: a.Ready, Now: time.Now,
	})
	if err != nil {
		return err
	}
	stop, err := a.listen(ctx, a.Config.API.Listen, server.Handler())
	if err != nil {
		return err
	}
	a.Log.InfoContext(ctx, "serving", "listen", a.Config.API.Listen, "public_url", a.Config.API.PublicURL)
	<-ctx.Done()
	stop()
	return nil
}

// listen serves in the background; stop lets requests on their way finish.
func (a *App) listen(ctx context.Context, address string, h http.Handler) (stop func(), err error) {
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", address)
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "cannot listen on %s", address)
	}
	srv := &http.Server{
		Handler: h, ReadHeaderTimeout: headerTimeout, IdleTimeout: idleTimeout, MaxHeaderBytes: maxHeaderBytes,
	}
	go func() {
		if err := srv.Serve(l); !errors.Is(err, http.ErrServerClosed) {
			a.Log.ErrorContext(ctx, "the HTTP server ended", "error", err)
		}
	}()
	return func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), drainRequests)
		defer cancel()
		if err := srv.Shutdown(ctx); err != nil {
			a.Log.WarnContext(ctx, "requests were cut off", "error", err)
		}
	}, nil
}
