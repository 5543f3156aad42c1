package store_test

import (
	"slices"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/store"
	"trackly/internal/testkit"
	"trackly/models"
	"trackly/rules/audience"
	"trackly/rules/offer"
	"trackly/rules/verdict"
)

// newOffer adds an offer to the account.
func (w *world) newOffer(change func(*models.Offer)) models.Offer {
	w.t.Helper()
	return testkit.Offer(w.exec, w.account, change)
}

// offered makes a campaign over everybody whose only link leads to the offer.
func (w *world) offered(o models.Offer) []models.MessageID {
	w.t.Helper()
	c := w.launched(audience.Filter{}, 100)
	w.exec(`INSERT INTO creative_links (creative_id, number, url, offer_id) SELECT creative_id, 1, '', $2 FROM variants WHERE campaign_id = $1`, c.ID, o.ID)
	return w.claim(w.take(c, first), first)
}

func (w *world) tap(id models.MessageID, change func(*models.Click)) models.Landing {
	w.t.Helper()
	return tapOn(w.t, w.Store, id, change)
}

func tapOn(t *testing.T, s *store.Store, id models.MessageID, change func(*models.Click)) models.Landing {
	t.Helper()
	c := models.Click{ID: models.NewID[string](), MessageID: id, Link: 1, At: noon, Method: "GET", Verdict: verdict.Human, Reason: verdict.NothingSpeaksAgainst}
	if change != nil {
		change(&c)
	}
	got, err := s.RecordClick(t.Context(), c)
	if err != nil {
		t.Errorf("click: %v", err)
	}
	return got
}

func judged(v verdict.Is) func(*models.Click) { return func(c *models.Click) { c.Verdict = v } }

func at(when time.Time) func(*models.Click) { return func(c *models.Click) { c.At = when } }

// The law of the issue: whoever clicks, through however many processes, exactly so many get
// the offer.
func TestACapIsExact(t *testing.T) {
	t.Parallel()
	const limit, clients, each = 1000, 64, 20
	url := testkit.Database(t)
	w := addWorld(t, testkit.Open(t, url), 40)
	other := testkit.Open(t, url)
	spare := w.newOffer(func(o *models.Offer) { o.URL = "https://offer.example/spare" })
	capped := w.newOffer(func(o *models.Offer) { o.ClickCap, o.FallbackOfferID = limit, &spare.ID })
	ids := w.offered(capped)

	var led, instead atomic.Int64
	var all sync.WaitGroup
	for i := range clients {
		all.Go(func() {
			s := []*store.Store{w.Store, other}[i%2]
			for n := range each {
				said := []verdict.Is{verdict.Human, verdict.Bot, verdict.Unsure}[n%3] // machines are led to it too
				switch got := tapOn(t, s, ids[(i+n)%len(ids)], judged(said)); got.OfferID {
				case capped.ID:
					led.Add(1)
				case spare.ID:
					instead.Add(1)
				}
			}
		})
	}
	all.Wait()
	require.EqualValues(t, limit, led.Load())
	require.EqualValues(t, clients*each-limit, instead.Load())
	require.EqualValues(t, limit, w.count(`SELECT count(*) FROM clicks WHERE offer_id = $1 AND target = 'offer'`, capped.ID))
	require.EqualValues(t, limit, w.count(`SELECT clicks FROM offer_days WHERE offer_id = $1`, capped.ID))
	require.EqualValues(t, clients*each-limit, w.count(`SELECT clicks FROM offer_days WHERE offer_id = $1`, spare.ID))
	w.movesAgree()
}

func TestACapIsOfADayOfTheNetwork(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	o := w.newOffer(func(o *models.Offer) { o.ClickCap = 1 })
	id := w.offered(o)[0]
	night := time.Date(2026, 5, 5, 3, 59, 59, 0, time.UTC) // in New York still the 4th
	require.Equal(t, offer.ToOffer, w.tap(id, at(noon)).Target)
	require.Equal(t, offer.ToPage, w.tap(id, at(night)).Target)
	require.Equal(t, offer.ToOffer, w.tap(id, at(night.Add(time.Second))).Target)
}

func TestACapCountsWhatCameBeforeItWasSet(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	o := w.newOffer(nil)
	id := w.offered(o)[0]
	for range 3 {
		require.Equal(t, offer.ToOffer, w.tap(id, nil).Target)
	}
	w.exec(`UPDATE offers SET click_cap = 4 WHERE id = $1`, o.ID)
	require.Equal(t, offer.ToOffer, w.tap(id, nil).Target)
	require.Equal(t, offer.ToPage, w.tap(id, nil).Target)
	w.exec(`UPDATE offers SET click_cap = 0, conversion_cap = 2 WHERE id = $1`, o.ID)
	require.Equal(t, offer.ToOffer, w.tap(id, nil).Target)
	w.exec(`UPDATE offer_days SET conversions = 2`)
	require.Equal(t, offer.ToPage, w.tap(id, nil).Target)
}

