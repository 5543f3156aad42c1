package main

import (
	"context"
	"fmt"
	"time"
)

// campaign is messages a second from launch to the last acceptance, with the audience
// frozen inside that time.
func campaign(ctx context.Context, m *machine) (Result, error) {
	p, err := m.crowd(ctx, "twilio", m.size(50_000))
	if err != nil {
		return Result{}, err
	}
	if err := m.warmUp(ctx); err != nil {
		return Result{}, err
	}
	r, err := alternate(ctx, m.o.rounds,
		func(ctx context.Context) (float64, error) { return m.sendCampaign(ctx, p) },
		func(ctx context.Context) (float64, error) { return m.sendBare(ctx, p) })
	r.Unit, r.Want = "messages/s", ">= 0.4, aim 0.6"
	r.BaselineIs = fmt.Sprintf("a bare Go loop, %d at a time, posting %d of the same requests to the same sandbox process with the same http.Client; "+
		"no database, no engine, answers thrown away; status callbacks held back in both", concurrency, p.n)
	return r, err
}

// warmUp sends a small campaign, so that no figure pays for the first use of anything.
func (m *machine) warmUp(ctx context.Context) error {
	p, err := m.crowd(ctx, "twilio", 2000)
	if err != nil {
		return err
	}
	for range 2 {
		if _, err := m.sendCampaign(ctx, p); err != nil {
			return err
		}
	}
	return nil
}

// sendCampaign gives messages a second.
func (m *machine) sendCampaign(ctx context.Context, p people) (float64, error) {
	var took time.Duration
	err := m.withSandbox(ctx, func(box *child) error {
		c, err := m.draft(ctx, p)
		if err != nil {
			return err
		}
		return m.profiled(ctx, fmt.Sprintf("campaign-%s-%d", p.route().Provider, p.n), func() error {
			began := time.Now()
			if err := m.launch(ctx, c); err != nil {
				return err
			}
			last, err := box.awaitTexts(ctx, int64(p.n))
			if err != nil {
				return err
			}
			took = last.Sub(began)
			return m.awaitSent(ctx, c, p.n)
		})
	})
	return float64(p.n) / took.Seconds(), err
}
