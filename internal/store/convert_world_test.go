package store_test

import (
	"crypto/sha256"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/models"
	"trackly/rules/audience"
	"trackly/rules/price"
)

// market is a world whose people were texted links to an offer.
type market struct {
	*world
	offer    models.OfferID
	messages []models.MessageID // by subscription
}

const dollar = price.Unit

func newMarket(t *testing.T, contacts int) *market {
	t.Helper()
	m := &market{world: newWorld(t, contacts)}
	m.offer = m.addOffer("cpa", 10*dollar)
	c := m.launched(audience.Filter{}, 100)
	m.messages = m.claim(m.take(c, first), first)
	m.settle(models.MessageSent, m.messages...)
	return m
}

func (m *market) addOffer(pays string, payout price.Micros) models.OfferID {
	m.t.Helper()
	id := models.NewID[models.OfferID]()
	hash := sha256.Sum256([]byte(id))
	m.exec(`INSERT INTO offers (id, account_id, name, url, network, payout_type, payout, share, zone, status, secret_hash)
		VALUES ($1, $2, 'O', 'https://offer.example/', 'none', $3, $4, 2500, 'America/Los_Angeles', 'active', $5)`, id, m.account, pays, payout, hash[:])
	return id
}

// tapped keeps a click on the offer by whoever got the message.
func (m *market) tapped(message models.MessageID, verdict string, at time.Time) string {
	m.t.Helper()
	return m.tappedOn(m.offer, message, verdict, at)
}

func (m *market) tappedOn(offer models.OfferID, message models.MessageID, verdict string, at time.Time) string {
	m.t.Helper()
	id := models.NewID[string]()
	m.exec(`INSERT INTO clicks (id, account_id, message_id, link, address, user_agent, at, verdict, reason, contact_id, offer_id, own_verdict)
		SELECT $1, m.account_id, m.id, 1, '', '', $4, $3, '', s.contact_id, $5, $3
		  FROM messages m JOIN subscriptions s ON s.id = m.subscription_id WHERE m.id = $2`, id, message, verdict, at, offer)
	return id
}

// sale is a postback of a sale at noon.
func (m *market) sale(transaction string, change func(*models.Told)) models.Told {
	t := models.Told{OfferID: m.offer, Kind: models.Sale, TransactionID: transaction, Source: models.ByPostback, At: noon}
	if change != nil {
		change(&t)
	}
	return t
}

func (m *market) refund(transaction string, amount *price.Micros) models.Told {
	return m.sale(transaction, func(t *models.Told) {
		t.Kind, t.At, t.Amount = models.Refund, noon.AddDate(0, 0, 5), amount
	})
}

func (m *market) tell(told ...models.Told) []models.Booking {
	m.t.Helper()
	got, err := m.Convert(m.t.Context(), m.account, told)
	require.NoError(m.t, err)
	require.Len(m.t, got, len(told))
	return got
}

func amount(m price.Micros) *price.Micros { return &m }

// rows lists the conversions, as the test reads best.
func (m *market) rows() string {
	m.t.Helper()
	return m.text(`SELECT coalesce(string_agg(concat_ws(' ', transaction_id, kind, state, booked, counted, coalesce(message_id::text, '-'),
		coalesce(subscription_id::text, '-'), earned, whole, 'x' || repeats), E'\n' ORDER BY transaction_id, kind), '') FROM conversions`)
}

// moves lists what the reports are told, added up.
func (m *market) moves() string {
	m.t.Helper()
	return m.text(`SELECT coalesce(string_agg(concat_ws(' ', at, message, n, r, revenue), E'\n' ORDER BY at, message), '') FROM (
		SELECT extract(epoch FROM at - '2026-05-04 12:00Z')::int / 86400 AS at, coalesce(message_id::text, '-') AS message,
		       sum(conversions) AS n, sum(reversals) AS r, sum(revenue) AS revenue
		  FROM tally_moves WHERE offer_id IS NOT NULL GROUP BY 1, 2) x WHERE (n, r, revenue) <> (0, 0, 0)`)
}

func (m *market) days() string {
	m.t.Helper()
	return m.text(`SELECT coalesce(string_agg(concat_ws(' ', day, conversions), E'\n' ORDER BY offer_id, day), '') FROM offer_days WHERE conversions <> 0`)
}

func (m *market) totals() string {
	m.t.Helper()
	return m.text(`SELECT coalesce(string_agg(concat_ws(' ', subscription_id, conversion_count, revenue,
		extract(epoch FROM last_converted_at - '2026-05-04 12:00Z')::int / 86400), E'\n' ORDER BY subscription_id), '')
		FROM totals WHERE (conversion_count, revenue) <> (0, 0) OR last_converted_at IS NOT NULL`)
}

// balanced requires that every sum says what the conversions say.
func (m *market) balanced() {
	m.t.Helper()
	require.Empty(m.t, m.text(`
		WITH raw AS (SELECT at, message_id, offer_id, sum((counted = 1)::int) AS n, sum((counted = -1)::int) AS r, sum(booked) AS revenue
		               FROM conversions GROUP BY at, message_id, offer_id),
		     moved AS (SELECT at, message_id, offer_id, sum(conversions) AS n, sum(reversals) AS r, sum(revenue) AS revenue
		                 FROM tally_moves WHERE offer_id IS NOT NULL GROUP BY at, message_id, offer_id)
		SELECT coalesce(string_agg(raw::text || ' ' || moved::text, E'\n'), '') FROM raw FULL JOIN moved
		    ON moved.at = raw.at AND moved.offer_id = raw.offer_id AND coalesce(moved.message_id, 0) = coalesce(raw.message_id, 0)
		 WHERE (coalesce(raw.n, 0), coalesce(raw.r, 0), coalesce(raw.revenue, 0)) <> (coalesce(moved.n, 0), coalesce(moved.r, 0), coalesce(moved.revenue, 0))`),
		"the moves disagree with the conversions")
	require.Empty(m.t, m.text(`
		WITH raw AS (SELECT subscription_id AS id, sum(counted) AS n, sum(booked) AS revenue, max(at) FILTER (WHERE counted = 1) AS last
		               FROM conversions WHERE subscription_id IS NOT NULL AND has_phone(subscription_id) GROUP BY 1)
		SELECT coalesce(string_agg(concat_ws(' ', raw, t), E'\n'), '') FROM raw FULL JOIN totals t ON t.subscription_id = raw.id
		 WHERE (coalesce(raw.n, 0), coalesce(raw.revenue, 0), raw.last)
		       IS DISTINCT FROM (coalesce(t.conversion_count, 0), coalesce(t.revenue, 0), t.last_converted_at)`), "the totals disagree with the conversions")
	require.Equal(m.t, m.count(`SELECT coalesce(sum(counted), 0) FROM conversions`), m.count(`SELECT coalesce(sum(conversions), 0) FROM offer_days`))
}

func transactions(n int) []string {
	all := make([]string, n)
	for i := range all {
		all[i] = fmt.Sprint("t", i)
	}
	return all
}
