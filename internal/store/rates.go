package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// SetRate stores what another currency is worth from now on. What is booked stays at the
// rate it was booked at.
func (s *Store) SetRate(ctx context.Context, account models.AccountID, r models.Rate) (models.Rate, error) {
	err := s.pool.QueryRow(ctx, `INSERT INTO rates (account_id, currency, rate) VALUES ($1, $2, $3)
		ON CONFLICT (account_id, currency) DO UPDATE SET rate = excluded.rate, changed_at = now()
		RETURNING changed_at`, account, r.Currency, r.Rate).Scan(&r.ChangedAt)
	return r, explain(err, "rate")
}

// Rates reads the account's rates, by their currencies.
func (s *Store) Rates(ctx context.Context, account models.AccountID) ([]models.Rate, error) {
	rows, err := s.pool.Query(ctx, `SELECT currency, rate, changed_at FROM rates WHERE account_id = $1 ORDER BY currency`, account)
	if err != nil {
		return nil, explain(err, "rates")
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[models.Rate])
	return out, explain(err, "rates")
}
