package store

import (
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/models"
	"trackly/rules/price"
)

// conversionColumns are those of a conversion c, in the order of models.Conversion.
const conversionColumns = `c.id::text, c.account_id::text, c.offer_id::text, c.kind, c.transaction_id, c.source, c.at, c.received_at,
	c.amount, c.currency, c.rate, c.earned, c.whole, c.click_id::text, c.named_message, c.contact_id, c.matched_message, c.matched_by,
	c.state, c.booked, c.counted, c.message_id, c.subscription_id, c.repeats`

// queueFresh writes what was not known before, with what the books make of it. The columns
// have no types of ours: pgx would look at each value by reflection.
func queueFresh(batch *pgx.Batch, rows []*bookRow) {
	n := len(rows)
	if n == 0 {
		return
	}
	ids, accounts, offers := make([]string, n), make([]string, n), make([]string, n)
	kinds, transactions, sources := make([]string, n), make([]string, n), make([]string, n)
	times, whole := make([]time.Time, n), make([]bool, n)
	amounts, rates, earned, booked := make([]int64, n), make([]int64, n), make([]int64, n), make([]int64, n)
	currencies, states, clicks := make([]string, n), make([]string, n), make([]*string, n)
	named, messages, contacts, subscriptions := make([]*int64, n), make([]*int64, n), make([]*int64, n), make([]*int64, n)
	counted, repeats := make([]int16, n), make([]int32, n)
	for i, r := range rows {
		ids[i], accounts[i], offers[i] = string(r.ID), string(r.AccountID), string(r.OfferID)
		kinds[i], transactions[i], sources[i] = string(r.Kind), r.TransactionID, string(r.Source)
		times[i], whole[i] = r.At, r.Whole
		amounts[i], rates[i], earned[i], booked[i] = int64(r.Amount), int64(r.Rate), int64(r.Earned), int64(r.Booked)
		currencies[i], states[i], clicks[i] = r.Currency, string(r.State), r.ClickID
		named[i], messages[i] = (*int64)(r.NamedMessage), (*int64)(r.MessageID)
		contacts[i], subscriptions[i] = (*int64)(r.ContactID), (*int64)(r.SubscriptionID)
		counted[i], repeats[i] = int16(r.Counted), int32(r.more) //nolint:gosec // -1 to 1, some hundreds
	}
	batch.Queue(`INSERT INTO conversions (id, account_id, offer_id, kind, transaction_id, source, at, amount, currency, rate, earned, whole,
			click_id, named_message, contact_id, state, booked, counted, message_id, subscription_id, repeats)
		SELECT * FROM unnest($1::uuid[], $2::uuid[], $3::uuid[], $4::text[], $5::text[], $6::text[], $7::timestamptz[],
			$8::bigint[], $9::text[], $10::bigint[], $11::bigint[], $12::boolean[],
			$13::uuid[], $14::bigint[], $15::bigint[], $16::text[], $17::bigint[], $18::smallint[], $19::bigint[], $20::bigint[], $21::int[])`,
		ids, accounts, offers, kinds, transactions, sources, times, amounts, currencies, rates, earned, whole,
		clicks, named, contacts, states, booked, counted, messages, subscriptions, repeats)
}

// queueMoved writes what the books make now of what was known.
func queueMoved(batch *pgx.Batch, rows []*bookRow) {
	n := len(rows)
	if n == 0 {
		return
	}
	ids, states, by := make([]models.ConversionID, n), make([]string, n), make([]string, n)
	booked, counted := make([]price.Micros, n), make([]int16, n)
	messages, matched := make([]*models.MessageID, n), make([]*models.MessageID, n)
	subscriptions := make([]*models.SubscriptionID, n)
	for i, r := range rows {
		ids[i], states[i], by[i] = r.ID, string(r.State), r.MatchedBy
		booked[i], counted[i] = r.Booked, int16(r.Counted) //nolint:gosec // -1 to 1
		messages[i], matched[i], subscriptions[i] = r.MessageID, r.MatchedMessage, r.SubscriptionID
	}
	batch.Queue(`UPDATE conversions c SET state = w.state, booked = w.booked, counted = w.counted, message_id = w.message_id,
			subscription_id = w.subscription_id, matched_message = w.matched, matched_by = w.by
		FROM unnest($1::uuid[], $2::text[], $3::bigint[], $4::smallint[], $5::bigint[], $6::bigint[], $7::bigint[], $8::text[])
			AS w (id, state, booked, counted, message_id, subscription_id, matched, by) WHERE c.id = w.id`,
		ids, states, booked, counted, messages, subscriptions, matched, by)
}
