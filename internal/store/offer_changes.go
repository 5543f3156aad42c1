package store

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"trackly/models"
)

func addOfferChange(tx *gorm.DB, o models.Offer, by string, changes map[string][2]any) error {
	raw, err := json.Marshal(changes)
	if err != nil {
		return err
	}
	return tx.Exec(`INSERT INTO offer_changes (account_id, offer_id, changed_by, changes) VALUES (?, ?, ?, ?::jsonb)`,
		o.AccountID, o.ID, by, string(raw)).Error
}

// OfferChanges reads a page of what was changed of an offer, oldest first.
func (s *Store) OfferChanges(ctx context.Context, account models.AccountID, offer models.OfferID, after int64, limit int) ([]models.OfferChange, error) {
	rows, err := s.pool.Query(ctx, `SELECT id, offer_id::text, changed_by, changes, at FROM offer_changes
		WHERE account_id = $1 AND offer_id = $2 AND id > $3 ORDER BY id LIMIT $4`, account, offer, after, limit)
	if err != nil {
		return nil, explain(err, "changes")
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[models.OfferChange])
	return out, explain(err, "changes")
}
