package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

// boundTo makes a capped offer and binds the creative of a variant to it.
func (w *world) boundTo(c models.Campaign, variant, conversionCap int) models.OfferID {
	w.t.Helper()
	id := models.NewID[models.OfferID]()
	w.exec(`INSERT INTO offers (id, account_id, name, url, network, payout_type, zone, status, conversion_cap, secret_hash)
		VALUES ($1, $2, 'Shoes', 'https://o.example', 'none', 'cpa', 'America/New_York', 'active', $3, sha256(uuid_send($1)))`,
		string(id), string(w.account), conversionCap)
	w.exec(`DELETE FROM creative_links WHERE creative_id = $1`, c.Variants[variant-1].CreativeID)
	w.exec(`INSERT INTO creative_links (creative_id, number, url, offer_id) VALUES ($1, 1, '', $2)`, c.Variants[variant-1].CreativeID, string(id))
	return id
}

func TestTheRoomOfAnOfferCountsWhatIsExpected(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 20)
	c := w.launched(everybody, 100)
	id := w.boundTo(c, 1, 10)
	ids := w.claim(w.take(c, first), first)
	now := time.Date(2026, 11, 20, 3, 0, 0, 0, time.UTC) // the evening of the 19th in New York
	for i, m := range ids {
		w.exec(`INSERT INTO first_clicks (message_id, account_id, click_id, offer_id, at) VALUES ($1, $2, gen_random_uuid(), $3, $4)`,
			m, string(w.account), string(id), now.Add(-time.Duration(i+1)*2*time.Hour))
	}
	for _, m := range append(ids[:2:2], ids[11:14]...) {
		w.exec(`INSERT INTO conversions (id, account_id, offer_id, kind, transaction_id, source, at, amount, currency, rate, earned, state, counted, message_id)
			VALUES (gen_random_uuid(), $1, $2, 'sale', $3::bigint::text, 'api', $4, 0, 'USD', 1, 0, 'credited', 1, $3)`, string(w.account), string(id), int64(m), now)
	}
	w.exec(`INSERT INTO offer_days (offer_id, day, conversions) VALUES ($1, '2026-11-19', 4), ($1, '2026-11-20', 9)`, string(id))
	rooms, err := w.OfferRooms(t.Context(), w.account, c.ID, now)
	require.NoError(t, err)
	require.Len(t, rooms, 1)
	r := rooms[0]
	require.Equal(t, []int{10, 4, 9, 3, 11, 2}, []int{r.Cap, r.Standing, r.Clicks, r.Converted, r.Young, r.YoungConverted},
		"eleven of the clicks are not a day old; the other nine say at which rate they convert")
	require.Equal(t, 3, r.Expected())
	require.Empty(t, r.Full(now))
	w.exec(`UPDATE offers SET conversion_cap = 7 WHERE id = $1`, string(id))
	rooms, err = w.OfferRooms(t.Context(), w.account, c.ID, now)
	require.NoError(t, err)
	require.Contains(t, rooms[0].Full(now), `"Shoes" has no room for conversions until 2026-11-20 00:00 America/New_York: 4 of 7 a day are in, and 3 more`)
	w.exec(`UPDATE offers SET conversion_cap = 0, status = 'paused' WHERE id = $1`, string(id))
	rooms, err = w.OfferRooms(t.Context(), w.account, c.ID, now)
	require.NoError(t, err)
	require.Contains(t, rooms[0].Full(now), "paused or has ended")
	rooms, err = w.OfferRooms(t.Context(), addWorld(t, w.Store, 0).account, c.ID, now)
	require.NoError(t, err)
	require.Empty(t, rooms, "of another account")
}

func TestASwapTakesOnlyWhatIsQueuedAndOnlyForTheHolder(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 10)
	c := w.launched(everybody, 50, 50)
	b := w.take(c, first)
	claimed := w.claim(b, first)
	require.NoError(t, w.ReleaseMessages(t.Context(), b, first, claimed[:6]))
	of := func(variant int) int64 {
		return w.count(`SELECT count(*) FROM messages WHERE variant = $1 AND state = 'queued'`, variant)
	}
	ones := of(1)
	require.NotZero(t, ones)
	require.NoError(t, w.Swap(t.Context(), b, second, 1, 2, "full"))
	require.Equal(t, ones, of(1), "another one holds the batch")
	require.NoError(t, w.Swap(t.Context(), b, first, 1, 2, "full"))
	require.NoError(t, w.Swap(t.Context(), b, first, 1, 2, "full"))
	require.Zero(t, of(1))
	require.EqualValues(t, 6, of(2))
	require.Equal(t, 5-ones, w.count(`SELECT count(*) FROM messages WHERE variant = 1`), "claimed ones stay")
	require.EqualValues(t, 1, w.count(`SELECT count(*) FROM events WHERE kind = 'offer_full'`), "said once")
}