//
//nolint:paralleltest // the cases share one world, which belongs to one test at a time
func TestWhereAClickOfAnOfferLeads(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	ended, foreign := noon.Add(-time.Minute), addWorld(t, w.Store, 0)
	open := w.newOffer(func(o *models.Offer) {
		o.URL, o.ExternalID, o.Network = "https://offer.example/open", "77", models.NetworkTUNE
	})
	theirs := foreign.newOffer(nil)
	page := models.Landing{Found: true, Target: offer.ToPage}
	stand := models.Landing{Found: true, Target: offer.ToFallback, URL: open.URL, OfferID: open.ID, ExternalID: "77", Network: models.NetworkTUNE}
	for name, tc := range map[string]struct {
		change func(*models.Offer)
		want   models.Landing
	}{
		"paused":                  {func(o *models.Offer) { o.Status = models.OfferPaused }, page},
		"archived":                {func(o *models.Offer) { o.Status = models.OfferArchived }, page},
		"ended":                   {func(o *models.Offer) { o.EndsAt = &ended }, page},
		"paused, with a fallback": {func(o *models.Offer) { o.Status, o.FallbackOfferID = models.OfferPaused, &open.ID }, stand},
		"ended, with a URL": {
			func(o *models.Offer) { o.EndsAt, o.FallbackURL = &ended, "https://other.example/" },
			models.Landing{Found: true, Target: offer.ToFallback, URL: "https://other.example/"},
		},
		"a fallback of somebody else": {func(o *models.Offer) { o.Status, o.FallbackOfferID = models.OfferPaused, &theirs.ID }, page},
	} {
		t.Run(name, func(t *testing.T) {
			o := w.newOffer(tc.change)
			id := w.offered(o)[0]
			require.Equal(t, tc.want, w.tap(id, nil))
			require.Equal(t, string(tc.want.OfferID)+" "+string(tc.want.Target),
				w.text(`SELECT coalesce(offer_id::text, '') || ' ' || target FROM clicks WHERE message_id = $1`, id))
		})
	}
	t.Run("a link's own URL is taken for its own offer only", func(t *testing.T) {
		o := w.newOffer(func(o *models.Offer) { o.FallbackOfferID = &open.ID })
		id := w.offered(o)[0]
		w.exec(`UPDATE creative_links SET url = 'https://offer.example/own', parameters = '{"sub1": "x"}' WHERE offer_id = $1`, o.ID)
		got := w.tap(id, nil)
		require.Equal(t, "https://offer.example/own", got.URL)
		require.Equal(t, models.Pairs{"sub1": "x"}, got.Parameters)
		w.exec(`UPDATE offers SET status = 'paused' WHERE id = $1`, o.ID)
		require.Equal(t, open.URL, w.tap(id, nil).URL)
	})
}

// One message, opened by many at once through two processes, is clicked first once.
func TestAMessageIsClickedFirstOnce(t *testing.T) {
	t.Parallel()
	url := testkit.Database(t)
	w := addWorld(t, testkit.Open(t, url), 3)
	stores := []*store.Store{w.Store, testkit.Open(t, url)}
	o := w.newOffer(func(o *models.Offer) { o.PayoutType, o.Payout = models.PaysClick, 1_250_000 })
	ids := w.offered(o)
	var all sync.WaitGroup
	for i := range 120 {
		all.Go(func() { tapOn(t, stores[i%2], ids[i%3], at(noon.Add(time.Duration(i)*time.Second))) })
		if i%4 == 0 {
			all.Go(func() { tapOn(t, stores[i%2], ids[i%3], judged(verdict.Bot)) })
		}
	}
	all.Wait()
	require.EqualValues(t, 3, w.count(`SELECT count(*) FROM first_clicks WHERE revenue = 1250000 AND offer_id = $1`, o.ID))
	require.Equal(t, "40 1250000,40 1250000,40 1250000", w.text(`SELECT string_agg(click_count || ' ' || revenue, ',') FROM totals`))
	require.Equal(t, "3 30 3750000", w.text(`SELECT concat_ws(' ', sum(clicks), sum(bot_clicks), sum(revenue)) FROM tally_moves`))
	w.movesAgree()
}

func TestOnlyAnOfferPaidByClicksEarnsByThem(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	pays := w.newOffer(func(o *models.Offer) { o.PayoutType, o.Payout = models.PaysClick, 500_000 })
	acts := w.newOffer(func(o *models.Offer) { o.Payout = 7_000_000 })
	stands := w.newOffer(func(o *models.Offer) { o.Status, o.FallbackOfferID = models.OfferPaused, &pays.ID })
	for o, want := range map[*models.Offer]string{&pays: "500000", &acts: "0", &stands: "500000"} {
		id := w.offered(*o)[0]
		w.tap(id, judged(verdict.Unsure))
		w.tap(id, nil)
		w.tap(id, nil)
		require.Equal(t, want, w.text(`SELECT sum(revenue)::text FROM first_clicks WHERE message_id = $1`, id))
	}
	require.EqualValues(t, 1_000_000, w.count(`SELECT revenue FROM totals`))
	w.movesAgree()
}

