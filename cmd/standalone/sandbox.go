package main

import (
	"context"
	"errors"
	"fmt"
	"net/http"
	"path/filepath"
	"strings"
	"time"

	"trackly/internal/provider/sandbox"
)

// sandboxPart is the provider that stands in for a real one.
type sandboxPart struct {
	sandbox *sandbox.Sandbox
	listen  string
}

func (m *machine) openSandbox() (*sandboxPart, error) {
	if !m.o.has(partSandbox) {
		return nil, nil
	}
	s, err := sandbox.New(sandbox.Options{
		Seed:    1,
		Journal: filepath.Join(m.o.data, "sandbox.journal"),
		Log:     m.log,
		Faults: sandbox.Faults{
			Codes:    []sandbox.CodeShare{{Code: 21614, Percent: 0.6}, {Code: 21610, Percent: 0.3}},
			Refusals: []sandbox.RefusalShare{{Class: sandbox.BadNumber, Percent: 0.6}, {Class: sandbox.OptedOut, Percent: 0.3}},
		},
		People: sandbox.People{
			On: true, Workers: 32, Click: temptation, StopPercent: 1.5, OtherPercent: 1,
			StopTexts:  []string{"STOP", "stop", "Unsubscribe", "STOP.", "st0p", "stop texting me", "take me off your list"},
			OtherTexts: []string{"who is this?", "thanks", "ok", "Is this still on?", "don't stop", "not interested", "can I unsubscribe later?"},
			Bots: []sandbox.BotShare{
				{Kind: sandbox.AppleMessages, Percent: 3},
				{Kind: sandbox.GoogleMessages, Percent: 2},
				{Kind: sandbox.WhatsApp, Percent: 0.5},
				{Kind: sandbox.HeadScanner, Percent: 1},
				{Kind: sandbox.BrowserScanner, Percent: 2},
			},
			ShopBase: m.o.sandboxURL(),
		},
	})
	if err != nil {
		return nil, err
	}
	m.undo = append(m.undo, func() { m.quietly("sandbox", func(context.Context) error { return s.Close() }) })
	return &sandboxPart{sandbox: s, listen: m.o.sandbox}, nil
}

// temptation is the share of simulated people who tap a text's link: a question that
// calls them by name tempts more of them.
func temptation(body string) float64 {
	if strings.Contains(body, "?") {
		return 11
	}
	return 7
}

func (p *sandboxPart) serve(ctx context.Context) error {
	p.sandbox.Start(ctx)
	srv := &http.Server{Addr: p.listen, Handler: p.sandbox.Handler(), ReadHeaderTimeout: 10 * time.Second}
	ended := make(chan error, 1)
	go func() { ended <- srv.ListenAndServe() }()
	select {
	case err := <-ended:
		return fmt.Errorf("the sandbox provider ended: %w", err)
	case <-ctx.Done():
	}
	// Workers still hand over their last texts while they drain: it closes after them.
	grace, cancel := context.WithTimeout(context.WithoutCancel(ctx), time.Second)
	defer cancel()
	if err := srv.Shutdown(grace); err != nil && !errors.Is(err, context.DeadlineExceeded) {
		return err
	}
	return nil
}

// connectNumbers tells the sandbox where the numbers of its lists get their inbound
// texts, as one tells a real provider in its console. It forgets that when it stops.
func (m *machine) connectNumbers(ctx context.Context, p *sandboxPart) error {
	routes, err := m.app.Store.RoutesAt(ctx, m.o.sandboxURL())
	if err != nil {
		return err
	}
	for _, r := range routes {
		_, _, creds, err := m.app.Store.WebhookRoute(ctx, r.ID)
		if err != nil {
			return err
		}
		err = p.sandbox.Register(sandbox.Number{
			Phone: r.Phone, Provider: r.Provider, AccountSID: r.SID, Token: creds.Token,
			InboundURL: m.app.Door.InboundURL(r), StatusURL: m.app.Door.StatusURL(r),
		})
		if err != nil {
			return err
		}
	}
	return nil
}
