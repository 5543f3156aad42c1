package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"os"
	"path/filepath"
	"time"

	"github.com/jackc/pgx/v5/pgxpool"

	"trackly/internal/embedded/postgres"
	"trackly/internal/provider/sandbox"
	"trackly/internal/store"
	"trackly/models"
)

// world is everything around a drill: the judge's sandbox, which nobody kills, and the
// machines, which are killed.
type world struct {
	dir    string // data of the product, thrown away afterwards
	logs   string
	box    *sandbox.Sandbox
	before int // texts it had accepted when the rounds began
	boxURL string
	db     *pgxpool.Pool // the judge's own eyes
	api    client
	fleet  *fleet
	undo   []func()
}

func openWorld(ctx context.Context, o options) (*world, error) {
	w := &world{}
	for _, step := range []func(context.Context, options) error{
		w.openFolders, w.openSandbox, w.openFleet, w.openAccount,
	} {
		if err := step(ctx, o); err != nil {
			w.close()
			return nil, err
		}
	}
	return w, nil
}

func (w *world) close() {
	for i := len(w.undo) - 1; i >= 0; i-- {
		w.undo[i]()
	}
}

// openFolders makes a data folder that Postgres' own user can pass through.
func (w *world) openFolders(_ context.Context, o options) error {
	var err error
	if w.logs, err = emptyDir(o.logs); err != nil {
		return err
	}
	if w.dir, err = os.MkdirTemp("", "trackly-drill-"); err != nil {
		return err
	}
	w.undo = append(w.undo, func() { _ = os.RemoveAll(w.dir) })
	return os.Chmod(w.dir, 0o711) //nolint:gosec // see above
}

func (w *world) openSandbox(ctx context.Context, o options) error {
	box, err := sandbox.New(sandbox.Options{
		Seed:      o.seed,
		Callbacks: sandbox.Callbacks{Retries: 30, MaxBackoff: 2 * time.Second},
	})
	if err != nil {
		return err
	}
	var lc net.ListenConfig
	l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
	if err != nil {
		return err
	}
	srv := &http.Server{Handler: box.Handler(), ReadHeaderTimeout: 10 * time.Second}
	go func() { _ = srv.Serve(l) }() // ends with Close
	box.Start(ctx)
	w.box, w.boxURL = box, "http://"+l.Addr().String()
	w.undo = append(w.undo, func() { _ = box.Close() }, func() { _ = srv.Close() })
	return nil
}

func (w *world) openFleet(ctx context.Context, o options) error {
	bin, err := buildBinaries(ctx, o.build, w.dir)
	if err != nil {
		return err
	}
	if w.fleet, err = newFleet(ctx, w.dir, w.logs, bin); err != nil {
		return err
	}
	w.undo = append(w.undo, w.fleet.close)
	return w.fleet.split(ctx)
}

// openAccount makes the drill's customer, and the judge's own way into the database.
func (w *world) openAccount(ctx context.Context, _ options) error {
	db, err := pgxpool.New(ctx, w.fleet.databaseURL)
	if err != nil {
		return err
	}
	w.db = db
	w.undo = append(w.undo, db.Close)
	seal, err := base64.StdEncoding.DecodeString(w.fleet.keys["seal"])
	if err != nil {
		return err
	}
	st, err := store.Open(ctx, store.Options{URL: w.fleet.databaseURL, MaxConns: 4, SealKeys: [][]byte{seal}, PhoneKey: seal, Log: slog.New(slog.DiscardHandler)})
	if err != nil {
		return err
	}
	defer st.Close()
	account, owner, err := models.NewAccount("Drill", "Dana", "dana@drill.example")
	if err != nil {
		return err
	}
	key, text := models.NewAPIKey(account.ID, "drill")
	w.api = client{base: w.fleet.url(), key: text, http: &http.Client{}}
	return st.AddAccount(ctx, account, owner, key)
}

// startPostgres starts the drill's server or adopts the one that a killed process left.
func startPostgres(ctx context.Context, dir string) (*postgres.Server, error) {
	pg, err := postgres.Start(ctx, postgres.Options{Dir: filepath.Join(dir, "postgres")})
	if err != nil {
		return nil, fmt.Errorf("start Postgres: %w", err)
	}
	return pg, nil
}
