package main

import (
	"context"
	"fmt"
	"strings"
	"time"
)

// asks is how often each question is asked in a round: a count takes a tenth of a second,
// and one slow moment must not decide.
const asks = 3

// named puts the second list's id where a question asks for it.
func (p sliced) named(text string) string { return strings.ReplaceAll(text, "%s", string(p.second.ID)) }

// answered is what one question took, in ms.
type answered struct {
	question
	ours, hand float64
}

// audienceCount is the time to count an audience, for ten typical filters.
func audienceCount(ctx context.Context, m *machine) (Result, error) {
	p, err := m.sliced(ctx, m.size(1_000_000))
	if err != nil {
		return Result{}, err
	}
	all, err := m.askAll(ctx, p, asks*m.o.rounds, true)
	if err != nil {
		return Result{}, err
	}
	var r Result
	var worst, slowest answered
	for _, a := range all {
		r.OursAll, r.BaseAll = append(r.OursAll, a.ours), append(r.BaseAll, a.hand)
		if ratio := a.ours / a.hand; ratio > r.Ratio {
			r.Ratio, worst = ratio, a
		}
		if a.ours > slowest.ours {
			slowest = a
		}
	}
	r.Ours, r.Baseline, r.Unit, r.Want = slowest.ours, slowest.hand, "ms", "<= 1.3, none above 1000 ms"
	r.BaselineIs = fmt.Sprintf("the best SQL by hand for the same question about %d contacts; the ratio is the worst of ten filters (%s), ours and baseline are of the slowest (%s), the rounds are the ten",
		p.n, worst.name, slowest.name)
	return r, nil
}

// audienceGrowth is the time for all ten at ten times as many contacts.
func audienceGrowth(ctx context.Context, m *machine) (Result, error) {
	few, err := m.sliced(ctx, m.size(100_000))
	if err != nil {
		return Result{}, err
	}
	many, err := m.sliced(ctx, m.size(1_000_000))
	if err != nil {
		return Result{}, err
	}
	sum := func(p sliced) func(context.Context) (float64, error) {
		return func(ctx context.Context) (total float64, err error) {
			all, err := m.askAll(ctx, p, asks, false)
			for _, a := range all {
				total += a.ours
			}
			return total, err
		}
	}
	r, err := alternate(ctx, m.o.rounds, sum(many), sum(few))
	r.Unit, r.Want = "ms for ten counts", "<= 13"
	r.BaselineIs = fmt.Sprintf("the same ten counts in an account of %d contacts instead of %d, in the same tables", few.n, many.n)
	return r, err
}

// sliced gives an account of n contacts, made once a run.
func (m *machine) sliced(ctx context.Context, n int) (sliced, error) {
	if p, ok := m.slices[n]; ok {
		return p, nil
	}
	p, err := m.slice(ctx, n, fmt.Sprint(301+len(m.slices)))
	if m.slices == nil {
		m.slices = map[int]sliced{}
	}
	m.slices[n] = p
	return p, err
}

// askAll gives the medians of every question, asked in turn with its SQL by hand.
func (m *machine) askAll(ctx context.Context, p sliced, times int, hand bool) ([]answered, error) {
	var out []answered
	for _, q := range questions() {
		a := answered{question: q}
		var ours, byHand []float64
		for range times {
			n, took, err := m.ask(ctx, p, q)
			if err != nil {
				return out, fmt.Errorf("%s: %w", q.name, err)
			}
			ours = append(ours, took)
			if !hand {
				continue
			}
			same, took, err := m.askByHand(ctx, p, q)
			if err != nil {
				return out, fmt.Errorf("%s by hand: %w", q.name, err)
			}
			// The clock goes on between the two, so that "lately" may move by a few.
			if d := same - n; d > 10 || d < -10 || n == 0 {
				return out, fmt.Errorf("%s: %d, and by hand %d", q.name, n, same)
			}
			byHand = append(byHand, took)
		}
		if a.ours = median(ours); hand {
			a.hand = median(byHand)
		}
		out = append(out, a)
	}
	return out, nil
}

func (m *machine) ask(ctx context.Context, p sliced, q question) (int64, float64, error) {
	asked, err := q.asked(p)
	if err != nil {
		return 0, 0, err
	}
	began := time.Now()
	n, err := m.app.Store.AudienceCount(ctx, asked)
	return n, inMS(time.Since(began)), err
}

func (m *machine) askByHand(ctx context.Context, p sliced, q question) (n int64, took float64, err error) {
	began := time.Now()
	err = m.pool.QueryRow(ctx, q.byHand(p)).Scan(&n)
	return n, inMS(time.Since(began)), err
}

func inMS(d time.Duration) float64 { return float64(d.Microseconds()) / 1000 }
