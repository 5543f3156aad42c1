package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// Report counts what came of a campaign, by variant and by reason. It reads the rows
// themselves: nothing is counted twice, and nothing is remembered that could be stale.
func (s *Store) Report(ctx context.Context, account models.AccountID, id models.CampaignID) (models.Report, error) {
	var r models.Report
	c, err := s.Campaign(ctx, account, id)
	if err != nil {
		return r, err
	}
	if r.Progress, err = s.Progress(ctx, models.Source{AccountID: account, CampaignID: id}); err != nil {
		return r, err
	}
	if r.Variants, err = s.variantReports(ctx, c); err != nil {
		return r, err
	}
	r.Reasons, err = s.reasonCounts(ctx, c)
	return r, err
}

func (s *Store) variantReports(ctx context.Context, c models.Campaign) ([]models.VariantReport, error) {
	rows, err := s.pool.Query(ctx, `
		WITH sent AS MATERIALIZED (
			SELECT m.id, m.variant, m.state, m.segments, m.subscription_id, m.sent_at
			  FROM batches b JOIN messages m ON m.id >= b.id AND m.id < b.id + $3
			 WHERE b.account_id = $1 AND b.campaign_id = $2
		), clicked AS (
			SELECT s.variant, count(DISTINCT k.message_id) FILTER (WHERE k.verdict = 'human') AS n,
			       count(*) FILTER (WHERE k.verdict = 'bot') AS bots, count(*) FILTER (WHERE k.verdict = 'unsure') AS unsure
			  FROM sent s JOIN clicks k ON k.message_id = s.id GROUP BY s.variant
		), stopped AS (
			SELECT s.variant, count(*) AS n
			  FROM sent s JOIN subscriptions u ON u.id = s.subscription_id AND u.opted_out_at >= s.sent_at
			 GROUP BY s.variant
		)
		SELECT v.number, v.name, v.percent, v.creative_id::text, count(s.id),
		       count(*) FILTER (WHERE s.state IN ('sent', 'delivered', 'undelivered')),
		       count(*) FILTER (WHERE s.state = 'delivered'),
		       count(*) FILTER (WHERE s.state = 'undelivered'),
		       count(*) FILTER (WHERE s.state = 'failed'),
		       count(*) FILTER (WHERE s.state = 'skipped'),
		       count(*) FILTER (WHERE s.state = 'unknown'),
		       coalesce(sum(s.segments) FILTER (WHERE s.state IN ('sent', 'delivered', 'undelivered')), 0),
		       coalesce(max(k.n), 0), coalesce(max(k.bots), 0), coalesce(max(k.unsure), 0), coalesce(max(o.n), 0)
		  FROM variants v
		  LEFT JOIN sent s ON s.variant = v.number
		  LEFT JOIN clicked k ON k.variant = v.number
		  LEFT JOIN stopped o ON o.variant = v.number
		 WHERE v.campaign_id = $2
		 GROUP BY v.number, v.name, v.percent, v.creative_id ORDER BY v.number`,
		c.AccountID, c.ID, models.BatchSize)
	if err != nil {
		return nil, explain(err, "report")
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[models.VariantReport])
	return out, explain(err, "report")
}

func (s *Store) reasonCounts(ctx context.Context, c models.Campaign) ([]models.ReasonCount, error) {
	rows, err := s.pool.Query(ctx, `
		SELECT m.state, m.reason, count(*)
		  FROM batches b JOIN messages m ON m.id >= b.id AND m.id < b.id + $3
		 WHERE b.account_id = $1 AND b.campaign_id = $2 AND m.reason <> ''
		 GROUP BY 1, 2 ORDER BY 3 DESC, 1, 2`, c.AccountID, c.ID, models.BatchSize)
	if err != nil {
		return nil, explain(err, "report")
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[models.ReasonCount])
	return out, explain(err, "report")
}
