package store

import (
	"context"
	"time"

	"gorm.io/gorm"

	"trackly/models"
)

// AddAccount stores an account with its first owner and first API key.
func (s *Store) AddAccount(ctx context.Context, a models.Account, owner models.Member, key models.APIKey) error {
	return explain(s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		for _, row := range []any{&a, &owner, &key} {
			if err := tx.Create(row).Error; err != nil {
				return err
			}
		}
		return nil
	}), "account")
}

// Accounts counts the accounts of the whole installation: an empty one gets a demo.
func (s *Store) Accounts(ctx context.Context) (int64, error) {
	var n int64
	err := s.db.WithContext(ctx).Model(&models.Account{}).Count(&n).Error
	return n, explain(err, "accounts")
}

// AccountOf finds the account a key opens at this time. It takes no account: the key
// is what proves one.
func (s *Store) AccountOf(ctx context.Context, keyText string, at time.Time) (models.AccountID, error) {
	var key models.APIKey
	err := s.db.WithContext(ctx).Take(&key, "hash = ?", models.HashAPIKey(keyText)).Error
	if err != nil {
		return "", explain(err, "API key")
	}
	if !key.Valid(at) {
		return "", explain(gorm.ErrRecordNotFound, "API key")
	}
	return key.AccountID, nil
}
