package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
)

// ForetellConversions says of each Told whether Convert would refuse it, or knows it
// already. It keeps nothing, and cannot know what is told meanwhile.
func (s *Store) ForetellConversions(ctx context.Context, account models.AccountID, all []models.Told) ([]models.Booking, error) {
	out := make([]models.Booking, len(all))
	offers, transactions, kinds := make([]models.OfferID, len(all)), make([]string, len(all)), make([]string, len(all))
	now := time.Now()
	for i, t := range all {
		if out[i].Refused = checkTold(account, &t, now); out[i].Refused == nil {
			offers[i], transactions[i], kinds[i] = t.OfferID, t.TransactionID, string(t.Kind)
		}
	}
	currencies, err := s.countable(ctx, account)
	if err != nil {
		return nil, explain(err, "rates")
	}
	rows, err := s.pool.Query(ctx, `SELECT n, o.id IS NOT NULL, c.id IS NOT NULL
		FROM unnest($2::text[], $3::text[], $4::text[]) WITH ORDINALITY AS t (offer_id, transaction_id, kind, n)
		LEFT JOIN offers o ON o.id = nullif(t.offer_id, '')::uuid AND o.account_id = $1
		LEFT JOIN conversions c ON c.offer_id = o.id AND c.transaction_id = t.transaction_id AND c.kind = t.kind`,
		account, offers, transactions, kinds)
	if err != nil {
		return nil, explain(err, "conversions")
	}
	var n int
	var ours, known bool
	_, err = pgx.ForEachRow(rows, []any{&n, &ours, &known}, func() error {
		b, t := &out[n-1], all[n-1]
		switch {
		case b.Refused != nil:
		case !ours:
			b.Refused = fault.New(fault.NotFound, "no such offer")
		case known:
			b.Repeated = true
		case t.Amount != nil && t.Currency != "" && !currencies[t.Currency]:
			b.Refused = unknownCurrency(t.Currency)
		}
		return nil //nolint:nilerr // a refusal is an answer
	})
	return out, explain(err, "conversions")
}

// countable are the currencies in which the account can be told amounts.
func (s *Store) countable(ctx context.Context, account models.AccountID) (map[string]bool, error) {
	rows, err := s.pool.Query(ctx, `SELECT currency FROM accounts WHERE id = $1 UNION SELECT currency FROM rates WHERE account_id = $1`, account)
	if err != nil {
		return nil, err
	}
	out := map[string]bool{}
	var currency string
	_, err = pgx.ForEachRow(rows, []any{&currency}, func() error {
		out[currency] = true
		return nil
	})
	return out, err
}
