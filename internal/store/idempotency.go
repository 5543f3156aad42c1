package store

import (
	"bytes"
	"context"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"trackly/internal/fault"
	"trackly/models"
)

// once runs create in a transaction, at most one time for each of the account's
// idempotency keys. It returns the id of what was created, now or the first time. A
// key used again for another request is refused: answering it with the first
// request's result would hide a bug of the client.
func (s *Store) once(ctx context.Context, account models.AccountID, o models.Once, id string,
	create func(tx *gorm.DB) error,
) (string, error) {
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		if o.Key == "" {
			return create(tx)
		}
		row := idempotencyKey{AccountID: account, Key: o.Key, RequestHash: o.RequestHash, ResourceID: id}
		res := tx.Clauses(clause.OnConflict{DoNothing: true}).Create(&row)
		if res.Error != nil || res.RowsAffected == 1 {
			if res.Error != nil {
				return res.Error
			}
			return create(tx)
		}
		if err := tx.Take(&row, "account_id = ? AND key = ?", account, o.Key).Error; err != nil {
			return err
		}
		if !bytes.Equal(row.RequestHash, o.RequestHash) {
			return errKeyReused
		}
		id = row.ResourceID
		return nil
	})
	return id, err
}

var errKeyReused = fault.New(fault.Conflict, "this Idempotency-Key was used for another request; take a new key")

type idempotencyKey struct {
	AccountID   models.AccountID
	Key         string
	RequestHash []byte
	ResourceID  string
}
