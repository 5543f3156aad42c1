package main

import (
	"context"
	"fmt"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"trackly/internal/provider"
	"trackly/models"
)

// batchSizes are the texts a bare loop puts into one request.
var batchSizes = map[string]int{"infobip": 500, "cm": 1000}

// answerTime is what a request of hundreds of texts takes over the internet, or more. The
// sandbox answers in a few milliseconds, which no provider does.
const answerTime = 200 * time.Millisecond

// batchProvider is messages a second through a provider that takes many texts a request,
// and so long to answer.
func batchProvider(name string, latency time.Duration) func(ctx context.Context, m *machine) (Result, error) {
	return func(ctx context.Context, m *machine) (Result, error) {
		m.latency = latency
		defer func() { m.latency = 0 }()
		p, err := m.crowd(ctx, name, m.size(50_000))
		if err != nil {
			return Result{}, err
		}
		for range 2 { // not measured
			if _, err := m.sendCampaign(ctx, p); err != nil {
				return Result{}, err
			}
		}
		r, err := alternate(ctx, m.o.rounds,
			func(ctx context.Context) (float64, error) { return m.sendCampaign(ctx, p) },
			func(ctx context.Context) (float64, error) { return m.sendBareBatches(ctx, p) })
		r.Unit, r.Want = "messages/s", ">= 0.5"
		r.BaselineIs = fmt.Sprintf("a bare Go loop, %d requests at a time, posting %d of the same texts, %d a request, to the same sandbox process "+
			"through the same adapter; no database, no engine, answers read and thrown away; status callbacks held back in both; "+
			"the sandbox waits %s before it answers", batches, p.n, batchSizes[name], latency)
		return r, err
	}
}

// sendBareBatches posts what a campaign posts, and does nothing else. It gives messages a
// second.
func (m *machine) sendBareBatches(ctx context.Context, p people) (float64, error) {
	route := p.route()
	dialer, err := m.app.Providers.Dialer(route.Provider)
	if err != nil {
		return 0, err
	}
	to := dialer.Dial(m.app.Door.AccountOf(route, models.Credentials{Token: token}))
	size := batchSizes[route.Provider]
	var took time.Duration
	err = m.withSandbox(ctx, func(box *child) error {
		var g errgroup.Group
		var next atomic.Int64
		began := time.Now()
		for range batches {
			g.Go(func() error {
				for {
					first := int(next.Add(int64(size))) - size
					if first >= p.n {
						return nil
					}
					if err := m.postBatch(ctx, to, first, min(first+size, p.n)); err != nil {
						return err
					}
				}
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
		last, err := box.awaitTexts(ctx, int64(p.n))
		took = last.Sub(began)
		return err
	})
	return float64(p.n) / took.Seconds(), err
}

// postBatch hands over the texts from first up to end in one request.
func (m *machine) postBatch(ctx context.Context, to provider.Sender, first, end int) error {
	outs := make([]provider.Outgoing, 0, end-first)
	for n := first; n < end; n++ {
		outs = append(outs, provider.Outgoing{MessageID: int64(n + 1), To: fmt.Sprintf("+1212%07d", 2000001+n), Body: m.body(int64(n))})
	}
	for _, a := range to.Send(ctx, outs) {
		if !a.Accepted() {
			return fmt.Errorf("the sandbox did not take a text: %s %s", a.Class, a.Code)
		}
	}
	return nil
}
