package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
)

// Settings reads an account's own rules.
func (s *Store) Settings(ctx context.Context, account models.AccountID) (models.Settings, error) {
	var a models.Account
	err := s.db.WithContext(ctx).Take(&a, "id = ?", account).Error
	return a.Settings, explain(err, "account")
}

// SetSettings changes an account's own rules. A frequency cap that is new, or longer than
// before, learns from the messages which contacts were texted in that time. Another zone
// makes the tallies of the account's days anew.
//
// What can be refused comes first, so that a refusal leaves everything as it was. It is not
// one transaction: the currency's locks the account against new rows, which would wait
// until the tallies are made.
func (s *Store) SetSettings(ctx context.Context, account models.AccountID, n models.Settings) error {
	if _, err := time.LoadLocation(n.Zone); err != nil {
		return fault.New(fault.Invalid, "no such zone")
	}
	if err := s.setCurrency(ctx, account, n.Currency); err != nil {
		return err
	}
	if err := s.setZone(ctx, account, n.Zone); err != nil {
		return err
	}
	res := s.db.WithContext(ctx).Model(&models.Account{}).Where("id = ?", account).
		Select("zone", "opt_out_scope", "frequency_hours", "hours_from", "hours_to", "hours_skip_days",
			"hours_strict", "hours_unknown", "keep_texts_days", "keep_addresses_days").Updates(&models.Account{Settings: n})
	if res.Error != nil {
		return explain(res.Error, "settings")
	}
	if res.RowsAffected == 0 {
		return fault.New(fault.NotFound, "no such account")
	}
	return s.learnTexted(ctx, account, n.FrequencyHours)
}

// setCurrency is a Conflict once an amount means something: nothing of what stands in the
// books would be converted.
func (s *Store) setCurrency(ctx context.Context, account models.AccountID, currency string) error {
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		var now string
		// With the row's key locked nobody can add an offer meanwhile.
		err := tx.QueryRow(ctx, `SELECT currency FROM accounts WHERE id = $1 FOR UPDATE`, account).Scan(&now)
		if err != nil || now == currency {
			return err
		}
		var used bool
		err = tx.QueryRow(ctx, `SELECT EXISTS (SELECT FROM offers WHERE account_id = $1) OR EXISTS (SELECT FROM conversions WHERE account_id = $1)
			OR EXISTS (SELECT FROM segment_usage WHERE account_id = $1 AND segments > 0) OR EXISTS (SELECT FROM rates WHERE account_id = $1)`, account).Scan(&used)
		if err == nil && used {
			return fault.New(fault.Conflict, "the currency cannot change any more: the account has amounts in %s", now)
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE accounts SET currency = $2 WHERE id = $1`, account, currency)
		return err
	})
	return explain(err, "account")
}
