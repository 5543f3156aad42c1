package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgtype"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/pressly/goose/v3"

	"trackly/models"
	"trackly/rules/audience"
	"trackly/rules/field"
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

// Matching gives the active subscriptions of an account that a filter means.
func (s *Store) Matching(ctx context.Context, account models.AccountID, f audience.Filter, now time.Time) ([]models.SubscriptionID, error) {
	c, args, err := s.compileFor(ctx, account, f, now, []any{account})
	if err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, `SELECT s.id FROM subscriptions s`+c.joins()+`
		WHERE s.account_id = $1 AND s.status = 'active' AND (`+c.where+`) ORDER BY s.id`, args...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[models.SubscriptionID])
}

// Compile gives the SQL of a filter, the tables it joins and its parameters.
func Compile(f audience.Filter, known field.Set, now time.Time) (where, joins string, args []any) {
	c, args := compile(f, known, now, nil)
	return c.where, c.joins(), args
}

// AudienceSize counts whom a filter means on one list.
func (s *Store) AudienceSize(ctx context.Context, account models.AccountID, list models.ListID, f audience.Filter) (int64, error) {
	r, err := s.Reach(ctx, models.Campaign{ID: models.NewID[models.CampaignID](), AccountID: account, ListID: list, Filter: f}, time.Now())
	return r.Contacts, err
}

// Sends tells how a connection of the store sends a value.
func (s *Store) Sends(ctx context.Context, oid uint32, value any) (raw []byte, err error) {
	err = s.pool.AcquireFunc(ctx, func(conn *pgxpool.Conn) error {
		raw, err = conn.Conn().TypeMap().Encode(oid, pgtype.BinaryFormatCode, value, nil)
		return err
	})
	return raw, err
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
	return s.within(ctx, limit, pgx.TxOptions{AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, sql)
		return err
	})
}

// Simple runs several statements at once.
func (s *Store) Simple(ctx context.Context, sql string) error {
	_, err := s.pool.Exec(ctx, sql, pgx.QueryExecModeSimpleProtocol)
	return err
}

// SumsAndTruth asks a report of what reports are made of, and the same of the messages and
// the events, in one snapshot.
func (s *Store) SumsAndTruth(ctx context.Context, q models.ReportQuery) (sums, raw []models.ReportRow, err error) {
	err = pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, func(tx pgx.Tx) error {
		sums, raw = nil, nil
		err := eachSum(ctx, tx, reported, q, func(r models.ReportRow) error { sums = append(sums, r); return nil })
		if err != nil {
			return err
		}
		return eachSum(ctx, tx, truth, q, func(r models.ReportRow) error { raw = append(raw, r); return nil })
	})
	return sums, raw, err
}
