package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/price"
	"trackly/rules/pull"
)

// NetworkOffers finds the account's offers by the network's names for them. Of two with one
// name it is always the older one: told of another, a conversion would be booked twice.
func (s *Store) NetworkOffers(ctx context.Context, account models.AccountID, n models.Network, names []string) (map[string]models.NetworkOffer, error) {
	rows, err := s.pool.Query(ctx, `SELECT DISTINCT ON (external_id) external_id, id::text, payout_type FROM offers
		WHERE account_id = $1 AND network = $2 AND external_id = ANY ($3) ORDER BY external_id, id`, account, n, names)
	if err != nil {
		return nil, explain(err, "offers")
	}
	found := map[string]models.NetworkOffer{}
	var name string
	var o models.NetworkOffer
	_, err = pgx.ForEachRow(rows, []any{&name, &o.ID, &o.PayoutType}, func() error {
		found[name] = o
		return nil
	})
	return found, explain(err, "offers")
}

// BookedTransactions reads what the books hold of these transactions. What they do not know
// is left out.
func (s *Store) BookedTransactions(ctx context.Context, account models.AccountID, all []models.Transaction) (map[models.Transaction]pull.Booked, error) {
	offers, ids := make([]string, len(all)), make([]string, len(all))
	for i, t := range all {
		offers[i], ids[i] = string(t.OfferID), t.TransactionID
	}
	rows, err := s.pool.Query(ctx, `
		SELECT c.offer_id::text, c.transaction_id,
		       coalesce(bool_or(c.kind = 'sale' AND c.source = 'tune'), false), bool_or(c.kind NOT IN ('refund', 'chargeback')),
		       coalesce(max(c.at) FILTER (WHERE c.kind = 'sale'), 'epoch'), coalesce(max(c.amount) FILTER (WHERE c.kind = 'sale'), 0), coalesce(max(c.currency) FILTER (WHERE c.kind = 'sale'), ''),
		       max(c.amount) FILTER (WHERE c.kind = 'refund'), bool_or(c.counted = -1)
		  FROM conversions c JOIN unnest($2::uuid[], $3::text[]) AS t (offer_id, transaction_id)
		    ON c.offer_id = t.offer_id AND c.transaction_id = t.transaction_id
		 WHERE c.account_id = $1 GROUP BY 1, 2`, account, offers, ids)
	if err != nil {
		return nil, explain(err, "conversions")
	}
	found := map[models.Transaction]pull.Booked{}
	var t models.Transaction
	var b pull.Booked
	var refund *price.Micros
	into := []any{&t.OfferID, &t.TransactionID, &b.Pulled, &b.Sold, &b.At, &b.Amount, &b.Currency, &refund, &b.Taken}
	_, err = pgx.ForEachRow(rows, into, func() error {
		b.Refund = refund
		found[t] = b
		return nil
	})
	return found, explain(err, "conversions")
}

// BlockConnection notes that the network refuses the key. Nobody asks it any more before a
// person acts; it is told once.
func (s *Store) BlockConnection(ctx context.Context, c models.Connection, problem string) error {
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `UPDATE connections SET state = 'blocked', problem = $3
			WHERE account_id = $1 AND id = $2 AND state <> 'blocked'`, c.AccountID, c.ID, problem)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		return addEvent(ctx, tx, models.Event{
			AccountID: c.AccountID, Kind: models.EventPullBlocked, Severity: models.Alert,
			Text: "no conversions are pulled over connection " + c.Name + ": " + problem,
		})
	})
	return explain(err, "connection")
}

// EndPull notes how a pull ended. A problem that is another one than before is told once.
func (s *Store) EndPull(ctx context.Context, account models.AccountID, id models.ConnectionID, e models.PullEnd) error {
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		var before, name string
		err := tx.QueryRow(ctx, `
			WITH old AS (SELECT problem FROM connections WHERE account_id = $1 AND id = $2 FOR UPDATE)
			UPDATE connections c SET problem = $3, state = CASE WHEN $4 THEN 'up' ELSE c.state END,
			       pulled_at = CASE WHEN $4 THEN $5::timestamptz ELSE c.pulled_at END,
			       pending_from = CASE WHEN $4 THEN $6::timestamptz ELSE c.pending_from END
			  FROM old WHERE c.id = $2 RETURNING old.problem, c.name`,
			account, id, e.Problem, e.Complete, e.Began, e.PendingFrom).Scan(&before, &name)
		if err != nil || e.Problem == "" || e.Problem == before {
			return err
		}
		return addEvent(ctx, tx, models.Event{
			AccountID: account, Kind: models.EventPullFailed, Severity: models.Warning, Text: "connection " + name + ": " + e.Problem,
		})
	})
	if explained := explain(err, "connection"); fault.KindOf(explained) != fault.NotFound {
		return explained
	}
	return nil // deleted meanwhile
}
