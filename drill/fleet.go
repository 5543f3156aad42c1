package main

import (
	"context"
	"encoding/base64"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"syscall"
	"time"

	"trackly/internal/embedded/postgres"
	"trackly/internal/store"
)

// fleet is the product's machines: either each part in a process of its own, or all of
// them in one, over the same data.
type fleet struct {
	dir         string
	databaseURL string
	keys        map[string]string // base64, by name
	ports       struct{ api, temporal, ui int }
	postgres    *postgres.Server // nil while standalone looks after it

	temporal, api, standalone *process
	workers                   []*process // those of the rounds
	extra                     []*process // come for the pace
	whole                     bool
}

const (
	// afternoon keeps quiet hours open from Hawaii to Maine whenever somebody drills.
	afternoon = "15:00 America/New_York"
	// giveUpAfter is far longer than any callback takes here, retries included.
	giveUpAfter = "20s"
)

func newFleet(ctx context.Context, dir, logs string, bin binaries) (*fleet, error) {
	f := &fleet{dir: dir, keys: map[string]string{}}
	if err := freePorts(ctx, &f.ports.api, &f.ports.temporal, &f.ports.ui); err != nil {
		return nil, err
	}
	// standalone reads its keys from files: both ways of running must open the same
	// tokens and the same links.
	for _, name := range []string{"seal", "links"} {
		f.keys[name] = base64.StdEncoding.EncodeToString(store.NewSealKey())
		if err := os.WriteFile(filepath.Join(dir, name+".key"), []byte(f.keys[name]), 0o600); err != nil {
			return nil, err
		}
	}
	var err error
	if f.postgres, err = startPostgres(ctx, dir); err != nil {
		return nil, err
	}
	f.databaseURL = f.postgres.URL()
	f.hire(logs, bin)
	if err := store.Migrate(ctx, f.databaseURL); err != nil {
		f.close() //nolint:contextcheck // also when ctx has ended
		return nil, err
	}
	return f, nil
}

// hire describes the processes.
func (f *fleet) hire(logs string, bin binaries) {
	env := f.environment()
	one := func(name, path string, env []string, args ...string) *process {
		return &process{name: name, path: path, args: args, env: env, log: filepath.Join(logs, name+".log")}
	}
	machine := []string{
		"--data", f.dir, "--log-level", "warn", "--no-demo", "--listen", fmt.Sprintf("127.0.0.1:%d", f.ports.api),
		"--pretend-time", afternoon, "--give-up-after", giveUpAfter,
		"--temporal-port", fmt.Sprint(f.ports.temporal), "--ui-port", fmt.Sprint(f.ports.ui),
	}
	f.temporal = one("temporal", bin.standalone, env, append([]string{"--only", "temporal"}, machine...)...)
	f.standalone = one("standalone", bin.standalone, []string{"TRACKLY_DATABASE_URL="}, append([]string{"--only", "temporal,api,worker"}, machine...)...)
	f.api = one("api", bin.trackly, env, "api")
	for i := range 4 {
		p := one(fmt.Sprintf("worker-%d", i+1), bin.trackly, env, "worker")
		if i < 2 {
			f.workers = append(f.workers, p)
		} else {
			f.extra = append(f.extra, p)
		}
	}
}

func (f *fleet) environment() []string {
	return []string{
		"TRACKLY_DATABASE_URL=" + f.databaseURL,
		"TRACKLY_TEMPORAL_ADDRESS=" + fmt.Sprintf("127.0.0.1:%d", f.ports.temporal),
		"TRACKLY_API_LISTEN=" + fmt.Sprintf("127.0.0.1:%d", f.ports.api),
		"TRACKLY_API_PUBLIC_URL=" + f.url(),
		"TRACKLY_API_TRUST_FORWARDED=true", // those who tap have addresses of their own
		"TRACKLY_KEYS_SEAL=" + f.keys["seal"],
		"TRACKLY_KEYS_LINKS=" + f.keys["links"],
		"TRACKLY_DELIVERY_REQUEST_TIMEOUT=2s",
		"TRACKLY_DELIVERY_SETTLE_AFTER=8s",
		"TRACKLY_DELIVERY_GIVE_UP_AFTER=" + giveUpAfter,
		"TRACKLY_DELIVERY_PRETEND_TIME=" + afternoon,
		"TRACKLY_LOG_LEVEL=warn",
		"TRACKLY_LOG_FORMAT=text",
	}
}

func (f *fleet) url() string { return fmt.Sprintf("http://127.0.0.1:%d", f.ports.api) }

// split runs each part in a process of its own.
func (f *fleet) split(ctx context.Context) error {
	for _, p := range append([]*process{f.temporal, f.api}, f.workers...) {
		if err := p.start(); err != nil {
			return err
		}
		if p == f.temporal {
			if err := f.awaitTemporal(ctx); err != nil {
				return err
			}
		}
	}
	return nil
}

// awaitTemporal waits for the port: the others would be started again and again
// meanwhile, and be counted as having ended by themselves.
func (f *fleet) awaitTemporal(ctx context.Context) error {
	return patiently(ctx, 2*time.Minute, 100*time.Millisecond, func(ctx context.Context) (bool, error) {
		var d net.Dialer
		conn, err := d.DialContext(ctx, "tcp", fmt.Sprintf("127.0.0.1:%d", f.ports.temporal))
		if err != nil {
			return false, err
		}
		return true, conn.Close()
	})
}

// together ends the single processes and runs everything in one.
func (f *fleet) together(ctx context.Context) error {
	if f.whole {
		return nil
	}
	f.endAll(syscall.SIGTERM)
	if err := f.postgres.Stop(ctx); err != nil {
		return err
	}
	f.postgres, f.whole = nil, true
	return f.standalone.start()
}

func (f *fleet) processes() []*process {
	return append(append([]*process{f.standalone, f.temporal, f.api}, f.workers...), f.extra...)
}

func (f *fleet) endAll(sig syscall.Signal) {
	for _, p := range append(append(append([]*process{f.standalone, f.api}, f.workers...), f.extra...), f.temporal) {
		p.end(sig)
	}
}

// exits is how often processes ended although nobody killed them.
func (f *fleet) exits() (n int) {
	for _, p := range f.processes() {
		n += p.exits()
	}
	return n
}

// close ends everything, also a Postgres that a killed standalone left behind.
func (f *fleet) close() {
	f.endAll(syscall.SIGKILL)
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	if f.postgres == nil {
		f.postgres, _ = startPostgres(ctx, f.dir) // to adopt it; one that cannot be adopted is gone
	}
	if f.postgres != nil {
		_ = f.postgres.Kill(ctx) // its data is thrown away next
	}
}

// freePorts chooses ports that nobody uses, all open at once so that no two are the same.
func freePorts(ctx context.Context, ports ...*int) error {
	for _, p := range ports {
		var lc net.ListenConfig
		l, err := lc.Listen(ctx, "tcp", "127.0.0.1:0")
		if err != nil {
			return err
		}
		defer func() { _ = l.Close() }()
		if a, ok := l.Addr().(*net.TCPAddr); ok {
			*p = a.Port
		}
	}
	return nil
}