func TestAClickKeepsWhoAndWhat(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	id := w.offered(w.newOffer(nil))[0]
	w.tap(id, func(c *models.Click) { c.Headers = models.Pairs{"accept-language": `en-US,"é"`} })
	require.Equal(t, `en-US,"é" human nothing_against `+w.text(`SELECT contact_id::text FROM subscriptions`),
		w.text(`SELECT concat_ws(' ', headers ->> 'accept-language', own_verdict, own_reason, contact_id) FROM clicks`))
}

// movesAgree requires that the moves say what first clicks and machines' clicks say.
func (w *world) movesAgree() {
	w.t.Helper()
	require.Empty(w.t, w.text(`
		WITH raw AS (
			SELECT message_id, offer_id, at, 1 AS clicks, 0 AS bots, 0 AS unsure, revenue FROM first_clicks
			UNION ALL
			SELECT message_id, offer_id, at, 0, (verdict = 'bot')::int, (verdict = 'unsure')::int, 0 FROM clicks WHERE verdict <> 'human'
		), told AS (
			SELECT message_id, offer_id, at, clicks, bot_clicks, unsure_clicks, revenue FROM tally_moves
		)
		SELECT coalesce(string_agg(x::text, E'\n'), '') FROM ((TABLE raw EXCEPT ALL TABLE told) UNION ALL (TABLE told EXCEPT ALL TABLE raw)) x`))
	require.Zero(w.t, w.count(`SELECT count(*) FROM (SELECT message_id FROM clicks WHERE verdict = 'human' EXCEPT SELECT message_id FROM first_clicks) x`))
}

func TestShortLinksAreCountedAndMoveNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	w.exec(`INSERT INTO short_links (account_id, url) VALUES ($1, 'https://anything.example/')`, w.account)
	id := models.MessageID(w.count(`SELECT id FROM short_links`))
	require.Equal(t, models.Landing{Found: true, Target: offer.ToLink, URL: "https://anything.example/"}, w.tap(id, nil))
	require.False(t, w.tap(id, func(c *models.Click) { c.Link = 2 }).Found)
	require.False(t, w.tap(id+1, nil).Found)
	require.Equal(t, "1 0 0 0", w.text(`SELECT concat_ws(' ', (SELECT count(*) FROM clicks WHERE message_id = $1 AND contact_id IS NULL),
		(SELECT count(*) FROM first_clicks), (SELECT count(*) FROM tally_moves), (SELECT count(*) FROM totals))`, id))
}

// A storm of clicks and of the sending that moves the same totals ends without a victim.
func TestClicksOfManyKindsAtOnce(t *testing.T) {
	t.Parallel()
	url := testkit.Database(t)
	w := addWorld(t, testkit.Open(t, url), 60)
	stores := []*store.Store{w.Store, testkit.Open(t, url), testkit.Open(t, url)}
	var ids []models.MessageID
	for i := range 4 {
		ids = append(ids, w.offered(w.newOffer(func(o *models.Offer) {
			if o.ClickCap = i * 30; i%2 == 1 {
				o.PayoutType, o.Payout = models.PaysClick, 10_000
			}
		}))...)
	}
	var all sync.WaitGroup
	for _, chunk := range slices.Collect(slices.Chunk(ids, 20)) {
		all.Go(func() { w.settle(models.MessageSent, chunk...) })
	}
	for i := range 600 {
		all.Go(func() {
			tapOn(t, stores[i%3], ids[i*7%len(ids)], judged([]verdict.Is{verdict.Human, verdict.Human, verdict.Bot}[i%3]))
		})
	}
	all.Wait()
	require.EqualValues(t, 600, w.count(`SELECT count(*) FROM clicks`))
	require.Equal(t, w.text(`SELECT sum(revenue)::text FROM totals`), w.text(`SELECT sum(revenue)::text FROM first_clicks`))
	require.Equal(t, w.text(`SELECT sum(click_count)::text FROM totals`), w.text(`SELECT count(*)::text FROM clicks WHERE verdict = 'human'`))
	require.Empty(t, w.text(`SELECT coalesce(string_agg(concat_ws(' ', d.clicks, k.n), E'\n'), '') FROM offer_days d
		FULL JOIN (SELECT offer_id, count(*) AS n FROM clicks WHERE offer_id IS NOT NULL GROUP BY 1) k USING (offer_id) WHERE d.clicks IS DISTINCT FROM k.n`))
	w.movesAgree()
}
