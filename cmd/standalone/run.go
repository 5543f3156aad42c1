package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"time"

	"trackly/cmd/standalone/demo"
	"trackly/config"
	"trackly/internal/app"
	"trackly/models"
)

// run opens the machine, says where everything is, plays the demo on empty data and
// stays up until the context ends.
func run(ctx context.Context, o options, out, errs io.Writer) error {
	began := time.Now()
	m, err := openMachine(ctx, o, app.NewLogger(errs, config.Log{Level: o.logLevel, Format: "text"}))
	if err != nil {
		return err
	}
	err = m.play(ctx, out, began)
	m.close()
	_, _ = fmt.Fprintln(out, "stopped; the next start goes on from here")
	return err
}

// play runs this process's parts until the context ends or one of them fails.
func (m *machine) play(ctx context.Context, out io.Writer, began time.Time) error {
	box, err := m.openSandbox() //nolint:contextcheck // its end comes when ctx has ended
	if err != nil {
		return err
	}
	parts := []func(context.Context) error{idle}
	if box != nil {
		parts = append(parts, box.serve)
	}
	if m.o.has(partAPI) {
		parts = append(parts, m.app.Serve)
	}
	if m.o.has(partWorker) {
		parts = append(parts, m.app.Work)
	}
	if m.o.has(partAPI) {
		parts = append(parts, func(ctx context.Context) error { return m.welcome(ctx, box, out, began) })
	} else {
		m.addresses(out, began)
	}
	return m.serve(ctx, parts...)
}

func idle(ctx context.Context) error {
	<-ctx.Done()
	return nil
}

// welcome waits until the product answers, says where it is, and then plays the demo or
// tells what is being continued.
func (m *machine) welcome(ctx context.Context, box *sandboxPart, out io.Writer, began time.Time) error {
	if err := m.awaitReady(ctx); err != nil {
		return err
	}
	accounts, err := m.app.Store.Accounts(ctx)
	if err != nil {
		return err
	}
	if box != nil {
		if err := m.connectNumbers(ctx, box); err != nil {
			return err
		}
	}
	m.addresses(out, began)
	switch {
	case accounts > 0:
		err = m.continued(ctx, out)
	case m.o.noDemo || box == nil:
		err = m.firstAccount(ctx, out)
	default:
		err = demo.Play(ctx, demo.World{
			Store: m.app.Store, Sandbox: box.sandbox, API: m.o.publicURL, Provider: m.o.sandboxURL(),
			Out: out, Contacts: m.o.contacts, Data: m.o.data,
		})
	}
	if err != nil && ctx.Err() == nil {
		return err
	}
	_, _ = fmt.Fprintln(out, "\nStaying up. Ctrl-C stops everything; the next start goes on from here.")
	return idle(ctx)
}

// firstAccount makes an account on empty data: without a key nobody could do anything.
func (m *machine) firstAccount(ctx context.Context, out io.Writer) error {
	account, owner, err := models.NewAccount("My account", "Owner", "owner@localhost.example")
	if err != nil {
		return err
	}
	key, text := models.NewAPIKey(account.ID, "first key")
	if err := m.app.Store.AddAccount(ctx, account, owner, key); err != nil {
		return err
	}
	_, _ = fmt.Fprintf(out, "\nAccount %q, empty.\n  API key  %s   (shown only now)\n", account.Name, text)
	return nil
}

const readyTimeout = 30 * time.Second

func (m *machine) awaitReady(ctx context.Context) error {
	ctx, cancel := context.WithTimeout(ctx, readyTimeout)
	defer cancel()
	for {
		req, err := http.NewRequestWithContext(ctx, http.MethodGet, "http://"+m.o.listen+"/readyz", nil)
		if err != nil {
			return err
		}
		res, err := http.DefaultClient.Do(req)
		if err == nil {
			_ = res.Body.Close()
			if res.StatusCode == http.StatusOK {
				return nil
			}
		}
		select {
		case <-ctx.Done():
			return fmt.Errorf("the API does not become ready: %w", ctx.Err())
		case <-time.After(20 * time.Millisecond):
		}
	}
}

// continued tells which campaigns go on where the last stop left them.
func (m *machine) continued(ctx context.Context, out io.Writer) error {
	rows, err := m.app.Store.UnfinishedCampaigns(ctx, time.Now(), 20)
	if err != nil || len(rows) == 0 {
		return err
	}
	_, _ = fmt.Fprintln(out, "\nGoing on where the last stop left:")
	for _, c := range rows {
		p, err := m.app.Store.Progress(ctx, c.Source())
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintf(out, "  campaign %q: %s, %d of %d sent\n", c.Name, c.State, p.Sent, p.Planned)
	}
	return nil
}

func (m *machine) addresses(out io.Writer, began time.Time) {
	line := func(what, where string) { _, _ = fmt.Fprintf(out, "  %-13s %s\n", what, where) }
	_, _ = fmt.Fprintf(out, "Trackly is up after %.1f s.\n", time.Since(began).Seconds())
	if m.o.has(partAPI) {
		line("API", m.o.publicURL+"/docs")
	}
	if m.temporal != nil {
		line("Temporal UI", m.temporal.UIURL())
	}
	if m.o.has(partSandbox) {
		line("Phones", m.o.sandboxURL()+"   (the sandbox provider: read texts, tap links, answer)")
	}
	if m.postgres != nil {
		line("Data", m.o.data)
	}
}
