package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
)

const subscriptionColumns = `s.id, s.account_id::text, s.list_id::text, s.contact_id, coalesce(c.phone, ''), s.status,
	s.status_reason, s.first_name, s.last_name, s.state, s.zone, s.postal, s.fields, s.signup_method, s.signup_at, s.opted_out_at,
	coalesce(t.send_count, 0), coalesce(t.click_count, 0), t.last_sent_at, t.last_clicked_at,
	s.at_state, s.at_zones, c.carrier, c.line_type`

// subscribers are the tables from which those columns come.
const subscribers = `subscriptions s JOIN contacts c ON c.id = s.contact_id LEFT JOIN totals t ON t.subscription_id = s.id`

// Subscriptions reads a page of a list's contacts after the cursor, oldest first.
func (s *Store) Subscriptions(ctx context.Context, account models.AccountID, list models.ListID,
	after models.SubscriptionID, limit int,
) ([]models.Subscription, error) {
	if !models.IsID(list) {
		return nil, fault.New(fault.NotFound, "no such list")
	}
	rows, err := s.pool.Query(ctx, `SELECT `+subscriptionColumns+`
		  FROM `+subscribers+`
		 WHERE s.account_id = $1 AND s.list_id = $2 AND s.id > $3
		 ORDER BY s.id LIMIT $4`, account, list, after, limit)
	if err != nil {
		return nil, explain(err, "contacts")
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[models.Subscription])
	return out, explain(err, "contacts")
}

// SubscriptionsOf reads the contact with this phone, if it is on the list.
func (s *Store) SubscriptionsOf(ctx context.Context, account models.AccountID, list models.ListID, phone string) ([]models.Subscription, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+subscriptionColumns+`
		  FROM `+subscribers+`
		 WHERE s.account_id = $1 AND s.list_id = $2 AND c.phone = $3`, account, list, phone)
	if err != nil {
		return nil, explain(err, "contacts")
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[models.Subscription])
	return out, explain(err, "contacts")
}

// Subscription reads one contact of a list.
func (s *Store) Subscription(ctx context.Context, account models.AccountID, list models.ListID, id models.SubscriptionID) (models.Subscription, error) {
	if !models.IsID(list) {
		return models.Subscription{}, fault.New(fault.NotFound, "no such contact")
	}
	rows, err := s.pool.Query(ctx, `SELECT `+subscriptionColumns+`
		  FROM `+subscribers+`
		 WHERE s.account_id = $1 AND s.list_id = $2 AND s.id = $3`, account, list, id)
	if err != nil {
		return models.Subscription{}, explain(err, "contact")
	}
	out, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[models.Subscription])
	return out, explain(err, "contact")
}
