package store

import (
	"context"
	"maps"
	"slices"

	"gorm.io/gorm"

	"trackly/internal/fault"
	"trackly/models"
)

// AddCreative stores a creative with its links.
func (s *Store) AddCreative(ctx context.Context, o models.Once, c models.Creative) (models.Creative, error) {
	id, err := s.once(ctx, c.AccountID, o, string(c.ID), func(tx *gorm.DB) error {
		if err := offersFit(tx, c); err != nil {
			return err
		}
		if err := tx.Create(&c).Error; err != nil || len(c.Links) == 0 {
			return err
		}
		return tx.Create(&c.Links).Error
	})
	if err != nil {
		return models.Creative{}, explain(err, "creative")
	}
	return s.Creative(ctx, c.AccountID, models.CreativeID(id))
}

// offersFit refuses links to offers that are not the account's, or were deleted.
func offersFit(tx *gorm.DB, c models.Creative) error {
	asked := map[models.OfferID]bool{}
	for _, l := range c.Links {
		if l.OfferID != nil {
			asked[*l.OfferID] = true
		}
	}
	if len(asked) == 0 {
		return nil
	}
	var found int64
	err := tx.Model(&models.Offer{}).Where("account_id = ? AND id IN ? AND status <> ?",
		c.AccountID, slices.Collect(maps.Keys(asked)), models.OfferArchived).Count(&found).Error
	if err == nil && int(found) < len(asked) {
		err = fault.New(fault.NotFound, "no such offer")
	}
	return err
}

// Creative reads one creative with its links, archived ones too.
func (s *Store) Creative(ctx context.Context, account models.AccountID, id models.CreativeID) (models.Creative, error) {
	var c models.Creative
	if !models.IsID(id) {
		return c, fault.New(fault.NotFound, "no such creative")
	}
	err := s.db.WithContext(ctx).Take(&c, "account_id = ? AND id = ?", account, id).Error
	if err != nil {
		return c, explain(err, "creative")
	}
	err = s.db.WithContext(ctx).Order("number").Find(&c.Links, "creative_id = ?", id).Error
	return c, explain(err, "creative")
}

// Creatives reads a page of creatives that were not deleted, oldest first, without
// their links.
func (s *Store) Creatives(ctx context.Context, account models.AccountID, after models.CreativeID, limit int) ([]models.Creative, error) {
	var rows []models.Creative
	err := s.page(ctx, account, string(after), limit).Where("status <> ?", models.CreativeArchived).Find(&rows).Error
	return rows, explain(err, "creatives")
}

// MoveCreative changes a creative's status. Deleting is archiving: texts that are
// already in phones still need its links.
func (s *Store) MoveCreative(ctx context.Context, account models.AccountID, id models.CreativeID, next models.CreativeStatus) error {
	if !models.IsID(id) {
		return fault.New(fault.NotFound, "no such creative")
	}
	res := s.db.WithContext(ctx).Model(&models.Creative{}).
		Where("account_id = ? AND id = ?", account, id).Update("status", next)
	if res.Error == nil && res.RowsAffected == 0 {
		return fault.New(fault.NotFound, "no such creative")
	}
	return explain(res.Error, "creative")
}
