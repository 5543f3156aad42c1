package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// TakeBatch makes holder the only one who may hand over this batch. Messages the holder
// before had claimed and not settled become unknown: nobody here knows whether they
// went out, so they are never handed over from here; the provider is asked.
func (s *Store) TakeBatch(ctx context.Context, account models.AccountID, campaign models.CampaignID, number int, holder string) (models.Batch, error) {
	b := models.Batch{AccountID: account, CampaignID: campaign, Number: number}
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `UPDATE batches SET holder = $4
			WHERE account_id = $1 AND campaign_id = $2 AND number = $3 RETURNING id`,
			account, campaign, number, holder).Scan(&b.ID)
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE messages SET state = 'unknown', unknown_at = now()
			WHERE id >= $1 AND id < $1 + $2 AND account_id = $3 AND state = 'claimed'`,
			b.ID, models.BatchSize, account)
		if err != nil {
			return err
		}
		return tx.QueryRow(ctx, `SELECT size, claimed, sent, skipped, failed, unknown FROM batches WHERE id = $1`, b.ID).
			Scan(&b.Size, &b.Claimed, &b.Sent, &b.Skipped, &b.Failed, &b.Unknown)
	})
	return b, explain(err, "batch")
}

// QueuedMessages reads what the batch's queued texts are made from.
func (s *Store) QueuedMessages(ctx context.Context, account models.AccountID, id models.BatchID) ([]models.QueuedMessage, error) {
	rows, err := s.pool.Query(ctx, `
		SELECT m.id, m.variant, c.phone, s.first_name, s.last_name, s.state, s.fields
		  FROM messages m
		  JOIN subscriptions s ON s.id = m.subscription_id
		  JOIN contacts c ON c.id = s.contact_id
		 WHERE m.id >= $1 AND m.id < $1 + $2 AND m.account_id = $3 AND m.state = 'queued'
		 ORDER BY m.id`, id, models.BatchSize, account)
	if err != nil {
		return nil, explain(err, "batch")
	}
	out, err := pgx.CollectRows(rows, func(r pgx.CollectableRow) (q models.QueuedMessage, err error) {
		err = r.Scan(&q.ID, &q.Variant, &q.Phone, &q.FirstName, &q.LastName, &q.State, &q.Fields)
		return q, err
	})
	return out, explain(err, "batch")
}

// OpenBatches lists the numbers of the batches that still have queued messages, or
// claimed ones: asked when no batch is on its way, those are left from a workflow that
// was terminated, and only a new holder ever finds out about them.
func (s *Store) OpenBatches(ctx context.Context, account models.AccountID, campaign models.CampaignID) ([]int, error) {
	rows, err := s.pool.Query(ctx, `SELECT number FROM batches
		WHERE account_id = $1 AND campaign_id = $2 AND sent + skipped + failed + unknown < size
		ORDER BY number`, account, campaign)
	if err != nil {
		return nil, explain(err, "batches")
	}
	out, err := pgx.CollectRows(rows, pgx.RowTo[int])
	return out, explain(err, "batches")
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
