package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/store"
	"trackly/internal/testkit"
	"trackly/models"
	"trackly/rules/price"
)

// sold tells of a sale of the offer that names the message, so long after noon.
func (w *world) sold(o models.Offer, transaction string, id models.MessageID, after time.Duration) {
	w.t.Helper()
	got, err := w.Convert(w.t.Context(), w.account, []models.Told{{
		OfferID: o.ID, Kind: models.Sale, TransactionID: transaction, Source: models.ByPostback, At: noon.Add(after), MessageID: id,
	}})
	require.NoError(w.t, err)
	require.NoError(w.t, got[0].Refused)
}

// The credit for a sale goes to the next earliest click of a person, or to none, and the
// money in the totals, the moves and the offer's days follows; and it comes back.
func TestCreditFollowsTheVerdict(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	o := w.newOffer(func(o *models.Offer) { o.PayoutType, o.Payout = models.PaysAction, 10*price.Unit })
	one, two := w.offered(o)[0], w.offered(o)[0]
	w.sentAt(noon, one, two)
	w.seenUntil(noon)
	w.tap(one, by("198.51.100.7", time.Second))
	w.tap(two, by("198.51.100.7", time.Minute))
	w.sold(o, "t1", one, 2*time.Minute)
	state := func() string {
		return w.text(`SELECT concat_ws(' ', c.state, coalesce(c.message_id, 0), (SELECT sum(conversion_count) || ' ' || sum(revenue) FROM totals),
			(SELECT sum(conversions) FROM offer_days), (SELECT sum(conversions) || ' ' || sum(revenue) FROM tally_moves)) FROM conversions c`)
	}
	require.Equal(t, fmt.Sprintf("credited %d 1 10000000 1 1 10000000", one), state())

	require.EqualValues(t, 1, w.revise(noon.Add(70*time.Second)).Changed)
	require.Equal(t, fmt.Sprintf("credited %d 1 10000000 1 1 10000000", two), state())
	require.EqualValues(t, 10*price.Unit, w.count(`SELECT sum(revenue) FROM tally_moves WHERE message_id = $1`, two))
	w.believed()

	w.exec(`UPDATE messages SET sent_at = $2 WHERE id = $1`, two, noon.Add(59*time.Second))
	require.EqualValues(t, 1, w.revise(noon.Add(80*time.Second)).Changed)
	require.Equal(t, "uncredited 0 0 0 1 1 10000000", state(), "the offer has it all the same")
	w.believed()

	w.exec(`UPDATE messages SET sent_at = $1`, noon.Add(-time.Hour))
	require.EqualValues(t, 2, w.revise(noon.Add(90*time.Second)).Changed)
	require.Equal(t, fmt.Sprintf("credited %d 1 10000000 1 1 10000000", one), state())
	w.believed()
}

// Sales are told while passes and clicks run: whatever comes first, each is credited by
// what is believed at the end.
func TestSalesRaceThePass(t *testing.T) {
	t.Parallel()
	url := testkit.Database(t)
	w := addWorld(t, testkit.Open(t, url), 40)
	stores := []*store.Store{w.Store, testkit.Open(t, url)}
	o := w.newOffer(func(o *models.Offer) { o.PayoutType, o.Payout = models.PaysAction, 10*price.Unit })
	ids := append(w.offered(o), w.offered(o)...)
	w.sentAt(noon, ids...)
	w.seenUntil(noon)
	for i, id := range ids {
		w.tap(id, by(fmt.Sprintf("198.51.100.%d", i), time.Duration(i%2)*time.Second+time.Duration(i*100)*time.Millisecond))
	}
	var all sync.WaitGroup
	for i, id := range ids {
		all.Go(func() {
			time.Sleep(time.Duration(i) * time.Millisecond)
			_, err := stores[i%2].Convert(t.Context(), w.account, []models.Told{{
				OfferID: o.ID, Kind: models.Sale, TransactionID: fmt.Sprint(i), Source: models.ByPostback, At: noon.Add(time.Minute), MessageID: id,
			}})
			if err != nil {
				t.Errorf("sale: %v", err)
			}
		})
	}
	for i := range 10 {
		all.Go(func() {
			if _, err := stores[i%2].ReviseClicks(t.Context(), noon.Add(time.Minute+time.Duration(i)*time.Millisecond), 1000); err != nil {
				t.Errorf("pass: %v", err)
			}
		})
	}
	all.Wait()
	require.Positive(t, w.count(`SELECT count(*) FROM conversions WHERE state = 'uncredited'`)+w.count(`SELECT count(*) FROM clicks WHERE reason = 'too_soon'`))
	require.Empty(t, w.text(`
		SELECT coalesce(string_agg(concat_ws(' ', c.transaction_id, c.message_id, k.message_id), E'\n'), '')
		  FROM conversions c LEFT JOIN LATERAL (
			SELECT message_id FROM clicks k WHERE k.contact_id = c.contact_id AND k.offer_id = c.offer_id AND k.verdict = 'human' ORDER BY k.at, k.id LIMIT 1) k ON true
		 WHERE c.message_id IS DISTINCT FROM k.message_id`))
	w.believed()
}
