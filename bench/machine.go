package main

import (
	"context"
	"encoding/base64"
	"errors"
	"log/slog"
	"net"
	"os"
	"path/filepath"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"trackly/internal/app"
	"trackly/internal/embedded/postgres"
	"trackly/internal/store"
)

// machine is the product on this machine as the standalone command runs it, but with
// each party in a process of its own: Postgres with full durability, the product, the
// provider. This process only makes load. close undoes open, in reverse.
type machine struct {
	o        options
	log      *slog.Logger
	orders   orders // for the product; other children change the addresses
	provider string // where the sandbox listens, when there is one
	postgres *postgres.Server
	product  *child
	app      *app.App // this process's own door to store and engine; it serves nothing
	pool     *pgxpool.Pool
	people   map[crowd]people
	slices   map[int]sliced
	latency  time.Duration // of the sandboxes to come
	peak     float64       // MB, of the product during imports
	undo     []func()
}

func openMachine(ctx context.Context, o options, log *slog.Logger) (*machine, error) {
	if o.quick {
		o.rounds = 1
	}
	m := &machine{o: o, log: log, provider: freeAddress(), people: map[crowd]people{}}
	for _, step := range []func(context.Context) error{m.openPostgres, m.openProduct, m.openStatements, m.openApp} {
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

func (m *machine) openPostgres(ctx context.Context) error {
	dir, err := os.MkdirTemp(m.o.dir, "trackly-bench-")
	if err != nil {
		return err
	}
	m.undo = append(m.undo, func() { _ = os.RemoveAll(dir) })
	if err := os.Chmod(dir, 0o711); err != nil { //nolint:gosec // Postgres may have to run as another user below it
		return err
	}
	pg, err := postgres.Start(ctx, postgres.Options{Dir: filepath.Join(dir, "postgres"), Log: m.log})
	if err != nil {
		return err
	}
	m.postgres = pg
	m.undo = append(m.undo, func() {
		ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Minute)
		defer cancel()
		_ = m.postgres.Stop(ctx) // its data is thrown away
	})
	if err := m.countStatements(ctx, dir); err != nil {
		return err
	}
	return store.Migrate(ctx, m.postgres.URL())
}

func (m *machine) openProduct(ctx context.Context) error {
	listen := freeAddress()
	m.orders = orders{
		DatabaseURL: m.postgres.URL(), TemporalPort: portOf(freeAddress()), UIPort: portOf(freeAddress()),
		Listen: listen, PublicURL: "http://" + listen, Seal: newKey(), Links: newKey(),
	}
	var err error
	if m.product, err = startChild(ctx, "product", m.orders); err != nil {
		return err
	}
	m.undo = append(m.undo, m.product.close)
	return nil
}

func newKey() string { return base64.StdEncoding.EncodeToString(store.NewSealKey()) }

func portOf(address string) int {
	_, port, _ := net.SplitHostPort(address)
	n, _ := strconv.Atoi(port)
	return n
}

func (m *machine) openApp(ctx context.Context) error {
	a, err := app.Open(ctx, m.orders.settings(), m.log)
	if err != nil {
		return err
	}
	m.app = a
	m.undo = append(m.undo, a.Close)
	if m.pool, err = pgxpool.New(ctx, m.orders.DatabaseURL); err != nil {
		return err
	}
	m.undo = append(m.undo, m.pool.Close)
	return nil
}

// withSandbox gives do a provider nobody has used yet: one that remembers earlier
// rounds is slower.
func (m *machine) withSandbox(ctx context.Context, do func(*child) error) error {
	o := m.orders
	o.Listen, o.Latency = m.provider, m.latency
	box, err := startChild(ctx, "sandbox", o)
	if err != nil {
		return err
	}
	err = do(box)
	box.close()
	return err
}

// withBaseline gives do the naive server for a list and its public address.
func (m *machine) withBaseline(ctx context.Context, p people, do func(publicURL string) error) error {
	o := m.orders
	o.Listen = freeAddress()
	o.PublicURL = "http://" + o.Listen
	o.List = p.listing()
	c, err := startChild(ctx, "baseline", o)
	if err != nil {
		return err
	}
	err = errors.Join(do(o.PublicURL), ctx.Err())
	c.close()
	return err
}

// size is n, or a tenth of it when measuring quickly.
func (m *machine) size(n int) int {
	if m.o.quick {
		return n / 10
	}
	return n
}
