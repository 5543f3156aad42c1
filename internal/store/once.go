package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// rememberOnce gives the id a request with this key made the first time, or id.
func rememberOnce[ID ~string](ctx context.Context, tx pgx.Tx, account models.AccountID, o models.Once, id ID) (ID, error) {
	if o.Key == "" {
		return id, nil
	}
	tag, err := tx.Exec(ctx, `INSERT INTO idempotency_keys (account_id, key, request_hash, resource_id)
		VALUES ($1, $2, $3, $4) ON CONFLICT DO NOTHING`, account, o.Key, o.RequestHash, id)
	if err != nil || tag.RowsAffected() == 1 {
		return id, err
	}
	kept, err := recall(ctx, tx, account, o)
	return ID(kept), err
}

// recall gives the id a request with this key made before, or nothing.
func recall(ctx context.Context, tx pgx.Tx, account models.AccountID, o models.Once) (id string, err error) {
	if o.Key == "" {
		return "", nil
	}
	var same bool
	err = tx.QueryRow(ctx, `SELECT resource_id, request_hash = $3 FROM idempotency_keys WHERE account_id = $1 AND key = $2`,
		account, o.Key, o.RequestHash).Scan(&id, &same)
	switch {
	case errors.Is(err, pgx.ErrNoRows):
		return "", nil
	case err == nil && !same:
		return "", errKeyReused
	}
	return id, err
}
