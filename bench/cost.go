package main

import (
	"context"
	"fmt"
	"time"
)

// costPerMessage is what one message costs all parties but the provider, in a campaign
// of 50,000 and of 10,000: the share of the engine and of the tables must not grow.
func costPerMessage(ctx context.Context, m *machine) (Result, error) {
	many, err := m.crowd(ctx, "twilio", m.size(50_000))
	if err != nil {
		return Result{}, err
	}
	few, err := m.crowd(ctx, "twilio", m.size(10_000))
	if err != nil {
		return Result{}, err
	}
	if err := m.warmUp(ctx); err != nil {
		return Result{}, err
	}
	r, err := alternate(ctx, m.o.rounds,
		func(ctx context.Context) (float64, error) { return m.spend(ctx, many) },
		func(ctx context.Context) (float64, error) { return m.spend(ctx, few) })
	r.Unit, r.Want = "us CPU/message", "<= 1.2"
	r.BaselineIs = fmt.Sprintf("the same at %d messages instead of %d: processor time of product with Temporal, and of Postgres, from launch to the end of the campaign",
		few.n, many.n)
	return r, err
}

// spend gives microseconds of processor time a message.
func (m *machine) spend(ctx context.Context, p people) (float64, error) {
	before, err := m.processorTime()
	if err != nil {
		return 0, err
	}
	if _, err := m.sendCampaign(ctx, p); err != nil {
		return 0, err
	}
	after, err := m.processorTime()
	return float64((after - before).Microseconds()) / float64(p.n), err
}

// processorTime is what product and Postgres have used so far.
func (m *machine) processorTime() (time.Duration, error) {
	return processorTime(m.product.cmd.Process.Pid, m.postgres.Dir())
}
