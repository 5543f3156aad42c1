package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
)

const messageColumns = `m.id, m.account_id::text, m.list_id::text, coalesce(m.campaign_id::text, ''), m.kind, m.batch_id, m.subscription_id,
	m.variant, m.route, m.place, m.state, m.absences, m.segments, m.body, m.reason, m.provider_id, m.provider_code, m.provider_text,
	m.queued_at, m.claimed_at, m.unknown_at, m.sent_at, m.finished_at, m.redacted_at`

// Message reads one message.
func (s *Store) Message(ctx context.Context, account models.AccountID, id models.MessageID) (models.Message, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+messageColumns+`
		FROM messages m WHERE m.account_id = $1 AND m.id = $2`, account, id)
	if err != nil {
		return models.Message{}, explain(err, "message")
	}
	m, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[models.Message])
	return m, explain(err, "message")
}

// Messages reads a page of a campaign's messages after the cursor, in id order; with a
// state, only those in it.
func (s *Store) Messages(ctx context.Context, account models.AccountID, campaign models.CampaignID,
	state models.MessageState, after models.MessageID, limit int,
) ([]models.Message, error) {
	if !models.IsID(campaign) {
		return nil, fault.New(fault.NotFound, "no such campaign")
	}
	rows, err := s.pool.Query(ctx, `SELECT `+messageColumns+`
		  FROM batches b JOIN messages m ON m.id >= b.id AND m.id < b.id + $6
		 WHERE b.account_id = $1 AND b.campaign_id = $2 AND b.id > $4 - $6 AND m.id > $4
		   AND ($3 = '' OR m.state = $3)
		 ORDER BY m.id LIMIT $5`, account, campaign, state, after, limit, models.BatchSize)
	if err != nil {
		return nil, explain(err, "messages")
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[models.Message])
	return out, explain(err, "messages")
}
