package main

import (
	"context"
	"encoding/json"
	"net/http"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"trackly/internal/provider/sandbox"
)

// seen says how many texts the sandbox has accepted, -1 while some of them are not answered,
// and when it answered last.
type seen struct{ Texts, Last int64 }

// watched knows when a sandbox answered last, and whether it has answered everybody.
type watched struct {
	http.Handler
	air, last atomic.Int64
}

// ServeHTTP implements http.Handler.
func (w *watched) ServeHTTP(rw http.ResponseWriter, r *http.Request) {
	w.air.Add(1)
	w.Handler.ServeHTTP(rw, r)
	if r.Method == http.MethodPost {
		w.last.Store(time.Now().UnixNano())
	}
	w.air.Add(-1)
}

// serveSandbox is the provider, which keeps its status callbacks to itself.
func serveSandbox(ctx context.Context, o orders) error {
	ms := int(o.Latency.Milliseconds())
	s, err := sandbox.New(sandbox.Options{
		Seed: 1, Callbacks: sandbox.Callbacks{Hold: true}, Faults: sandbox.Faults{Latency: sandbox.Spell{Percent: 100, MinMS: ms, MaxMS: ms}},
	})
	if err != nil {
		return err
	}
	s.Start(ctx)
	w := &watched{Handler: s.Handler()}
	c := control(func(context.Context) error { return nil })
	c.HandleFunc("GET /seen", func(rw http.ResponseWriter, _ *http.Request) {
		n := int64(s.Count())
		if w.air.Load() > 0 {
			n = -1 // what was accepted is not answered yet
		}
		_ = json.NewEncoder(rw).Encode(seen{Texts: n, Last: w.last.Load()})
	})
	var g errgroup.Group
	g.Go(func() error { return serve(ctx, o.Listen, w) })
	g.Go(func() error { return serve(ctx, o.Control, c) })
	err = g.Wait()
	_ = s.Close()
	return err
}

// awaitTexts waits until the sandbox has answered for n texts, and says when that was.
func (c *child) awaitTexts(ctx context.Context, n int64) (time.Time, error) {
	for {
		raw, err := c.ask(ctx, "/seen")
		if err != nil {
			return time.Time{}, err
		}
		var s seen
		if err := json.Unmarshal(raw, &s); err != nil || s.Texts >= n {
			return time.Unix(0, s.Last), err
		}
		if err := pause(ctx, 10*time.Millisecond); err != nil {
			return time.Time{}, err
		}
	}
}
