package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// Report counts what came of a campaign, by variant and by reason.
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

// variantReports gives every variant, those that did nothing too.
func (s *Store) variantReports(ctx context.Context, c models.Campaign) ([]models.VariantReport, error) {
	rows, err := s.pool.Query(ctx, `
		WITH planned AS (
			SELECT m.variant, count(*) AS n
			  FROM batches b JOIN messages m ON m.id >= b.id AND m.id < b.id + $3
			 WHERE b.account_id = $1 AND b.campaign_id = $2 GROUP BY m.variant
		)
		SELECT v.number, v.name, v.percent, v.spare, v.creative_id::text, coalesce(p.n, 0)
		  FROM variants v LEFT JOIN planned p ON p.variant = v.number
		 WHERE v.campaign_id = $2 ORDER BY v.number`, c.AccountID, c.ID, models.BatchSize)
	if err != nil {
		return nil, explain(err, "report")
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (v models.VariantReport, err error) {
		return v, row.Scan(&v.Variant, &v.Name, &v.Percent, &v.Spare, &v.CreativeID, &v.Planned)
	})
	if err != nil {
		return nil, explain(err, "report")
	}
	sums, err := s.Sums(ctx, models.ReportQuery{AccountID: c.AccountID, CampaignID: c.ID, By: []models.Dimension{models.PerVariant}})
	if err != nil {
		return nil, err
	}
	did := map[string]models.Metrics{}
	for _, r := range sums {
		did[r.Keys[0]] = r.Metrics
	}
	for i := range out {
		out[i].Metrics = did[models.VariantKey(c.ID, out[i].Variant)]
	}
	return out, nil
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
