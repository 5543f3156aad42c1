// Package app is the composition root: it opens everything that can fail before
// anything starts, wires the rooms together and closes them in reverse. It contains no
// behaviour of its own.
package app

import (
	"context"
	"crypto/tls"
	"errors"
	"log/slog"
	"os"
	"runtime/debug"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"

	"trackly/config"
	"trackly/internal/engine"
	"trackly/internal/fault"
	"trackly/internal/handover"
	"trackly/internal/linkcheck"
	"trackly/internal/provider"
	"trackly/internal/provider/cm"
	"trackly/internal/provider/infobip"
	"trackly/internal/provider/telnyx"
	"trackly/internal/provider/twilio"
	"trackly/internal/provider/wire"
	"trackly/internal/store"
	"trackly/rules/quiethours"
	"trackly/rules/shortcode"
)

// App is one process of the product.
type App struct {
	Config    config.Config
	Log       *slog.Logger
	Store     *store.Store
	Engine    *engine.Engine
	Providers provider.Registry
	Codes     *shortcode.Codec
	Door      handover.Door
	Hours     *quiethours.Table
	Links     *linkcheck.Checker
	Metrics   *prometheus.Registry

	temporal client.Client
	flush    func() error // writes the engine's last metrics
}

// Open connects to Postgres and to the workflow engine, and fails when one of them
// does not answer within the context.
func Open(ctx context.Context, cfg config.Config, log *slog.Logger) (*App, error) {
	tuneMemory()
	a := &App{Config: cfg, Log: log, Metrics: prometheus.NewRegistry()}
	a.Metrics.MustRegister(collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}))
	var err error
	if a.Hours, err = quiethours.Default(); err != nil {
		return nil, err
	}
	if err := a.openKeys(ctx); err != nil {
		return nil, err
	}
	if err := a.dial(ctx); err != nil {
		a.Store.Close()
		return nil, err
	}
	a.Engine = &engine.Engine{Client: a.temporal}
	calls := wire.NewClient()
	calls.Timeout = cfg.Delivery.RequestTimeout
	a.Providers = provider.NewRegistry(
		twilio.Dialer{HTTP: calls}, infobip.Dialer{HTTP: calls}, cm.Dialer{HTTP: calls}, telnyx.Dialer{HTTP: calls},
	)
	return a, nil
}

func (a *App) openKeys(ctx context.Context) error {
	links, err := a.Config.Keys.Links.Bytes()
	if err != nil {
		return fault.New(fault.Invalid, "keys.links is no base64")
	}
	if a.Codes, err = shortcode.New(links); err != nil {
		return err
	}
	webhooks, err := a.Config.Keys.Derive("webhooks")
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "keys.links cannot be used")
	}
	a.Door = handover.Door{PublicURL: a.Config.API.PublicURL, Key: webhooks}
	domains, err := a.Config.Keys.Derive("link domains")
	if err != nil {
		return fault.Wrap(err, fault.Invalid, "keys.links cannot be used")
	}
	a.Links = linkcheck.New(domains, a.Config.Outbound.Local)
	a.Store, err = OpenStore(ctx, a.Config, a.Log)
	return err
}

// OpenStore opens the database alone, for commands that need no engine.
func OpenStore(ctx context.Context, cfg config.Config, log *slog.Logger) (*store.Store, error) {
	seals, err := cfg.Keys.Seals()
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "keys.seal is no base64")
	}
	phones, err := cfg.Keys.Derive("erased phones")
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "keys.links cannot be used")
	}
	return store.Open(ctx, store.Options{
		URL: cfg.Database.URL.Reveal(), MaxConns: cfg.Database.MaxConns, SealKeys: seals, PhoneKey: phones, Log: log,
	})
}

func (a *App) dial(ctx context.Context) error {
	handler, flush := engineMetrics(a.Metrics, a.Log)
	t := a.Config.Temporal
	o := client.Options{
		HostPort: t.Address, Namespace: t.Namespace, MetricsHandler: handler,
		Logger: sdklog.NewStructuredLogger(a.Log.With("part", "engine")),
	}
	if t.TLS {
		o.ConnectionOptions.TLS = &tls.Config{MinVersion: tls.VersionTLS12}
		if t.TLSCert != "" {
			pair, err := tls.LoadX509KeyPair(t.TLSCert, t.TLSKey)
			if err != nil {
				return fault.Wrap(err, fault.Invalid, "temporal.tls_cert cannot be read")
			}
			o.ConnectionOptions.TLS.Certificates = []tls.Certificate{pair}
		}
	}
	var err error
	if a.temporal, err = client.DialContext(ctx, o); err != nil {
		return fault.Wrap(err, fault.Broken, "the workflow engine at %s does not answer", t.Address)
	}
	a.flush = flush
	return nil
}

// gcPercent lets the heap grow to five times what lives before it is swept. Little lives
// (some 30 MB) and much is garbage at once, so collecting took a sixth of the CPU.
const gcPercent = 400

// memoryLimit is where sweeping begins to be worth more than its processor time: a million
// rows on their way through would else leave 400 MB of garbage. An installation in which more
// lives than this sets GOMEMLIMIT.
const memoryLimit = 150 << 20

// tuneMemory leaves an operator's own GOGC and GOMEMLIMIT alone.
func tuneMemory() {
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(memoryLimit)
	}
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
}

// Ready says why the process cannot serve now; nil means it can.
func (a *App) Ready(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, 2*time.Second)
	defer cancel()
	_, err := a.temporal.CheckHealth(ctx, &client.CheckHealthRequest{})
	if err != nil {
		err = fault.Wrap(err, fault.Broken, "the workflow engine does not answer")
	}
	return errors.Join(a.Store.Ping(ctx), err)
}

// Close closes in reverse what Open opened.
func (a *App) Close() {
	a.temporal.Close()
	if err := a.flush(); err != nil {
		a.Log.Warn("last metrics lost", "error", err)
	}
	a.Store.Close()
}
