package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// mostClicks bounds what is read of an offer's young clicks, and of its older ones for the
// rate. An offer with more in a day expects too little.
const mostClicks = 20_000

// OfferRooms reads what the offers of a campaign's variants can still take at this time.
// Those without a cap on conversions are in it too: they may have ended.
func (s *Store) OfferRooms(ctx context.Context, account models.AccountID, id models.CampaignID, at time.Time) ([]models.OfferRoom, error) {
	rows, err := s.pool.Query(ctx, `
		SELECT v.number, o.id::text, o.name, o.zone, o.status = 'active' AND (o.ends_at IS NULL OR o.ends_at > $3),
		       o.conversion_cap, coalesce(d.conversions, 0),
		       coalesce(k.clicks, 0), coalesce(k.converted, 0), coalesce(y.clicks, 0), coalesce(y.converted, 0)
		  FROM campaigns c
		  JOIN variants v ON v.campaign_id = c.id
		  JOIN creative_links l ON l.creative_id = v.creative_id
		  JOIN offers o ON o.id = l.offer_id AND o.account_id = c.account_id
		  LEFT JOIN offer_days d ON d.offer_id = o.id AND d.day = ($3 AT TIME ZONE o.zone)::date
		  LEFT JOIN LATERAL (`+clicksBetween("$3 - interval '7 days'", "$3 - interval '1 day'")+`) k ON o.conversion_cap > 0
		  LEFT JOIN LATERAL (`+clicksBetween("$3 - interval '1 day'", "$3")+`) y ON o.conversion_cap > 0
		 WHERE c.account_id = $1 AND c.id = $2 ORDER BY 1, 2`, account, id, at, mostClicks)
	if err != nil {
		return nil, explain(err, "offers")
	}
	out, err := pgx.CollectRows(rows, func(row pgx.CollectableRow) (r models.OfferRoom, err error) {
		return r, row.Scan(&r.Variant, &r.OfferID, &r.Name, &r.Zone, &r.Open, &r.Cap, &r.Standing,
			&r.Clicks, &r.Converted, &r.Young, &r.YoungConverted)
	})
	return out, explain(err, "offers")
}

// clicksBetween counts the newest first clicks on an offer o in a time, and those of them
// that converted.
func clicksBetween(after, until string) string {
	return `
		       SELECT count(*) AS clicks, count(*) FILTER (WHERE f.converted) AS converted
		         FROM (SELECT EXISTS (SELECT FROM conversions x WHERE x.message_id = f.message_id AND x.offer_id = o.id AND x.counted > 0) AS converted
		                 FROM first_clicks f WHERE f.offer_id = o.id AND f.at > ` + after + ` AND f.at <= ` + until + `
		                ORDER BY f.at DESC LIMIT $4) f`
}

// Swap gives the queued messages of one variant in a batch to another one, for its holder,
// and says so once a day. What is claimed or was sent stays as it is.
func (s *Store) Swap(ctx context.Context, b models.Batch, holder string, from, to int, why string) error {
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `
			WITH held AS MATERIALIZED (
				SELECT 1 FROM batches WHERE id = $1 AND account_id = $2 AND holder = $3 FOR NO KEY UPDATE)
			UPDATE messages SET variant = $5
			 WHERE EXISTS (SELECT FROM held) AND id >= $1 AND id < $1 + $6 AND account_id = $2 AND state = 'queued' AND variant = $4`,
			b.ID, b.AccountID, holder, from, to, models.BatchSize)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO events (account_id, kind, severity, text)
			SELECT $1, $2, $3, $4 WHERE NOT EXISTS (
				SELECT FROM events WHERE account_id = $1 AND kind = $2 AND text = $4 AND at > now() - interval '1 day')`,
			b.AccountID, models.EventOfferFull, models.Warning, why)
		return err
	})
	return explain(err, "batch")
}
