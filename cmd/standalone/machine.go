package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"
	"time"

	enumspb "go.temporal.io/api/enums/v1"

	"trackly/config"
	"trackly/internal/app"
	"trackly/internal/embedded/postgres"
	"trackly/internal/embedded/temporal"
	"trackly/internal/store"
	"trackly/workflows"
)

// machine is what runs in and beside this process. close undoes open, in reverse.
type machine struct {
	o        options
	log      *slog.Logger
	cfg      config.Config
	postgres *postgres.Server // nil when the database is somebody else's
	temporal *temporal.Server // nil when another process is it
	app      *app.App         // nil when this process is neither API nor worker
	undo     []func()
}

const stopTimeout = 30 * time.Second

func openMachine(ctx context.Context, o options, log *slog.Logger) (*machine, error) {
	m := &machine{o: o, log: log}
	for _, step := range []func(context.Context) error{
		m.openData, m.openPostgres, m.configure, m.migrate, m.openTemporal, m.openApp,
	} {
		if err := step(ctx); err != nil {
			m.close()
			return nil, err
		}
	}
	return m, nil
}

func (m *machine) close() {
	for i := len(m.undo) - 1; i >= 0; i-- {
		m.undo[i]()
	}
}

func (m *machine) openData(context.Context) error {
	dir, err := filepath.Abs(m.o.data)
	if err != nil {
		return err
	}
	m.o.data = dir
	return os.MkdirAll(dir, 0o711) //nolint:gosec // Postgres may have to run as another user below it
}

func (m *machine) openPostgres(ctx context.Context) error {
	if m.o.databaseURL != "" {
		return nil
	}
	pg, err := postgres.Start(ctx, postgres.Options{Dir: filepath.Join(m.o.data, "postgres"), Log: m.log})
	if err != nil {
		return err
	}
	m.postgres, m.o.databaseURL = pg, pg.URL()
	m.undo = append(m.undo, func() { m.quietly("Postgres", pg.Stop) }) //nolint:contextcheck // runs when ctx has ended
	return nil
}

func (m *machine) quietly(what string, stop func(context.Context) error) {
	ctx, cancel := context.WithTimeout(context.Background(), stopTimeout)
	defer cancel()
	if err := stop(ctx); err != nil {
		m.log.Warn("did not stop cleanly", "what", what, "error", err)
	}
}

func (m *machine) configure(context.Context) error {
	seal, err := keyOf(m.o.data, "seal")
	if err != nil {
		return err
	}
	links, err := keyOf(m.o.data, "links")
	if err != nil {
		return err
	}
	m.cfg = config.Config{
		Database: config.Database{URL: config.Secret(m.o.databaseURL), MaxConns: 40},
		Temporal: config.Temporal{Address: fmt.Sprintf("127.0.0.1:%d", m.o.temporalPort), Namespace: "default"},
		API:      config.API{Listen: m.o.listen, PublicURL: m.o.publicURL, ImportLimit: 1 << 30, TrustForwarded: m.o.has(partSandbox) && m.o.local()},
		Worker:   config.Worker{Batches: 8},
		Delivery: config.Delivery{Concurrency: 64, RequestTimeout: 5 * time.Second, SettleAfter: 12 * time.Second, GiveUpAfter: m.o.giveUpAfter, PretendTime: m.o.pretendTime},
		Keys:     config.Keys{Seal: seal, Links: links},
		Log:      config.Log{Level: m.o.logLevel, Format: "text"},
	}
	return m.cfg.Check()
}

func (m *machine) migrate(ctx context.Context) error {
	return store.Migrate(ctx, m.cfg.Database.URL.Reveal())
}

func (m *machine) openTemporal(ctx context.Context) error {
	if !m.o.has(partTemporal) {
		return nil
	}
	attributes := map[string]enumspb.IndexedValueType{}
	for _, key := range workflows.SearchAttributes() {
		attributes[key.GetName()] = enumspb.INDEXED_VALUE_TYPE_KEYWORD
	}
	t, err := temporal.Start(ctx, temporal.Options{
		PostgresURL: m.cfg.Database.URL.Reveal(), Port: m.o.temporalPort, UIPort: m.o.uiPort,
		SearchAttributes: attributes, Log: m.log,
	})
	if err != nil {
		return err
	}
	m.temporal = t
	m.undo = append(m.undo, func() {
		if err := t.Stop(); err != nil {
			m.log.WarnContext(ctx, "did not stop cleanly", "what", "Temporal", "error", err)
		}
	})
	return nil
}

func (m *machine) openApp(ctx context.Context) error {
	if !m.o.has(partAPI) && !m.o.has(partWorker) {
		return nil
	}
	ctx, cancel := context.WithTimeout(ctx, stopTimeout)
	defer cancel()
	a, err := app.Open(ctx, m.cfg, m.log)
	if err != nil {
		return err
	}
	m.app = a
	m.undo = append(m.undo, a.Close)
	return nil
}

// serve runs this process's parts until the context ends or one of them fails.
func (m *machine) serve(ctx context.Context, parts ...func(context.Context) error) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	ended := make(chan error, len(parts))
	for _, part := range parts {
		go func() {
			err := part(ctx)
			cancel() // one part alone is no product
			ended <- err
		}()
	}
	var all []error
	for range parts {
		all = append(all, <-ended)
	}
	return errors.Join(all...)
}
