package store

import (
	"context"

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
func (s *Store) SetSettings(ctx context.Context, account models.AccountID, n models.Settings) error {
	if err := s.setZone(ctx, account, n.Zone); err != nil {
		return err
	}
	res := s.db.WithContext(ctx).Model(&models.Account{}).Where("id = ?", account).
		Select("zone", "currency", "opt_out_scope", "frequency_hours", "hours_from", "hours_to", "hours_skip_days",
			"hours_strict", "hours_unknown", "keep_texts_days").Updates(&models.Account{Settings: n})
	if res.Error != nil {
		return explain(res.Error, "settings")
	}
	if res.RowsAffected == 0 {
		return fault.New(fault.NotFound, "no such account")
	}
	return s.learnTexted(ctx, account, n.FrequencyHours)
}
