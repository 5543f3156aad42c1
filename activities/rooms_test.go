package activities_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider/sandbox"
	"trackly/internal/testkit"
	"trackly/models"
)

// watching is a campaign over contacts whose creative is bound to an offer that takes one
// conversion a day. With a spare there is another creative, which has no offer.
func watching(t *testing.T, contacts int, does models.OnFull, spare bool) (*world, models.Offer) {
	t.Helper()
	w := newWorld(t, contacts, sandbox.Faults{})
	ctx := t.Context()
	o := models.Offer{
		ID: models.NewID[models.OfferID](), AccountID: w.account, Name: "Shoes", URL: "https://o.example/?c={click_id}", Network: models.NetworkNone,
		PayoutType: models.PaysAction, WindowDays: 30, ConversionCap: 1, Zone: "UTC", Status: models.OfferActive, SecretHash: make([]byte, 32),
	}
	o, err := w.AddOffer(ctx, models.Once{}, o)
	require.NoError(t, err)
	creative := func(text string, link models.CreativeLink) models.CreativeID {
		id := models.NewID[models.CreativeID]()
		link.CreativeID, link.Number = id, 1
		_, err := w.AddCreative(ctx, models.Once{}, models.Creative{
			ID: id, AccountID: w.account, Name: "K", Body: text + " {{link1}}", Status: models.CreativeActive, Links: []models.CreativeLink{link},
		})
		require.NoError(t, err)
		return id
	}
	w.campaign = w.launch(func(c *models.Campaign) {
		c.OnFull = does
		c.Variants[0].CreativeID = creative("shoes", models.CreativeLink{OfferID: &o.ID})
		if spare {
			c.Variants = append(c.Variants, models.Variant{
				CampaignID: c.ID, Number: 2, Name: "Spare", CreativeID: creative("boots", models.CreativeLink{URL: "https://b.example"}), Spare: true,
			})
		}
	})
	return w, o
}

// sells books one conversion of the offer that belongs to no text.
func (w *world) sells(o models.Offer) {
	w.t.Helper()
	got, err := w.Convert(w.t.Context(), w.account, []models.Told{{OfferID: o.ID, Kind: models.Sale, TransactionID: "t1", Source: models.ByRequest}})
	require.NoError(w.t, err)
	require.NoError(w.t, got[0].Refused)
}

func TestACampaignPausesBeforeItSpendsOnAnOfferThatIsFull(t *testing.T) {
	t.Parallel()
	w, o := watching(t, 3, models.FullPauses, false)
	w.sells(o)
	res, err := w.send()
	require.NoError(t, err)
	require.Contains(t, res.Halt, `offer "Shoes" has no room for conversions until`)
	require.Zero(t, w.box.Count(), "not a text was spent")
	require.EqualValues(t, 3, res.Progress.Queued)

	_, err = w.ChangeOffer(t.Context(), w.account, o.ID, "owner", func(x *models.Offer) error { x.ConversionCap = 5; return nil })
	require.NoError(t, err)
	res, err = w.send()
	require.NoError(t, err)
	require.Empty(t, res.Halt)
	require.Equal(t, 3, w.onceEach())
}

func TestACampaignSendsOnWhereNobodyAskedItToWatch(t *testing.T) {
	t.Parallel()
	w, o := watching(t, 3, models.FullIgnored, false)
	w.sells(o)
	res, err := w.send()
	require.NoError(t, err)
	require.Empty(t, res.Halt)
	require.Equal(t, 3, w.onceEach())
}

func TestASpareCreativeTakesOverWhatIsQueued(t *testing.T) {
	t.Parallel()
	w, o := watching(t, 3, models.FullSwaps, true)
	w.sells(o)
	res, err := w.send()
	require.NoError(t, err)
	require.Empty(t, res.Halt)
	require.Equal(t, 3, w.onceEach())
	for _, m := range w.messages() {
		require.Equal(t, 2, m.Variant)
		require.Contains(t, m.Body, "boots")
	}
	require.Contains(t, w.events(), models.EventOfferFull)
}

func TestASpareCreativeWaitsWhileTheOfferHasRoom(t *testing.T) {
	t.Parallel()
	w, _ := watching(t, 3, models.FullSwaps, true)
	_, err := w.send()
	require.NoError(t, err)
	for _, m := range w.messages() {
		require.Equal(t, 1, m.Variant, "the spare has no share of the split")
		require.Contains(t, m.Body, "shoes")
	}
	require.Equal(t, 3, w.onceEach())
}

func TestACampaignPausesWhereTheSpareIsFullToo(t *testing.T) {
	t.Parallel()
	w, o := watching(t, 3, models.FullSwaps, true)
	w.sells(o)
	testkit.Exec(t, w.url, `UPDATE creative_links SET offer_id = $1 WHERE url = 'https://b.example'`, string(o.ID))
	res, err := w.send()
	require.NoError(t, err)
	require.Contains(t, res.Halt, "and for the spare creative: offer")
	require.Zero(t, w.box.Count())
	for _, m := range w.messages() {
		require.Equal(t, 1, m.Variant, "nothing was swapped in vain")
	}
}
