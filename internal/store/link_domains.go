package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"gorm.io/gorm"

	"trackly/internal/fault"
	"trackly/models"
)

// AddLinkDomain gives a list one more link domain. It returns the stored one, which is an
// earlier one when the request is a repetition.
func (s *Store) AddLinkDomain(ctx context.Context, o models.Once, d models.LinkDomain) (models.LinkDomain, error) {
	if _, err := s.List(ctx, d.AccountID, d.ListID); err != nil {
		return d, err
	}
	id, err := s.once(ctx, d.AccountID, o, string(d.ID), func(tx *gorm.DB) error {
		if err := tx.Exec(`SELECT pg_advisory_xact_lock(hashtextextended(?, 0))`, domainsLock(d.ListID)).Error; err != nil {
			return err
		}
		var n int64
		if err := tx.Model(&models.LinkDomain{}).Where("list_id = ?", d.ListID).Count(&n).Error; err != nil {
			return err
		}
		if n >= models.MaxDomains {
			return fault.New(fault.Conflict, "a list has at most %d link domains; delete one first", models.MaxDomains)
		}
		return tx.Create(&d).Error
	})
	if err != nil {
		return d, explain(err, "link domain")
	}
	return s.LinkDomain(ctx, d.AccountID, d.ListID, models.DomainID(id))
}

// domainsLock names the lock under which it is decided whether any domain of a list is
// left. It is taken last, by whoever has already changed a domain.
func domainsLock(list models.ListID) string { return "link_domains/" + string(list) }

// LinkDomain reads one link domain of a list.
func (s *Store) LinkDomain(ctx context.Context, account models.AccountID, list models.ListID, id models.DomainID) (models.LinkDomain, error) {
	var d models.LinkDomain
	if !models.IsID(list) || !models.IsID(id) {
		return d, fault.New(fault.NotFound, "no such link domain")
	}
	err := s.db.WithContext(ctx).Take(&d, "account_id = ? AND list_id = ? AND id = ?", account, list, id).Error
	return d, explain(err, "link domain")
}

// LinkDomains reads a list's link domains in the order in which they are used up.
func (s *Store) LinkDomains(ctx context.Context, account models.AccountID, list models.ListID) ([]models.LinkDomain, error) {
	var rows []models.LinkDomain
	err := s.db.WithContext(ctx).Order("rank, id").Find(&rows, "account_id = ? AND list_id = ?", account, list).Error
	return rows, explain(err, "link domains")
}

// SetLinkDomain changes a domain's rank and burn limit. A limit that is reached already
// retires it at once; one that is not any more makes it new: it must be checked again.
func (s *Store) SetLinkDomain(ctx context.Context, d models.LinkDomain) (models.LinkDomain, error) {
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		var retired bool
		err := tx.QueryRow(ctx, `
			WITH old AS (SELECT state FROM link_domains WHERE account_id = $1 AND list_id = $2 AND id = $3 FOR UPDATE)
			UPDATE link_domains d SET rank = $4, burn_limit = $5::bigint,
			       state = CASE WHEN $5::bigint > 0 AND messages >= $5::bigint THEN 'retired' WHEN d.state = 'retired' THEN 'new' ELSE d.state END
			  FROM old WHERE d.id = $3
			RETURNING d.state = 'retired' AND old.state = 'up'`,
			d.AccountID, d.ListID, d.ID, d.Rank, d.BurnLimit).Scan(&retired)
		if err != nil || !retired {
			return err
		}
		return leftUse(ctx, tx, d, models.EventDomainRetired, models.Warning, "has reached its burn limit")
	})
	if err != nil {
		return d, explain(err, "link domain")
	}
	return s.LinkDomain(ctx, d.AccountID, d.ListID, d.ID)
}

// DeleteLinkDomain takes a domain from its list. Links already sent keep working as long
// as it leads to this server.
func (s *Store) DeleteLinkDomain(ctx context.Context, account models.AccountID, list models.ListID, id models.DomainID) error {
	d, err := s.LinkDomain(ctx, account, list, id)
	if err != nil {
		return err
	}
	err = s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		err := tx.QueryRow(ctx, `DELETE FROM link_domains WHERE account_id = $1 AND id = $2 RETURNING state`, account, d.ID).Scan(&d.State)
		if err != nil || d.State != models.DomainUp {
			return err
		}
		return fallenBack(ctx, tx, d)
	})
	return explain(err, "link domain")
}
