package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// credit is what a conversion is given to.
type credit struct {
	message      models.MessageID
	subscription models.SubscriptionID
}

// creditAll finds what earned each transaction: the message it was matched to by hand, or
// the one whose link the person followed first within the offer's window. A click may seem
// a minute younger than its conversion: two clocks told the times.
func creditAll(ctx context.Context, tx sender, all []*transaction) error {
	var n, matched []int32
	var messages, contacts []int64
	var offers []string
	var times []time.Time
	for i, t := range all {
		o, person, message := t.original(), t.person(), t.matched()
		switch {
		case o.State == models.Waiting:
		case message != nil:
			matched, messages = append(matched, int32(i)), append(messages, int64(*message))
		case person != nil:
			n, contacts = append(n, int32(i)), append(contacts, int64(*person))
			offers, times = append(offers, string(o.OfferID)), append(times, o.At)
		}
	}
	found := make([]*credit, len(all))
	var batch pgx.Batch
	queueCredit(&batch, found, `SELECT w.n, m.id, m.subscription_id
		FROM unnest($1::int[], $2::bigint[]) AS w (n, id) JOIN messages m ON m.id = w.id`, matched, messages)
	queueCredit(&batch, found, `SELECT w.n, m.id, m.subscription_id
		FROM unnest($1::int[], $2::bigint[], $3::uuid[], $4::timestamptz[]) AS w (n, contact_id, offer_id, at)
		JOIN offers o ON o.id = w.offer_id
		CROSS JOIN LATERAL (
			SELECT k.message_id FROM clicks k
			 WHERE k.contact_id = w.contact_id AND k.offer_id = w.offer_id AND k.verdict = 'human' AND k.account_id = o.account_id
			   AND k.at BETWEEN w.at - make_interval(hours => 24 * o.window_days) AND w.at + interval '1 minute'
			 ORDER BY k.at, k.id LIMIT 1) k
		JOIN messages m ON m.id = k.message_id`, n, contacts, offers, times)
	if err := send(ctx, tx, &batch); err != nil {
		return err
	}
	for i, t := range all {
		t.credit(found[i])
	}
	return nil
}

// queueCredit asks nothing when there is nobody to ask about: most batches match nothing by
// hand.
func queueCredit(batch *pgx.Batch, found []*credit, sql string, places []int32, args ...any) {
	if len(places) == 0 {
		return
	}
	type answer struct {
		n int32
		credit
	}
	queueEach(batch, sql,
		func(a *answer) []any { return []any{&a.n, &a.message, &a.subscription} },
		func(a answer) { found[a.n] = &a.credit }, append([]any{places}, args...)...)
}
