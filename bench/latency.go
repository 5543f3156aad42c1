package main

import (
	"context"
	"time"

	"trackly/bench/load"
)

const (
	clickRate    = 500
	clickSeconds = 8
	openConns    = 64
	allowedP99   = 10.0 // milliseconds
)

// redirectLatency is what a durable click adds to the 99th percentile of a redirect, at
// a steady 500 a second that does not wait for answers.
func redirectLatency(ctx context.Context, m *machine) (r Result, err error) {
	p, requests, err := m.phones(ctx)
	if err != nil {
		return r, err
	}
	requests = requests[:min(len(requests), clickRate*clickSeconds)]
	bare := make([][]byte, len(requests))
	for i := range bare {
		bare[i] = get("/bare/abc1234")
	}
	err = m.withBaseline(ctx, p, func(naive string) error {
		r, err = alternate(ctx, m.o.rounds,
			func(ctx context.Context) (float64, error) { return p99(ctx, m.orders.PublicURL, requests) },
			func(ctx context.Context) (float64, error) { return p99(ctx, naive, bare) })
		return err
	})
	for i := range r.OursAll {
		r.OursAll[i] -= r.BaseAll[i]
	}
	if err == nil {
		r.Ours = median(r.OursAll)
		r.Ratio = r.Ours / allowedP99
	}
	r.Unit, r.Want = "ms", "< 1"
	r.BaselineIs = "the 99th percentile of an echo handler that redirects without a database; ours is what is added to it, at 500 clicks a second in an open loop; ratio is of the 10 ms allowed"
	return r, err
}

// p99 gives milliseconds.
func p99(ctx context.Context, publicURL string, requests [][]byte) (float64, error) {
	took, err := load.Target{Address: host(publicURL), Status: 302}.Open(ctx, openConns, clickRate, requests)
	if err != nil {
		return 0, err
	}
	return float64(took[len(took)*99/100].Microseconds()) / float64(time.Millisecond/time.Microsecond), nil
}
