package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// UnknownMessages lists messages of a source that have been unknown since before the
// given time, in id order after the cursor.
func (s *Store) UnknownMessages(ctx context.Context, src models.Source,
	before time.Time, after models.MessageID, limit int,
) ([]models.UnknownMessage, error) {
	where, arg := ofSource(src)
	rows, err := s.pool.Query(ctx, `
		SELECT m.id, m.list_id::text, m.batch_id, m.route, m.provider_id, m.body, m.absences, m.claimed_at, m.unknown_at, coalesce(c.phone, '')
		  FROM batches b
		  JOIN messages m ON m.id >= b.id AND m.id < b.id + $6 AND m.state = 'unknown'
		  JOIN subscriptions s ON s.id = m.subscription_id
		  JOIN contacts c ON c.id = s.contact_id
		 WHERE `+where+` AND b.unknown > 0
		   AND m.unknown_at < $3 AND m.id > $4
		 ORDER BY m.id LIMIT $5`, src.AccountID, arg, before, after, limit, models.BatchSize)
	if err != nil {
		return nil, explain(err, "messages")
	}
	out, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (u models.UnknownMessage, err error) {
		u.AccountID, u.CampaignID, u.State = src.AccountID, src.CampaignID, models.MessageUnknown
		err = r.Scan(&u.ID, &u.ListID, &u.BatchID, &u.Route, &u.ProviderID, &u.Body, &u.Absences, &u.ClaimedAt, &u.UnknownAt, &u.Phone)
		return u, err
	})
	return out, explain(err, "messages")
}

// RequeueAbsent puts messages back in the queue of which the provider has no record.
// It counts how often that happened to each, so that it can happen only so often.
func (s *Store) RequeueAbsent(ctx context.Context, account models.AccountID, ids []models.MessageID) error {
	if len(ids) == 0 {
		return nil
	}
	err := s.run(ctx, `UPDATE messages SET state = 'queued', absences = absences + 1, `+anyRoute+`
		WHERE id = ANY ($2) AND account_id = $1 AND state = 'unknown'`, account, ids)
	return explain(err, "messages")
}
