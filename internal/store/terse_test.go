package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/models"
	"trackly/rules/price"
	"trackly/rules/verdict"
)

// What breaks in the last statements takes the first ones with it, and spoils nothing for
// whoever has the connection next.
func TestWhatBreaksAtItsEndLeavesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	o := w.newOffer(func(o *models.Offer) { o.ClickCap, o.PayoutType, o.Payout = 10, models.PaysAction, price.Unit })
	id := w.offered(o)[0]
	w.sentAt(noon, id)
	w.exec(`CREATE FUNCTION refuse() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'no'; END $$`)
	before := w.text(kept)
	tap := func() error {
		_, err := w.RecordClick(t.Context(), models.Click{
			ID: models.NewID[string](), MessageID: id, Link: 1, At: noon.Add(time.Minute), Method: "GET", Verdict: verdict.Human, Reason: verdict.NothingSpeaksAgainst,
		})
		return err
	}
	sell := func() error {
		_, err := w.Convert(t.Context(), w.account, []models.Told{{
			OfferID: o.ID, Kind: models.Sale, TransactionID: "t", Source: models.ByPostback, At: noon.Add(time.Hour), MessageID: id,
		}})
		return err
	}
	for _, do := range []func() error{tap, sell} {
		w.exec(`CREATE TRIGGER refuse BEFORE INSERT ON tally_moves FOR EACH STATEMENT EXECUTE FUNCTION refuse()`)
		for range 10 { // more than the store has connections
			require.ErrorContains(t, do(), "the database failed")
		}
		require.Equal(t, before, w.text(kept))
		w.exec(`DROP TRIGGER refuse ON tally_moves`)
		require.NoError(t, do())
		require.NotEqual(t, before, w.text(kept))
		before = w.text(kept)
	}
	w.believed()
}

const kept = `SELECT concat_ws(' ', (SELECT count(*) FROM clicks), (SELECT count(*) FROM first_clicks), (SELECT count(*) FROM conversions),
	(SELECT concat_ws(' ', sum(clicks), sum(conversions)) FROM offer_days), (SELECT concat_ws(' ', sum(click_count), sum(conversion_count), sum(revenue)) FROM totals))`
