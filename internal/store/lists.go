package store

import (
	"context"

	"gorm.io/gorm"

	"trackly/internal/fault"
	"trackly/models"
)

// AddList stores a list with its routes and seals their credentials, given in the routes'
// order. It returns the stored list, which is an earlier one when the request is a
// repetition.
func (s *Store) AddList(ctx context.Context, o models.Once, l models.List, creds ...models.Credentials) (models.List, error) {
	if len(creds) != len(l.Routes) {
		return l, fault.New(fault.Internal, "%d routes with %d credentials", len(l.Routes), len(creds))
	}
	id, err := s.once(ctx, l.AccountID, o, string(l.ID), func(tx *gorm.DB) error {
		if err := tx.Create(&l).Error; err != nil {
			return err
		}
		for i, r := range l.Routes {
			var err error
			if r.Credentials, err = s.sealer.seal(r, creds[i]); err != nil {
				return err
			}
			if err := tx.Create(&r).Error; err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return models.List{}, explain(err, "list")
	}
	return s.List(ctx, l.AccountID, models.ListID(id))
}

// List reads one list with its routes.
func (s *Store) List(ctx context.Context, account models.AccountID, id models.ListID) (models.List, error) {
	var l models.List
	if !models.IsID(id) {
		return l, fault.New(fault.NotFound, "no such list")
	}
	if err := s.db.WithContext(ctx).Take(&l, "account_id = ? AND id = ?", account, id).Error; err != nil {
		return l, explain(err, "list")
	}
	err := s.db.WithContext(ctx).Order("rank").Find(&l.Routes, "list_id = ?", id).Error
	return l, explain(err, "list")
}

// Lists reads a page of lists after the cursor, oldest first, with their routes.
func (s *Store) Lists(ctx context.Context, account models.AccountID, after models.ListID, limit int) ([]models.List, error) {
	var rows []models.List
	if err := s.page(ctx, account, string(after), limit).Find(&rows).Error; err != nil || len(rows) == 0 {
		return rows, explain(err, "lists")
	}
	at := make(map[models.ListID]int, len(rows))
	ids := make([]models.ListID, len(rows))
	for i, l := range rows {
		at[l.ID], ids[i] = i, l.ID
	}
	var routes []models.Route
	err := s.db.WithContext(ctx).Order("list_id, rank").Find(&routes, "list_id IN ?", ids).Error
	for _, r := range routes {
		l := &rows[at[r.ListID]]
		l.Routes = append(l.Routes, r)
	}
	return rows, explain(err, "lists")
}

// SetList changes a list's settings.
func (s *Store) SetList(ctx context.Context, l models.List) (models.List, error) {
	res := s.db.WithContext(ctx).Model(&models.List{}).Where("account_id = ? AND id = ?", l.AccountID, l.ID).
		Select("messages_per_second", "segments_per_second", "messages_per_day", "frequency_hours",
			"answers_stop", "answers_help", "stop_text", "help_text").Updates(&l)
	if res.Error != nil {
		return l, explain(res.Error, "list")
	}
	if err := s.learnTexted(ctx, l.AccountID, l.FrequencyHours); err != nil {
		return l, err
	}
	return s.List(ctx, l.AccountID, l.ID)
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
