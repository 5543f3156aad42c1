package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// ofSource is the condition on batches b that picks a source's, and its argument, which
// is the statement's $2. The account is always $1.
func ofSource(src models.Source) (where string, arg any) {
	if src.CampaignID != "" {
		return "b.account_id = $1 AND b.campaign_id = $2", src.CampaignID
	}
	return "b.account_id = $1 AND b.campaign_id IS NULL AND b.list_id = $2", src.ListID
}

// TakeBatch makes holder the only one who may hand over this batch. Messages the holder
// before had claimed and not settled become unknown: nobody here knows whether they
// went out, so they are never handed over from here; the provider is asked. Those that
// are known not to have been called go back to the queue. The batch's source says which of
// a campaign's lists it is of; one that an older release froze is of the campaign's first.
func (s *Store) TakeBatch(ctx context.Context, src models.Source, number int, holder string) (models.Batch, error) {
	b := models.Batch{Source: src, Number: number}
	where, arg := ofSource(src)
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `UPDATE batches b SET holder = $4, not_before = NULL WHERE `+where+` AND b.number = $3
			RETURNING b.id, coalesce(b.list_id::text, '')`, src.AccountID, arg, number, holder).Scan(&b.ID, &b.ListID)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE messages
			   SET state = CASE WHEN uncalled THEN 'queued' ELSE 'unknown' END,
			       unknown_at = CASE WHEN uncalled THEN unknown_at ELSE now() END
			 WHERE id >= $1 AND id < $1 + $2 AND account_id = $3 AND state = 'claimed'`,
			b.ID, models.BatchSize, src.AccountID)
		if err != nil {
			return err
		}
		return tx.QueryRow(ctx, `SELECT size, claimed, sent, skipped, failed, unknown FROM batches WHERE id = $1`, b.ID).
			Scan(&b.Size, &b.Claimed, &b.Sent, &b.Skipped, &b.Failed, &b.Unknown)
	})
	return b, explain(err, "batch")
}

// QueuedMessages reads what the batch's queued texts are made from, and judged by. An
// erased person's have no phone, and are read all the same: somebody must skip them.
func (s *Store) QueuedMessages(ctx context.Context, b models.Batch) ([]models.QueuedMessage, error) {
	rows, err := s.pool.Query(ctx, `
		SELECT m.id, m.kind, m.variant, m.route, m.body, coalesce(c.phone, ''), c.region, c.zones, s.first_name, s.last_name,
		       s.state, s.zone, s.postal, m.queued_at, s.fields, c.carrier, s.at_state, m.segments
		  FROM messages m
		  JOIN subscriptions s ON s.id = m.subscription_id
		  JOIN contacts c ON c.id = s.contact_id
		 WHERE m.id >= $1 AND m.id < $1 + $2 AND m.account_id = $3 AND m.state = 'queued'
		 ORDER BY m.id`, b.ID, models.BatchSize, b.AccountID)
	if err != nil {
		return nil, explain(err, "batch")
	}
	out, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (q models.QueuedMessage, err error) {
		err = r.Scan(&q.ID, &q.Kind, &q.Variant, &q.Route, &q.Body, &q.Phone, &q.Region, &q.PhoneZones, &q.FirstName, &q.LastName,
			&q.State, &q.Zone, &q.Postal, &q.QueuedAt, &q.Fields, &q.Carrier, &q.AtState, &q.Segments)
		return q, err
	})
	return out, explain(err, "batch")
}

// OpenBatches lists the batches that still have queued messages, or claimed ones: asked
// when no batch is on its way, those are left from a workflow that was terminated, and
// only a new holder ever finds out about them. Batches none of whose messages may go yet
// only say when.
func (s *Store) OpenBatches(ctx context.Context, src models.Source) (models.Open, error) {
	where, arg := ofSource(src)
	rows, err := s.pool.Query(ctx, `SELECT b.number, CASE WHEN b.claimed = 0 AND b.not_before > now() THEN b.not_before END
		FROM batches b WHERE `+where+` AND b.sent + b.skipped + b.failed + b.unknown < b.size
		ORDER BY b.number`, src.AccountID, arg)
	if err != nil {
		return models.Open{}, explain(err, "batches")
	}
	var open models.Open
	var number int
	var later *time.Time
	_, err = pgx.ForEachRow(rows, []any{&number, &later}, func() error {
		switch {
		case later == nil:
			open.Numbers = append(open.Numbers, number)
		case open.Next == nil || later.Before(*open.Next):
			next := *later
			open.Next = &next
		}
		return nil
	})
	return open, explain(err, "batches")
}

// Postpone says that nothing of the batch may go out for a while. Only the holder may, and
// only when no text was added since it looked: that one may not have to wait.
func (s *Store) Postpone(ctx context.Context, b models.Batch, holder string, wait time.Duration) error {
	err := s.run(ctx, `UPDATE batches SET not_before = now() + $4::interval
		WHERE id = $1 AND account_id = $2 AND holder = $3 AND size <= $5`, b.ID, b.AccountID, holder, wait, b.Size)
	return explain(err, "batch")
}

// SetAside postpones a campaign's batch whose list waits for a person, while another of the
// campaign's lists has something left that it can send. It reports whether that was so.
func (s *Store) SetAside(ctx context.Context, b models.Batch, holder string, wait time.Duration) (bool, error) {
	var aside bool
	err := again(func() error {
		tag, err := s.pool.Exec(ctx, `UPDATE batches b SET not_before = now() + $4::interval
			WHERE b.id = $1 AND b.account_id = $2 AND b.holder = $3 AND EXISTS (
			      SELECT FROM batches o JOIN lists l ON l.id = o.list_id AND l.state = 'active'
			       WHERE o.campaign_id = b.campaign_id AND o.list_id <> b.list_id
			         AND o.sent + o.skipped + o.failed + o.unknown < o.size
			         AND EXISTS (SELECT FROM routes r WHERE r.list_id = l.id AND r.state <> 'blocked'
			              AND r.credentials_at IS NOT NULL AND r.text_at IS NOT NULL AND r.webhook_at IS NOT NULL))`,
			b.ID, b.AccountID, holder, wait)
		aside = tag.RowsAffected() > 0
		return err
	})
	return aside, explain(err, "batch")
}

// CancelQueued skips every message of the campaign that nobody has tried yet.
func (s *Store) CancelQueued(ctx context.Context, account models.AccountID, campaign models.CampaignID) error {
	return s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `UPDATE messages m SET state = 'skipped', reason = $3, finished_at = now()
			FROM batches b WHERE b.account_id = $1 AND b.campaign_id = $2
			 AND m.id >= b.id AND m.id < b.id + $4 AND m.state = 'queued'`,
			account, campaign, models.ReasonCancelled, models.BatchSize)
		return explain(err, "campaign")
	})
}
