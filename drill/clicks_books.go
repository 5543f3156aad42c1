package main

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
)

// tapsSeen reads what the stage has left, with the judge's own eyes.
func (w *world) tapsSeen(ctx context.Context, m *market) (s tapsSeen, err error) {
	err = patiently(ctx, time.Minute, apiPause, func(ctx context.Context) (bool, error) {
		s = tapsSeen{}
		for _, read := range []func(context.Context, *market, *tapsSeen) error{w.readClicks, w.readConversions, w.readCap, w.readSums} {
			if err := read(ctx, m, &s); err != nil {
				return false, err
			}
		}
		return true, nil
	})
	return s, err
}

func (w *world) readClicks(ctx context.Context, m *market, s *tapsSeen) error {
	rows, err := w.db.Query(ctx, `SELECT k.id::text, k.message_id, coalesce(k.offer_id::text, '')
		FROM clicks k JOIN messages m ON m.id = k.message_id WHERE m.campaign_id = $1`, m.campaign)
	if err == nil {
		s.Clicks, err = pgx.CollectRows(rows, pgx.RowToStructByPos[clickRow])
	}
	return err
}

func (w *world) readConversions(ctx context.Context, m *market, s *tapsSeen) error {
	rows, err := w.db.Query(ctx, `SELECT transaction_id, kind, offer_id::text, amount FROM conversions WHERE offer_id IN ($1, $2)`, m.capped, m.spare)
	if err == nil {
		s.Conversions, err = pgx.CollectRows(rows, pgx.RowToStructByPos[conversionRow])
	}
	return err
}

func (w *world) readCap(ctx context.Context, m *market, s *tapsSeen) error {
	rows, err := w.db.Query(ctx, `SELECT count(*) FROM clicks WHERE offer_id = $1 GROUP BY (at AT TIME ZONE 'UTC')::date
		ORDER BY (at AT TIME ZONE 'UTC')::date`, m.capped)
	if err == nil {
		s.Capped, err = pgx.CollectRows(rows, pgx.RowTo[int64])
	}
	return err
}

// readSums counts everything that is kept in two places anew, in one snapshot.
func (w *world) readSums(ctx context.Context, _ *market, s *tapsSeen) error {
	rows, err := w.db.Query(ctx, sumsSQL)
	if err == nil {
		s.Sums, err = pgx.CollectRows(rows, pgx.RowToStructByPos[sums])
	}
	return err
}

// sumsSQL gives pairs: what is kept up to date, and what the rows say. Reports are what
// was folded and what waits to be.
const sumsSQL = `
	WITH kept AS (
		SELECT coalesce(sum(clicks), 0) AS clicks, coalesce(sum(bot_clicks), 0) AS bots, coalesce(sum(unsure_clicks), 0) AS unsure,
		       coalesce(sum(conversions), 0) AS conversions, coalesce(sum(reversals), 0) AS reversals, coalesce(sum(revenue), 0) AS revenue
		  FROM (SELECT clicks, bot_clicks, unsure_clicks, conversions, reversals, revenue FROM tallies
		        UNION ALL
		        SELECT clicks, bot_clicks, unsure_clicks, conversions, reversals, revenue FROM tally_moves) t
	), texted AS (
		SELECT k.*, m.subscription_id FROM clicks k JOIN messages m ON m.id = k.message_id
	), human AS (
		SELECT subscription_id, count(*) AS n FROM texted WHERE verdict = 'human' GROUP BY 1
	), credited AS (
		SELECT subscription_id, sum(booked) AS revenue, sum(counted) AS n FROM conversions WHERE state = 'credited' GROUP BY 1
	), paid AS (
		SELECT m.subscription_id, sum(f.revenue) AS revenue FROM first_clicks f JOIN messages m ON m.id = f.message_id GROUP BY 1
	)
	SELECT 'clicks in reports', kept.clicks::bigint, (SELECT count(*) FROM first_clicks) FROM kept
	UNION ALL SELECT 'bots'' clicks in reports', kept.bots::bigint, (SELECT count(*) FROM texted WHERE verdict = 'bot') FROM kept
	UNION ALL SELECT 'unsure clicks in reports', kept.unsure::bigint, (SELECT count(*) FROM texted WHERE verdict = 'unsure') FROM kept
	UNION ALL SELECT 'conversions in reports', kept.conversions::bigint, (SELECT count(*) FROM conversions WHERE counted = 1) FROM kept
	UNION ALL SELECT 'reversals in reports', kept.reversals::bigint, (SELECT count(*) FROM conversions WHERE counted = -1) FROM kept
	UNION ALL SELECT 'revenue in reports', kept.revenue::bigint,
	                 (SELECT coalesce(sum(booked), 0) FROM conversions)::bigint + (SELECT coalesce(sum(revenue), 0) FROM first_clicks)::bigint FROM kept
	UNION ALL SELECT 'messages with a first click', (SELECT count(*) FROM first_clicks), (SELECT count(DISTINCT message_id) FROM texted WHERE verdict = 'human')
	UNION ALL SELECT 'first clicks that are a person''s', (SELECT count(*) FROM first_clicks),
	                 (SELECT count(*) FROM first_clicks f JOIN texted k ON k.id = f.click_id AND k.message_id = f.message_id AND k.verdict = 'human')
	UNION ALL SELECT 'people whose clicks are counted wrongly', 0,
	                 (SELECT count(*) FROM totals t FULL JOIN human h USING (subscription_id) WHERE coalesce(t.click_count, 0) <> coalesce(h.n, 0))
	UNION ALL SELECT 'people whose revenue is counted wrongly', 0,
	                 (SELECT count(*) FROM totals t FULL JOIN credited c USING (subscription_id) FULL JOIN paid p USING (subscription_id)
	                   WHERE coalesce(t.revenue, 0) <> coalesce(c.revenue, 0) + coalesce(p.revenue, 0))
	UNION ALL SELECT 'people whose conversions are counted wrongly', 0,
	                 (SELECT count(*) FROM totals t FULL JOIN credited c USING (subscription_id) WHERE coalesce(t.conversion_count, 0) <> coalesce(c.n, 0))
	UNION ALL SELECT 'days whose clicks are counted wrongly', 0,
	                 (SELECT count(*) FROM offer_days d
	                    FULL JOIN (SELECT k.offer_id, (k.at AT TIME ZONE o.zone)::date AS day, count(*) AS n FROM clicks k JOIN offers o ON o.id = k.offer_id GROUP BY 1, 2) k
	                    USING (offer_id, day) WHERE coalesce(d.clicks, 0) <> coalesce(k.n, 0))
	UNION ALL SELECT 'conversions that stand, by the offers'' days', (SELECT coalesce(sum(conversions), 0) FROM offer_days)::bigint,
	                 (SELECT coalesce(sum(counted), 0) FROM conversions)::bigint`
