package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/pressly/goose/v3"

	"trackly/rules/pace"
)

// Exec changes rows in ways the product never does.
func (s *Store) Exec(ctx context.Context, sql string, args ...any) error {
	_, err := s.pool.Exec(ctx, sql, args...)
	return err
}

// Count asks one number.
func (s *Store) Count(ctx context.Context, sql string, args ...any) (n int64, err error) {
	err = s.pool.QueryRow(ctx, sql, args...).Scan(&n)
	return n, err
}

// Text asks one text.
func (s *Store) Text(ctx context.Context, sql string, args ...any) (text string, err error) {
	err = s.pool.QueryRow(ctx, sql, args...).Scan(&text)
	return text, err
}

// PhoneHash names an erased phone.
func PhoneHash(s *Store, phone string) []byte { return s.phoneHash(phone) }

// ReserveAt is Reserve by the database's clock.
func (s *Store) ReserveAt(ctx context.Context, r pace.Order) (pace.Grant, time.Time, error) {
	return s.reserve(ctx, r)
}

// MigrateTo is Migrate up to a version.
func MigrateTo(ctx context.Context, url string, version int64) error {
	return migrate(url, func(p *goose.Provider) error {
		_, err := p.UpTo(ctx, version)
		return err
	})
}

// Within runs a statement that may take so long.
func (s *Store) Within(ctx context.Context, limit time.Duration, sql string) error {
	return s.within(ctx, limit, pgx.ReadOnly, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, sql)
		return err
	})
}
