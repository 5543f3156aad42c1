package main

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"os"
	"slices"
	"strings"
	"time"

	"github.com/spf13/pflag"
)

// The parts of the product that this process can be.
const (
	partTemporal = "temporal"
	partSandbox  = "sandbox"
	partAPI      = "api"
	partWorker   = "worker"
)

// options are what the command line says.
type options struct {
	data         string
	listen       string
	publicURL    string
	sandbox      string
	temporalPort int
	uiPort       int
	noDemo       bool
	contacts     int
	only         []string
	databaseURL  string
	logLevel     string
	pretendTime  string
	giveUpAfter  time.Duration
}

func (o *options) flags(f *pflag.FlagSet) {
	f.StringVar(&o.data, "data", "data", "folder for everything that must survive a restart")
	f.StringVar(&o.listen, "listen", "127.0.0.1:8080", "where the API, webhooks and short links answer")
	f.StringVar(&o.publicURL, "public-url", "", "URL under which phones and providers reach --listen (default http://<listen>)")
	f.StringVar(&o.sandbox, "sandbox", "127.0.0.1:8090", "where the sandbox provider and its phones answer")
	f.IntVar(&o.temporalPort, "temporal-port", 7233, "port of the Temporal server")
	f.IntVar(&o.uiPort, "ui-port", 8233, "port of the Temporal web UI")
	f.BoolVar(&o.noDemo, "no-demo", false, "start clean: no demo account, no demo campaign")
	f.IntVar(&o.contacts, "contacts", 0, "contacts of the demo; 0: the shipped file of 10,000 rows")
	f.StringVar(&o.pretendTime, "pretend-time", "12:00 America/New_York", "time of day that quiet hours take for now towards the sandbox provider, whose phones nobody holds; empty: the real time")
	f.DurationVar(&o.giveUpAfter, "give-up-after", time.Hour, "age at which a campaign ends without a callback that only its provider could make")
	f.StringSliceVar(&o.only, "only", nil, "run only these parts: temporal, sandbox, api, worker (default all)")
	f.StringVar(&o.logLevel, "log-level", "warn", "debug, info, warn or error")
	o.databaseURL = os.Getenv("TRACKLY_DATABASE_URL")
}

func (o *options) check(ctx context.Context) error {
	parts := []string{partTemporal, partSandbox, partAPI, partWorker}
	for _, p := range o.only {
		if !slices.Contains(parts, p) {
			return fmt.Errorf("--only %q: there are %s", p, strings.Join(parts, ", "))
		}
	}
	if len(o.only) == 0 {
		o.only = parts
	}
	if o.publicURL == "" {
		o.publicURL = "http://" + o.listen
	}
	var lc net.ListenConfig
	for flag, address := range o.addresses() {
		l, err := lc.Listen(ctx, "tcp", address)
		if err != nil {
			return fmt.Errorf("%s is taken: is the product running already? Stop it, or choose another with --%s", address, flag)
		}
		_ = l.Close()
	}
	return nil
}

// addresses are what this process will listen on, by the flag that sets them.
func (o *options) addresses() map[string]string {
	a := map[string]string{}
	if o.has(partAPI) {
		a["listen"] = o.listen
	}
	if o.has(partSandbox) {
		a["sandbox"] = o.sandbox
	}
	if o.has(partTemporal) {
		a["temporal-port"] = fmt.Sprintf("127.0.0.1:%d", o.temporalPort)
		a["ui-port"] = fmt.Sprintf("127.0.0.1:%d", o.uiPort)
	}
	return a
}

func (o *options) has(part string) bool { return slices.Contains(o.only, part) }

// local reports whether nobody else can reach the API: then what stands in
// X-Forwarded-For comes from the sandbox's people, whose addresses differ there.
func (o *options) local() bool {
	host, _, err := net.SplitHostPort(o.listen)
	if err != nil {
		return false
	}
	a, err := netip.ParseAddr(host)
	return err == nil && a.IsLoopback()
}

func (o *options) sandboxURL() string { return "http://" + o.sandbox }
