package store

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
)

// ChangeContact changes what is known of a contact on a list. Of somebody who was erased
// nothing is written down again.
func (s *Store) ChangeContact(ctx context.Context, account models.AccountID, list models.ListID, id models.SubscriptionID, c models.Change) (models.Subscription, error) {
	if _, err := s.Subscription(ctx, account, list, id); err != nil {
		return models.Subscription{}, err
	}
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		old, n, err := holdContact(ctx, tx, account, id)
		if err != nil {
			return err
		}
		next, err := c.Lay(old, n)
		if err != nil {
			return err
		}
		set, err := fieldSet(ctx, tx, account)
		if err == nil {
			err = fit(c.Fields, set)
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			UPDATE subscriptions u
			   SET first_name = $3, last_name = $4, state = $5, zone = $6, postal = $7, at_state = $8, at_zones = $9, fields = `+fieldsLaid+`
			  FROM (SELECT $10::text AS fields, $11::text AS unset, $12::boolean AS replaces) t
			 WHERE u.account_id = $1 AND u.id = $2`,
			account, id, next.FirstName, next.LastName, next.State, next.Zone, next.Postal, next.AtState, orEmpty(next.AtZones),
			string(c.Fields.Encode(set)), strings.Join(c.Unset, ","), c.Replace)
		return err
	})
	if err != nil {
		return models.Subscription{}, explain(err, "contact")
	}
	return s.Subscription(ctx, account, list, id)
}

// holdContact takes the contact's row before the subscription's, as an erasure does: read
// the other way round, it could still have its phone when the names are gone.
func holdContact(ctx context.Context, tx pgx.Tx, account models.AccountID, id models.SubscriptionID) (sub models.Subscription, n models.Number, err error) {
	_, err = tx.Exec(ctx, `SELECT FROM contacts WHERE id = (SELECT contact_id FROM subscriptions WHERE account_id = $1 AND id = $2) FOR NO KEY UPDATE`,
		account, id)
	if err != nil {
		return sub, n, err
	}
	rows, err := tx.Query(ctx, `SELECT `+subscriptionColumns+` FROM `+subscribers+`
		WHERE s.account_id = $1 AND s.id = $2 FOR NO KEY UPDATE OF s`, account, id)
	if err != nil {
		return sub, n, err
	}
	if sub, err = pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[models.Subscription]); err != nil {
		return sub, n, err
	}
	if sub.Phone == "" {
		return sub, n, fault.New(fault.Conflict, "this person was erased; nothing about them is kept any more")
	}
	err = tx.QueryRow(ctx, `SELECT phone, region, zones FROM contacts WHERE id = $1`, sub.ContactID).Scan(&n.Phone, &n.Region, &n.Zones)
	return sub, n, err
}
