package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// rebook credits the conversions of contacts anew, after their clicks have changed, and
// applies the differences. The transaction must have begun with lockBooks. It locks totals,
// then the offers' days.
func rebook(ctx context.Context, tx pgx.Tx, account models.AccountID, contacts []models.ContactID) error {
	b := newBooks()
	var batch pgx.Batch
	batch.Queue(`SELECT `+conversionColumns+` FROM conversions c
		 WHERE (c.offer_id, c.transaction_id) IN (
			SELECT p.offer_id, p.transaction_id FROM conversions p WHERE p.contact_id = ANY ($2::bigint[]) AND p.account_id = $1)`,
		account, contacts).Query(b.read)
	if err := tx.SendBatch(ctx, &batch).Close(); err != nil {
		return err
	}
	for _, t := range b.order {
		t.changed = true
	}
	return b.write(ctx, tx)
}
