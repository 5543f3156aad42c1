package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
)

const inboundColumns = `i.id, i.account_id::text, i.list_id::text, i.contact_id, i.provider_id, coalesce(c.phone, ''), i.body, i.verdict, i.tier,
	i.matched, i.version, i.review, i.review_by, i.reviewed_at, i.took_ms, i.received_at, i.redacted_at`

// InboundTexts reads a page of what people wrote, oldest first.
func (s *Store) InboundTexts(ctx context.Context, account models.AccountID, f models.InboundFilter, after int64, limit int) ([]models.Inbound, error) {
	if f.ListID != "" && !models.IsID(f.ListID) {
		return nil, fault.New(fault.NotFound, "no such list")
	}
	rows, err := s.pool.Query(ctx, `SELECT `+inboundColumns+` FROM inbound_messages i JOIN contacts c ON c.id = i.contact_id
		WHERE i.account_id = $1 AND i.id > $2 AND ($4 = '' OR i.list_id::text = $4) AND ($5 = '' OR i.review = $5)
		  AND ($6 = '' OR c.phone = $6)
		ORDER BY i.id LIMIT $3`, account, after, limit, f.ListID, f.Review, f.Phone)
	if err != nil {
		return nil, explain(err, "inbound messages")
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[models.Inbound])
	return out, explain(err, "inbound messages")
}

// InboundText reads one text of a person.
func (s *Store) InboundText(ctx context.Context, account models.AccountID, id int64) (models.Inbound, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+inboundColumns+` FROM inbound_messages i JOIN contacts c ON c.id = i.contact_id
		WHERE i.account_id = $1 AND i.id = $2`, account, id)
	if err != nil {
		return models.Inbound{}, explain(err, "inbound message")
	}
	in, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[models.Inbound])
	return in, explain(err, "inbound message")
}

// openReview reads and locks an answer that waits for a person.
func openReview(ctx context.Context, tx pgx.Tx, account models.AccountID, id int64) (models.Inbound, error) {
	rows, err := tx.Query(ctx, `SELECT `+inboundColumns+` FROM inbound_messages i JOIN contacts c ON c.id = i.contact_id
		WHERE i.account_id = $1 AND i.id = $2 FOR UPDATE OF i`, account, id)
	if err != nil {
		return models.Inbound{}, err
	}
	in, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[models.Inbound])
	if err == nil && in.Review != models.ReviewOpen {
		err = fault.New(fault.Conflict, "nobody needs to read this answer: it is %q", in.Verdict)
	}
	return in, err
}
