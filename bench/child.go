package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"time"

	"trackly/config"
)

// orders are what a child process is told on its standard input. They hold keys, so
// they are neither arguments nor environment.
type orders struct {
	DatabaseURL  string
	TemporalPort int
	UIPort       int
	Listen       string // what it serves
	Control      string // where the measurement speaks to it
	PublicURL    string
	Seal, Links  string
	Latency      time.Duration // of the sandbox's answers
	List         listing       // for the baselines
}

// listing is the list whose webhooks a baseline checks, and the offer whose postbacks.
type listing struct{ ID, Route, AccountID, SID, Token, Phone, Offer, Secret string }

const (
	batches     = 8
	concurrency = 64
	poolSize    = 40
)

// settings are those of the one-machine product.
func (o orders) settings() config.Config {
	return config.Config{
		Database: config.Database{URL: config.Secret(o.DatabaseURL), MaxConns: poolSize},
		Temporal: config.Temporal{Address: fmt.Sprintf("127.0.0.1:%d", o.TemporalPort), Namespace: "default"},
		API:      config.API{Listen: o.Listen, PublicURL: o.PublicURL, ImportLimit: 1 << 30},
		Worker:   config.Worker{Batches: batches},
		Delivery: config.Delivery{
			Concurrency: concurrency, RequestTimeout: requestTimeout, SettleAfter: 12 * time.Second, GiveUpAfter: time.Minute,
			PretendTime: noon,
		},
		Keys: config.Keys{Seal: config.Secret(o.Seal), Links: config.Secret(o.Links)},
		Log:  config.Log{Level: "warn", Format: "text"},
	}
}

const (
	requestTimeout = 5 * time.Second
	// noon keeps quiet hours open whenever somebody measures: everybody texted is in New
	// York.
	noon = "12:00 America/New_York"
)

// child is a process of this binary with another role.
type child struct {
	cmd     *exec.Cmd
	stdin   io.WriteCloser
	control string
}

// startChild returns when the child answers on its control address.
func startChild(ctx context.Context, role string, o orders) (*child, error) {
	o.Control = freeAddress()
	self, err := os.Executable()
	if err != nil {
		return nil, err
	}
	// Not CommandContext: a child ends in its own time when its input is closed.
	c := &child{cmd: exec.Command(self, "serve-"+role), control: o.Control} //nolint:gosec,noctx // see above
	c.cmd.Stderr = os.Stderr
	if c.stdin, err = c.cmd.StdinPipe(); err != nil {
		return nil, err
	}
	if err := c.cmd.Start(); err != nil {
		return nil, err
	}
	if err := json.NewEncoder(c.stdin).Encode(o); err != nil {
		return nil, err
	}
	for range 1200 {
		if _, err := c.ask(ctx, "/ready"); err == nil {
			return c, nil
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			break
		}
	}
	c.close()
	return nil, fmt.Errorf("the %s process does not answer", role)
}

// ask gets a path of the child's control address.
func (c *child) ask(ctx context.Context, path string) ([]byte, error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+c.control+path, nil)
	if err != nil {
		return nil, err
	}
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return nil, err
	}
	defer func() { _ = res.Body.Close() }()
	raw, err := io.ReadAll(res.Body)
	if err == nil && res.StatusCode != http.StatusOK {
		err = fmt.Errorf("%s answered %d: %s", path, res.StatusCode, raw)
	}
	return raw, err
}

func (c *child) close() {
	_ = c.stdin.Close()
	_ = c.cmd.Wait() // how it ended is on standard error
}

// serveChild plays the role it is given until its standard input ends: a child never
// outlives the measurement.
func serveChild(ctx context.Context, role string) error {
	in := bufio.NewReader(os.Stdin)
	var o orders
	raw, err := in.ReadBytes('\n')
	if err != nil {
		return err
	}
	if err := json.Unmarshal(raw, &o); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	go func() {
		_, _ = io.Copy(io.Discard, in)
		cancel()
	}()
	switch role {
	case "serve-product":
		return serveProduct(ctx, o)
	case "serve-sandbox":
		return serveSandbox(ctx, o)
	case "serve-baseline":
		return serveBaseline(ctx, o)
	}
	return fmt.Errorf("no process is called %q", role)
}

// freeAddress is one nobody listens on now.
func freeAddress() string {
	l, err := net.Listen("tcp", "127.0.0.1:0") //nolint:noctx // a moment's work
	if err != nil {
		return "127.0.0.1:0"
	}
	defer func() { _ = l.Close() }()
	return l.Addr().String()
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
