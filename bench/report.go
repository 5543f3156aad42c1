package main

import (
	"context"
	"fmt"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

const (
	// reportDays is how far the report goes back.
	reportDays = 30
	// batchesUnderWay have changed since they were last folded, as while a campaign sends.
	batchesUnderWay = 20
)

// report is the time of a report of 30 days by campaign and variant, while a campaign sends.
func report(ctx context.Context, m *machine) (r Result, err error) {
	n := m.size(5_000_000)
	account, err := m.texted(ctx, n)
	if err != nil {
		return r, err
	}
	today := time.Now().UTC().Truncate(24 * time.Hour)
	q := models.ReportQuery{
		AccountID: account, From: today.AddDate(0, 0, -reportDays), To: today.AddDate(0, 0, 1), By: []models.Dimension{models.PerVariant},
	}
	_, err = m.pool.Exec(ctx, `INSERT INTO tally_marks (account_id, batch_id, at)
		SELECT account_id, id, now() + interval '1 hour' FROM batches WHERE account_id = $1 ORDER BY id DESC LIMIT $2`, account, batchesUnderWay)
	if err != nil {
		return r, err
	}
	if err := m.sameSums(ctx, q); err != nil {
		return r, err
	}
	r, err = alternate(ctx, m.o.rounds,
		func(ctx context.Context) (took float64, err error) {
			err = m.profiled(ctx, "report", func() error {
				began := time.Now()
				_, err := m.app.Store.Sums(ctx, q)
				took = inMS(time.Since(began))
				return err
			})
			return took, err
		},
		func(ctx context.Context) (float64, error) {
			began := time.Now()
			_, err := m.sumsByHand(ctx, account)
			return inMS(time.Since(began)), err
		})
	r.Unit, r.Want = "ms", "<= 0.05, under 300 ms"
	r.BaselineIs = fmt.Sprintf("grouping the rows of the same %d messages, their first clicks and conversions, by SQL written by hand; both must say the same; "+
		"ours counts %d batches of 500 anew, as while a campaign sends", n, batchesUnderWay)
	return r, err
}

// summed is what both must agree on, by campaign and variant.
type summed struct{ Sends, Delivered, Failed, Segments, Cost, Clicks, Conversions, Revenue int64 }

// byHand is what one would write who has no tallies.
const byHand = `
SELECT m.campaign_id::text || '/' || m.variant,
       count(*) FILTER (WHERE m.state IN ('sent', 'delivered', 'undelivered')), count(*) FILTER (WHERE m.state = 'delivered'),
       count(*) FILTER (WHERE m.state = 'failed'),
       coalesce(sum(m.segments) FILTER (WHERE m.state IN ('sent', 'delivered', 'undelivered')), 0),
       coalesce(sum(m.cost) FILTER (WHERE m.state IN ('sent', 'delivered', 'undelivered')), 0)::bigint,
       count(f.message_id), coalesce(sum(c.n), 0)::bigint, coalesce(sum(c.revenue), 0)::bigint
  FROM messages m
  LEFT JOIN first_clicks f ON f.message_id = m.id
  LEFT JOIN (SELECT message_id, sum(counted) AS n, sum(booked) AS revenue FROM conversions WHERE account_id = $1 GROUP BY 1) c ON c.message_id = m.id
 WHERE m.account_id = $1 AND m.queued_at > now() - interval '31 days'
 GROUP BY m.campaign_id, m.variant`

func (m *machine) sumsByHand(ctx context.Context, account models.AccountID) (map[string]summed, error) {
	rows, err := m.pool.Query(ctx, byHand, account)
	if err != nil {
		return nil, err
	}
	out := map[string]summed{}
	var key string
	var s summed
	_, err = pgx.ForEachRow(rows, []any{&key, &s.Sends, &s.Delivered, &s.Failed, &s.Segments, &s.Cost, &s.Clicks, &s.Conversions, &s.Revenue},
		func() error { out[key] = s; return nil })
	return out, err
}

// sameSums fails when the product's report is not what the rows say.
func (m *machine) sameSums(ctx context.Context, q models.ReportQuery) error {
	want, err := m.sumsByHand(ctx, q.AccountID)
	if err != nil {
		return err
	}
	rows, err := m.app.Store.Sums(ctx, q)
	if err != nil {
		return err
	}
	if len(rows) != len(want) || len(rows) == 0 {
		return fmt.Errorf("the report has %d variants, the rows %d", len(rows), len(want))
	}
	for _, r := range rows {
		got := summed{
			r.Sends, r.Delivered, r.Failed, r.Segments, int64(r.Cost), r.Clicks, r.Conversions, int64(r.Revenue),
		}
		if got != want[r.Keys[0]] {
			return fmt.Errorf("variant %s: the report says %+v, the rows %+v", r.Keys[0], got, want[r.Keys[0]])
		}
	}
	return nil
}
