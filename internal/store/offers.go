package store

import (
	"context"
	"slices"
	"time"

	"gorm.io/gorm"
	"gorm.io/gorm/clause"

	"trackly/internal/fault"
	"trackly/models"
)

// AddOffer stores an offer.
func (s *Store) AddOffer(ctx context.Context, once models.Once, o models.Offer) (models.Offer, error) {
	id, err := s.once(ctx, o.AccountID, once, string(o.ID), func(tx *gorm.DB) error {
		if err := fallbackFits(tx, o); err != nil {
			return err
		}
		return tx.Create(&o).Error
	})
	if err != nil {
		return models.Offer{}, explain(err, "offer")
	}
	return s.Offer(ctx, o.AccountID, models.OfferID(id))
}

// Offer reads one offer, archived ones too.
func (s *Store) Offer(ctx context.Context, account models.AccountID, id models.OfferID) (models.Offer, error) {
	var o models.Offer
	if !models.IsID(id) {
		return o, fault.New(fault.NotFound, "no such offer")
	}
	err := s.db.WithContext(ctx).Take(&o, "account_id = ? AND id = ?", account, id).Error
	return o, explain(err, "offer")
}

// Offers reads a page of offers that were not archived, oldest first.
func (s *Store) Offers(ctx context.Context, account models.AccountID, after models.OfferID, limit int) ([]models.Offer, error) {
	var rows []models.Offer
	err := s.page(ctx, account, string(after), limit).Where("status <> ?", models.OfferArchived).Find(&rows).Error
	return rows, explain(err, "offers")
}

// OfferBySecret finds whose offer a postback's secret is. It takes no account: the secret
// proves it. An archived offer is found too: its conversions come in for weeks.
func (s *Store) OfferBySecret(ctx context.Context, hash []byte) (models.Offer, error) {
	var o models.Offer
	err := s.db.WithContext(ctx).Take(&o, "secret_hash = ?", hash).Error
	return o, explain(err, "offer")
}

// OfferUse reads what an offer has used of its caps on the day of its zone that is now.
func (s *Store) OfferUse(ctx context.Context, account models.AccountID, id models.OfferID, now time.Time) (models.OfferUse, error) {
	var u models.OfferUse
	err := s.pool.QueryRow(ctx, `SELECT t.day, coalesce(d.clicks, 0), coalesce(d.conversions, 0)
		FROM offers o CROSS JOIN LATERAL (SELECT ($3 AT TIME ZONE o.zone)::date AS day) t
		LEFT JOIN offer_days d ON d.offer_id = o.id AND d.day = t.day
		WHERE o.account_id = $1 AND o.id = $2`, account, id, now).Scan(&u.Day, &u.Clicks, &u.Conversions)
	return u, explain(err, "offer")
}

// ChangeOffer lets change work on an offer that nobody else can change meanwhile, and
// notes who changed what. Nothing is noted when nothing was changed.
func (s *Store) ChangeOffer(ctx context.Context, account models.AccountID, id models.OfferID, by string,
	change func(o *models.Offer) error,
) (models.Offer, error) {
	var o models.Offer
	if !models.IsID(id) {
		return o, fault.New(fault.NotFound, "no such offer")
	}
	err := s.db.WithContext(ctx).Transaction(func(tx *gorm.DB) error {
		// FOR UPDATE would make every click and conversion of the offer wait for it.
		lock := tx.Clauses(clause.Locking{Strength: "NO KEY UPDATE"})
		if err := lock.Take(&o, "account_id = ? AND id = ?", account, id).Error; err != nil {
			return err
		}
		before := o
		before.Addresses = slices.Clone(o.Addresses)
		if err := change(&o); err != nil {
			return err
		}
		changes := before.Differences(o)
		if len(changes) == 0 {
			return nil
		}
		if _, moved := changes["fallback_offer_id"]; moved {
			if err := fallbackFits(tx, o); err != nil {
				return err
			}
		}
		err := tx.Model(&models.Offer{}).Where("account_id = ? AND id = ?", account, id).
			Select("name", "url", "network", "external_id", "payout_type", "payout", "share", "window_days", "click_cap",
				"conversion_cap", "zone", "fallback_offer_id", "fallback_url", "status", "ends_at", "secret_hash", "addresses",
				"pixel").Updates(&o).Error
		if err != nil {
			return err
		}
		return addOfferChange(tx, o, by, changes)
	})
	return o, explain(err, "offer")
}

// fallbackFits refuses a fallback that is not the account's, and one that leads back: a
// click must not go round in circles.
func fallbackFits(tx *gorm.DB, o models.Offer) error {
	if o.FallbackOfferID == nil {
		return nil
	}
	var found, round bool
	err := tx.Raw(`WITH RECURSIVE chain (id, next, depth) AS (
			SELECT id, fallback_offer_id, 1 FROM offers WHERE account_id = ? AND id = ?
			UNION ALL
			SELECT o.id, o.fallback_offer_id, c.depth + 1 FROM chain c JOIN offers o ON o.id = c.next WHERE c.depth < 32
		) SELECT count(*) > 0, coalesce(bool_or(id = ?) OR max(depth) >= 32, false) FROM chain`,
		o.AccountID, *o.FallbackOfferID, o.ID).Row().Scan(&found, &round)
	var bad fault.Problems
	switch {
	case err != nil:
		return err
	case !found:
		bad.Add("fallback_offer_id", "is not an offer of this account")
	case round:
		bad.Add("fallback_offer_id", "leads back to this offer")
	}
	return bad.Err("the offer")
}
