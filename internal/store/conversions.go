package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
)

// Conversion reads one conversion.
func (s *Store) Conversion(ctx context.Context, account models.AccountID, id models.ConversionID) (models.Conversion, error) {
	if !models.IsID(id) {
		return models.Conversion{}, fault.New(fault.NotFound, "no such conversion")
	}
	return oneConversion(ctx, s.pool, account, id)
}

// Conversions reads a page of conversions, in the order in which they were told.
func (s *Store) Conversions(ctx context.Context, account models.AccountID, f models.ConversionFilter, after models.ConversionID, limit int) ([]models.Conversion, error) {
	if f.OfferID != "" && !models.IsID(f.OfferID) {
		return nil, nil
	}
	rows, err := s.pool.Query(ctx, `SELECT `+conversionColumns+` FROM conversions c
		WHERE c.account_id = $1 AND ($2 = '' OR c.id > nullif($2, '')::uuid) AND ($3 = '' OR c.offer_id = nullif($3, '')::uuid)
		  AND ($4 = '' OR c.state = $4) AND ($5 = '' OR c.kind = $5)
		ORDER BY c.id LIMIT $6`, account, string(after), string(f.OfferID), string(f.State), string(f.Kind), limit)
	if err != nil {
		return nil, explain(err, "conversions")
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[models.Conversion])
	return out, explain(err, "conversions")
}

func oneConversion(ctx context.Context, q querier, account models.AccountID, id models.ConversionID) (models.Conversion, error) {
	rows, err := q.Query(ctx, `SELECT `+conversionColumns+` FROM conversions c WHERE c.account_id = $1 AND c.id = $2`, account, id)
	if err != nil {
		return models.Conversion{}, explain(err, "conversion")
	}
	c, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[models.Conversion])
	return c, explain(err, "conversion")
}

// MatchConversion credits a conversion, and all else of its transaction, to a message by
// hand. It is a Conflict where a click has earned it: that is no matter of opinion.
func (s *Store) MatchConversion(ctx context.Context, account models.AccountID, id models.ConversionID, message models.MessageID, by string) (models.Conversion, error) {
	if !models.IsID(id) {
		return models.Conversion{}, fault.New(fault.NotFound, "no such conversion")
	}
	var c models.Conversion
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) (err error) {
		if err = lockBooks(ctx, tx, account); err != nil {
			return err
		}
		if c, err = oneConversion(ctx, tx, account, id); err != nil {
			return err
		}
		if c.State == models.Credited && c.MatchedMessage == nil {
			return fault.New(fault.Conflict, "a click has earned this conversion")
		}
		if err = ownMessage(ctx, tx, account, message); err != nil {
			return err
		}
		if err = match(ctx, tx, c, message, by); err != nil {
			return err
		}
		c, err = oneConversion(ctx, tx, account, id)
		return err
	})
	return c, explain(err, "conversion")
}

func ownMessage(ctx context.Context, tx pgx.Tx, account models.AccountID, message models.MessageID) error {
	var ours bool
	err := tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM messages WHERE id = $2 AND account_id = $1)`, account, message).Scan(&ours)
	if err == nil && !ours {
		var bad fault.Problems
		bad.Add("message_id", "is not a message of this account")
		return bad.Err("the match")
	}
	return err
}

// match works the transaction out anew with the message as what earned it.
func match(ctx context.Context, tx pgx.Tx, c models.Conversion, message models.MessageID, by string) error {
	b, key := newBooks(), transactionKey{c.OfferID, c.TransactionID}
	var batch pgx.Batch
	b.queueRead(&batch, []transactionKey{key})
	if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
		return err
	}
	t := b.of(key)
	t.changed = true
	for _, r := range t.rows {
		r.MatchedMessage, r.MatchedBy = &message, by
	}
	return b.write(ctx, tx)
}
