package store

import (
	"context"
	"time"

	"github.com/pressly/goose/v3"

	"trackly/models"
	"trackly/rules/audience"
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

// AudienceSize counts whom a filter means on one list.
func (s *Store) AudienceSize(ctx context.Context, account models.AccountID, list models.ListID, f audience.Filter) (int64, error) {
	r, err := s.Reach(ctx, models.Campaign{ID: models.NewID[models.CampaignID](), AccountID: account, ListID: list, Filter: f}, time.Now())
	return r.Contacts, err
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
