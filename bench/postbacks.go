package main

import (
	"context"
	"fmt"
	"time"

	"github.com/google/uuid"
	"github.com/jackc/pgx/v5"

	"trackly/bench/load"
	"trackly/models"
)

// postbacks is conversions a second, each durable, credited and counted before its answer.
func postbacks(ctx context.Context, m *machine) (r Result, err error) {
	p, clicks, err := m.tapped(ctx)
	if err != nil {
		return r, err
	}
	err = m.withBaseline(ctx, p, func(naive string) error {
		ours := func(ctx context.Context, clicks []string) (float64, error) {
			return m.convert(ctx, p, m.orders.PublicURL, clicks, models.Credited)
		}
		baseline := func(ctx context.Context, clicks []string) (float64, error) {
			return m.convert(ctx, p, naive, clicks, models.Unmatched)
		}
		for _, side := range []func(context.Context, []string) (float64, error){ours, baseline} { // not measured
			if _, err := side(ctx, clicks[:len(clicks)/10]); err != nil {
				return err
			}
		}
		r, err = alternate(ctx, m.o.rounds,
			func(ctx context.Context) (rate float64, err error) {
				err = m.profiled(ctx, "postbacks", func() error {
					rate, err = ours(ctx, clicks)
					return err
				})
				return rate, err
			},
			func(ctx context.Context) (float64, error) { return baseline(ctx, clicks) })
		return err
	})
	r.Unit, r.Want = "conversions/s", ">= 3"
	r.BaselineIs = fmt.Sprintf("a plain echo handler in a process of its own: one INSERT a conversion, each its own transaction, a pool of %d, "+
		"credited to nobody, nothing for reports; ours finds the click and message that earned it, keeps totals, the offer's day and reports; "+
		"both with %d connections, %d transactions of as many clicks, the same load generator and Postgres with fsync on", poolSize, connections, len(clicks))
	return r, err
}

// tapped makes people who were texted and have tapped the link, and gives their clicks.
func (m *machine) tapped(ctx context.Context) (people, []string, error) {
	p, requests, err := m.phones(ctx)
	if err != nil {
		return p, nil, err
	}
	began := time.Now()
	if _, err := m.click(ctx, m.orders.PublicURL, requests); err != nil {
		return p, nil, err
	}
	if _, err := m.pool.Exec(ctx, "VACUUM ANALYZE clicks, totals"); err != nil {
		return p, nil, err
	}
	rows, err := m.pool.Query(ctx, `SELECT id::text FROM clicks WHERE offer_id = $1 AND verdict = 'human' AND at >= $2 ORDER BY id`, p.offer, began)
	if err != nil {
		return p, nil, err
	}
	clicks, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err == nil && len(clicks) != len(requests) {
		err = fmt.Errorf("%d taps left %d clicks by people", len(requests), len(clicks))
	}
	return p, clicks, err
}

// convert gives conversions a second, and counts the rows they must have left: one of a new
// transaction for each click.
func (m *machine) convert(ctx context.Context, p people, publicURL string, clicks []string, state models.ConversionState) (float64, error) {
	name := uuid.NewString()
	requests := make([][]byte, len(clicks))
	for i, click := range clicks {
		requests[i] = get(fmt.Sprintf("/postback/%s?click_id=%s&transaction_id=%s-%06d&amount=12.50&event=sale", p.secret, click, name, i))
	}
	took, err := load.Target{Address: host(publicURL), Status: 200}.Closed(ctx, connections, requests)
	if err != nil {
		return 0, err
	}
	n, err := m.count(ctx, "SELECT count(DISTINCT click_id) FROM conversions WHERE offer_id = $1 AND transaction_id LIKE $2 AND state = $3",
		p.offer, name+"-%", state)
	if err == nil && n != int64(len(clicks)) {
		err = fmt.Errorf("%d postbacks left %d conversions that are %s", len(clicks), n, state)
	}
	return float64(len(clicks)) / took.Seconds(), err
}
