package config

import (
	"errors"
	"net"
	"net/url"
	"strings"
	"time"
)

// Database says where Postgres is.
type Database struct {
	URL      Secret // postgres://user:password@host:port/name
	MaxConns int32  `mapstructure:"max_conns"` // connections of this process
}

func (d Database) check() (errs []error) {
	u, err := url.Parse(d.URL.Reveal())
	if err != nil || (u.Scheme != "postgres" && u.Scheme != "postgresql") || u.Host == "" {
		errs = append(errs, wrong("database.url", "must look like postgres://user:password@host:5432/name"))
	}
	if d.MaxConns < 4 || d.MaxConns > 1000 {
		errs = append(errs, wrong("database.max_conns", "is %d, want 4 to 1000", d.MaxConns))
	}
	return errs
}

// Temporal says where the workflow engine is.
type Temporal struct {
	Address   string
	Namespace string
	TLS       bool
	TLSCert   string `mapstructure:"tls_cert"` // client certificate, PEM file
	TLSKey    string `mapstructure:"tls_key"`
}

func (t Temporal) check() (errs []error) {
	if _, _, err := net.SplitHostPort(t.Address); err != nil {
		errs = append(errs, wrong("temporal.address", "must look like host:7233"))
	}
	if t.Namespace == "" {
		errs = append(errs, wrong("temporal.namespace", "is empty"))
	}
	if (t.TLSCert == "") != (t.TLSKey == "") {
		errs = append(errs, wrong("temporal.tls_cert", "and temporal.tls_key belong together"))
	}
	return errs
}

// API sets the HTTP server.
type API struct {
	Listen         string
	PublicURL      string `mapstructure:"public_url"`      // what providers and phones call; signatures are checked against it
	TrustForwarded bool   `mapstructure:"trust_forwarded"` // believe X-Forwarded-For: only behind a proxy of yours
	ImportLimit    int64  `mapstructure:"import_limit"`    // bytes of a contact file
}

func (a API) check() (errs []error) {
	if _, _, err := net.SplitHostPort(a.Listen); err != nil {
		errs = append(errs, wrong("api.listen", "must look like 127.0.0.1:8080"))
	}
	u, err := url.Parse(a.PublicURL)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || strings.HasSuffix(a.PublicURL, "/") {
		errs = append(errs, wrong("api.public_url", "must be an http or https URL without a final slash"))
	}
	if a.ImportLimit < 1 {
		errs = append(errs, wrong("api.import_limit", "must be at least 1 byte"))
	}
	return errs
}

// Worker sets how much a worker process does at once.
type Worker struct {
	Batches       int    // batches on their way at once
	MetricsListen string `mapstructure:"metrics_listen"` // where /metrics and /healthz answer; empty: nowhere
}

func (w Worker) check() (errs []error) {
	if w.Batches < 1 || w.Batches > 256 {
		errs = append(errs, wrong("worker.batches", "is %d, want 1 to 256", w.Batches))
	}
	if w.MetricsListen != "" {
		if _, _, err := net.SplitHostPort(w.MetricsListen); err != nil {
			errs = append(errs, wrong("worker.metrics_listen", "must look like 127.0.0.1:9090"))
		}
	}
	return errs
}

// Delivery sets how texts are handed over.
type Delivery struct {
	Concurrency    int           // texts in the air at once
	RequestTimeout time.Duration `mapstructure:"request_timeout"` // longest life of a request to a provider
	SettleAfter    time.Duration `mapstructure:"settle_after"`    // age at which an unknown message is asked after
	GiveUpAfter    time.Duration `mapstructure:"give_up_after"`   // age at which a campaign ends without a callback that only its provider could make
	// PretendTime is the time of day that quiet hours take for now when the process
	// starts, such as "12:00 America/New_York": for demonstrations. Only a provider on this
	// machine is sent to then.
	PretendTime string `mapstructure:"pretend_time"`
}

// Ahead is how far the pretended clock is ahead of the real one; 0 when it shows the real
// time.
func (d Delivery) Ahead(now time.Time) (time.Duration, error) {
	if d.PretendTime == "" {
		return 0, nil
	}
	clock, zone, _ := strings.Cut(d.PretendTime, " ")
	at, err := time.Parse("15:04", clock)
	if err != nil {
		return 0, err
	}
	where, err := time.LoadLocation(zone)
	if err != nil || zone == "" {
		return 0, errors.New("no such zone")
	}
	// A weekday: on a Sunday some states have no hours at all.
	y, m, day := now.In(where).Date()
	pretended := time.Date(y, m, day, at.Hour(), at.Minute(), 0, 0, where)
	for pretended.Weekday() == time.Saturday || pretended.Weekday() == time.Sunday {
		pretended = pretended.AddDate(0, 0, 1)
	}
	return pretended.Sub(now), nil
}

// settleMargin is what must lie between the longest life of a request and the question
// whether the provider has it: else "not found" is no proof.
const settleMargin = 5 * time.Second

func (d Delivery) check() (errs []error) {
	if d.Concurrency < 1 || d.Concurrency > 4096 {
		errs = append(errs, wrong("delivery.concurrency", "is %d, want 1 to 4096", d.Concurrency))
	}
	if d.RequestTimeout < 100*time.Millisecond || d.RequestTimeout > 15*time.Second {
		errs = append(errs, wrong("delivery.request_timeout", "is %s, want 100ms to 15s", d.RequestTimeout))
	}
	if d.SettleAfter < d.RequestTimeout+settleMargin {
		errs = append(errs, wrong("delivery.settle_after", "is %s, want at least delivery.request_timeout and 5s", d.SettleAfter))
	}
	if d.GiveUpAfter < d.SettleAfter {
		errs = append(errs, wrong("delivery.give_up_after", "is %s, want at least delivery.settle_after", d.GiveUpAfter))
	}
	if _, err := d.Ahead(time.Unix(0, 0)); err != nil {
		errs = append(errs, wrong("delivery.pretend_time", "must look like 12:00 America/New_York"))
	}
	return errs
}
