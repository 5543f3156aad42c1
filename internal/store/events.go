package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgconn"

	"trackly/models"
)

// execer is a transaction or the pool.
type execer interface {
	Exec(ctx context.Context, sql string, args ...any) (pgconn.CommandTag, error)
}

func addEvent(ctx context.Context, x execer, e models.Event) error {
	_, err := x.Exec(ctx, `INSERT INTO events (account_id, list_id, kind, severity, text) VALUES ($1, nullif($2, '')::uuid, $3, $4, $5)`,
		e.AccountID, e.ListID, e.Kind, e.Severity, e.Text)
	return err
}

// AddEvent keeps something that a person of the account should know of.
func (s *Store) AddEvent(ctx context.Context, e models.Event) error {
	return explain(addEvent(ctx, s.pool, e), "event")
}

// Events reads a page of the account's events, oldest first.
func (s *Store) Events(ctx context.Context, account models.AccountID, after int64, limit int) ([]models.Event, error) {
	rows, err := s.pool.Query(ctx, `SELECT id, account_id::text, coalesce(list_id::text, ''), kind, severity, text, at
		FROM events WHERE account_id = $1 AND id > $2 ORDER BY id LIMIT $3`, account, after, limit)
	if err != nil {
		return nil, explain(err, "events")
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[models.Event])
	return out, explain(err, "events")
}
