package store

import (
	"context"

	"gorm.io/gorm"

	"trackly/internal/fault"
	"trackly/models"
)

// AddList stores a list and seals its provider token. It returns the stored list,
// which is an earlier one when the request is a repetition.
func (s *Store) AddList(ctx context.Context, o models.Once, l models.List, token string) (models.List, error) {
	l.ProviderToken = s.sealer.seal(string(l.ID), token)
	id, err := s.once(ctx, l.AccountID, o, string(l.ID), func(tx *gorm.DB) error { return tx.Create(&l).Error })
	if err != nil {
		return models.List{}, explain(err, "list")
	}
	return s.List(ctx, l.AccountID, models.ListID(id))
}

// List reads one list.
func (s *Store) List(ctx context.Context, account models.AccountID, id models.ListID) (models.List, error) {
	var l models.List
	if !models.IsID(id) {
		return l, fault.New(fault.NotFound, "no such list")
	}
	err := s.db.WithContext(ctx).Take(&l, "account_id = ? AND id = ?", account, id).Error
	return l, explain(err, "list")
}

// WebhookList reads the list a provider's webhook is addressed to, and its token. It
// takes no account: the signature that the token checks is what proves the caller.
func (s *Store) WebhookList(ctx context.Context, id models.ListID) (models.List, string, error) {
	var l models.List
	if !models.IsID(id) {
		return l, "", fault.New(fault.NotFound, "no such list")
	}
	if err := s.db.WithContext(ctx).Take(&l, "id = ?", id).Error; err != nil {
		return l, "", explain(err, "list")
	}
	token, err := s.sealer.open(string(l.ID), l.ProviderToken)
	return l, token, err
}

// Lists reads a page of lists after the cursor, oldest first.
func (s *Store) Lists(ctx context.Context, account models.AccountID, after models.ListID, limit int) ([]models.List, error) {
	var rows []models.List
	err := s.page(ctx, account, string(after), limit).Find(&rows).Error
	return rows, explain(err, "lists")
}

// MoveList pauses a list, with the reason people will read, or makes it active again.
func (s *Store) MoveList(ctx context.Context, account models.AccountID, id models.ListID, next models.ListState, reason string) (models.List, error) {
	if _, err := s.List(ctx, account, id); err != nil {
		return models.List{}, err
	}
	err := s.db.WithContext(ctx).Model(&models.List{}).Where("account_id = ? AND id = ?", account, id).
		Updates(map[string]any{"state": next, "reason": reason}).Error
	if err != nil {
		return models.List{}, explain(err, "list")
	}
	return s.List(ctx, account, id)
}

// page is the one way rows with a UUID are listed: by account, in id order.
func (s *Store) page(ctx context.Context, account models.AccountID, after string, limit int) *gorm.DB {
	q := s.db.WithContext(ctx).Where("account_id = ?", account).Order("id").Limit(limit)
	if after != "" {
		q = q.Where("id > ?", after)
	}
	return q
}

// ListsAt reads the lists whose provider is reached at this URL. It crosses accounts:
// only the one-machine mode asks, for its own sandbox provider.
func (s *Store) ListsAt(ctx context.Context, baseURL string) ([]models.List, error) {
	var rows []models.List
	err := s.db.WithContext(ctx).Order("id").Find(&rows, "base_url = ?", baseURL).Error
	return rows, explain(err, "lists")
}
