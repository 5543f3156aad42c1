package store_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/models"
)

// sums asks for a report and writes each row as "key,key: metric=n ...", zeros left out.
func (w *world) sums(q models.ReportQuery) []string {
	w.t.Helper()
	q.AccountID = w.account
	rows, err := w.Sums(w.t.Context(), q)
	require.NoError(w.t, err)
	var out []string
	for _, r := range rows {
		require.Len(w.t, r.Names, len(q.By))
		out = append(out, strings.Join(r.Keys, ",")+":"+inWords(r.Metrics))
	}
	return out
}

func inWords(m models.Metrics) string {
	s := ""
	for _, v := range []struct {
		name string
		n    int64
	}{
		{"sends", m.Sends},
		{"delivered", m.Delivered},
		{"undelivered", m.Undelivered},
		{"failed", m.Failed},
		{"skipped", m.Skipped},
		{"unknown", m.Unknown},
		{"segments", m.Segments},
		{"cost", int64(m.Cost)},
		{"clicks", m.Clicks},
		{"bots", m.BotClicks},
		{"unsure", m.UnsureClicks},
		{"conversions", m.Conversions},
		{"reversals", m.Reversals},
		{"revenue", int64(m.Revenue)},
		{"optouts", m.OptOuts},
	} {
		if v.n != 0 {
			s += fmt.Sprintf(" %s=%d", v.name, v.n)
		}
	}
	return s
}

// offerNamed makes an offer behind the product's back.
func (w *world) offerNamed(name string) models.OfferID {
	w.t.Helper()
	id := models.NewID[models.OfferID]()
	w.exec(`INSERT INTO offers (id, account_id, name, url, network, payout_type, zone, status, secret_hash)
		VALUES ($1, $2, $3, 'https://offer.example/', 'none', 'cpa', 'UTC', 'active', sha256($1::uuid::text::bytea))`, id, w.account, name)
	return id
}

// sold is an account whose campaign of two variants was sent to six contacts: by hand, one
// message is each of the states, and what came of them is known.
func sold(t *testing.T) (w *world, c models.Campaign, own, other models.OfferID) {
	t.Helper()
	w = newWorld(t, 6)
	own, other = w.offerNamed("Own"), w.offerNamed("Other")
	c = w.launched(everybody, 50, 50)
	w.exec(`INSERT INTO creative_links (creative_id, number, url) SELECT creative_id, 1, 'https://x.example' FROM variants WHERE campaign_id = $1`, c.ID)
	w.exec(`INSERT INTO creative_links (creative_id, number, url, offer_id) SELECT creative_id, 2, '', $2 FROM variants WHERE campaign_id = $1 AND number = 1`, c.ID, own)
	ids := w.claim(w.take(c, first), first)
	// The account's clock is New York's: these are a quarter to and a quarter past its midnight.
	w.exec(`UPDATE messages m SET state = t.state, sent_at = t.sent, finished_at = t.ended, unknown_at = t.unknown, segments = 2, cost = 9000,
			variant = t.variant, carrier = t.carrier, at_state = t.at_state
		  FROM (VALUES (0, 'sent',        '2026-05-05 03:45Z'::timestamptz, NULL::timestamptz, NULL::timestamptz, 1, 'Verizon', 'TX'),
		               (1, 'delivered',   '2026-05-05 03:45Z', '2026-05-05 04:15Z', NULL, 1, 'Verizon', 'CA'),
		               (2, 'undelivered', '2026-05-05 04:15Z', '2026-05-05 04:16Z', NULL, 2, 'AT&T', 'TX'),
		               (3, 'failed',      NULL, '2026-05-05 03:45Z', NULL, 2, 'AT&T', 'TX'),
		               (4, 'skipped',     NULL, '2026-05-05 04:15Z', NULL, 2, '', ''),
		               (5, 'unknown',     NULL, NULL, '2026-05-05 04:15Z', 1, '', ''))
		       AS t (n, state, sent, ended, unknown, variant, carrier, at_state) WHERE m.id = $1::bigint + t.n`, ids[0])
	w.exec(`INSERT INTO tally_moves (account_id, message_id, offer_id, at, clicks, bot_clicks, unsure_clicks, conversions, reversals, revenue, opt_outs)
		VALUES ($1, $2::bigint, NULL, '2026-05-05 05:00Z', 1, 0, 0, 0, 0, 0, 0),     -- of a link without an offer: the message's own
		       ($1, $2::bigint + 1, $3::uuid, '2026-05-05 05:00Z', 1, 0, 0, 0, 0, 500, 0),
		       ($1, $2::bigint + 2, NULL, '2026-05-05 05:00Z', 0, 1, 0, 0, 0, 0, 0),
		       ($1, $2::bigint + 2, NULL, '2026-05-05 05:00Z', 0, 0, 1, 0, 0, 0, 1),
		       ($1, $2::bigint + 5, NULL, '2026-05-05 05:00Z', 1, 0, 0, 0, 0, 0, 0),     -- that text did go out
		       ($1, $2::bigint + 1, $4::uuid, '2026-05-07 01:00Z', 0, 0, 0, 1, 0, 25000000, 0),
		       ($1, NULL, $4::uuid, '2026-05-07 05:00Z', 0, 0, 0, 0, 1, -7000000, 0)`, w.account, ids[0], own, other)
	return w, c, own, other
}

func TestASumPutsEverythingOnItsDayAndInItsPlace(t *testing.T) {
	t.Parallel()
	w, c, own, other := sold(t)
	for name, tc := range map[string]struct {
		q    models.ReportQuery
		want []string
	}{
		"all": {models.ReportQuery{}, []string{": sends=3 delivered=1 undelivered=1 failed=1 skipped=1 unknown=1 segments=6 cost=27000 " +
			"clicks=3 bots=1 unsure=1 conversions=1 reversals=1 revenue=18000500 optouts=1"}},
		"by day": {models.ReportQuery{By: []models.Dimension{models.PerDay}}, []string{
			"2026-05-04: sends=2 delivered=1 failed=1 segments=4 cost=18000",
			"2026-05-05: sends=1 undelivered=1 skipped=1 unknown=1 segments=2 cost=9000 clicks=3 bots=1 unsure=1 revenue=500 optouts=1",
			"2026-05-06: conversions=1 revenue=25000000",
			"2026-05-07: reversals=1 revenue=-7000000",
		}},
		"by variant": {models.ReportQuery{By: []models.Dimension{models.PerVariant}}, []string{
			": reversals=1 revenue=-7000000",
			string(c.ID) + "/1: sends=2 delivered=1 unknown=1 segments=4 cost=18000 clicks=3 conversions=1 revenue=25000500",
			string(c.ID) + "/2: sends=1 undelivered=1 failed=1 skipped=1 segments=2 cost=9000 bots=1 unsure=1 optouts=1",
		}},
		"by offer": {models.ReportQuery{By: []models.Dimension{models.PerOffer}}, []string{
			": sends=1 undelivered=1 failed=1 skipped=1 segments=2 cost=9000 bots=1 unsure=1 optouts=1",
			string(own) + ": sends=2 delivered=1 unknown=1 segments=4 cost=18000 clicks=3 revenue=500",
			string(other) + ": conversions=1 reversals=1 revenue=18000000",
		}},
		"by carrier and state": {models.ReportQuery{By: []models.Dimension{models.PerCarrier, models.PerState}, ListID: w.list.ID}, []string{
			",: skipped=1 unknown=1 clicks=1",
			"AT&T,TX: sends=1 undelivered=1 failed=1 segments=2 cost=9000 bots=1 unsure=1 optouts=1",
			"Verizon,CA: sends=1 delivered=1 segments=2 cost=9000 clicks=1 conversions=1 revenue=25000500",
			"Verizon,TX: sends=1 segments=2 cost=9000 clicks=1",
		}},
		"by provider": {models.ReportQuery{By: []models.Dimension{models.PerProvider}, OfferID: own}, []string{
			"twilio: sends=2 delivered=1 unknown=1 segments=4 cost=18000 clicks=3 revenue=500",
		}},
		"some days": {
			models.ReportQuery{From: day(4), To: day(5), CampaignID: c.ID, By: []models.Dimension{models.PerCampaign, models.PerList}},
			[]string{string(c.ID) + "," + string(w.list.ID) + ": sends=3 delivered=1 undelivered=1 failed=1 skipped=1 unknown=1 segments=6 cost=27000 " +
				"clicks=3 bots=1 unsure=1 revenue=500 optouts=1"},
		},
		"a creative": {models.ReportQuery{CreativeID: c.Variants[1].CreativeID, By: []models.Dimension{models.PerCreative, models.PerVariant}}, []string{
			string(c.Variants[1].CreativeID) + "," + string(c.ID) + "/2: sends=1 undelivered=1 failed=1 skipped=1 segments=2 cost=9000 bots=1 unsure=1 optouts=1",
		}},
		"nothing": {models.ReportQuery{To: day(1)}, []string{":"}},
		"no rows": {models.ReportQuery{To: day(1), By: []models.Dimension{models.PerDay}}, nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, w.sums(tc.q))
		})
	}
}

func day(n int) time.Time { return time.Date(2026, 5, n, 0, 0, 0, 0, time.UTC) }

func TestASumSaysWhatPeopleCallThings(t *testing.T) {
	t.Parallel()
	w, c, own, _ := sold(t)
	for d, want := range map[models.Dimension]string{
		models.PerCampaign: "C", models.PerVariant: "1", models.PerCreative: "K", models.PerOffer: "Own", models.PerList: "L",
		models.PerProvider: "twilio", models.PerDay: "2026-05-04",
	} {
		rows, err := w.Sums(t.Context(), models.ReportQuery{AccountID: w.account, By: []models.Dimension{d}, CampaignID: c.ID, OfferID: own})
		require.NoError(t, err)
		require.Equal(t, want, rows[0].Names[0], d)
	}
}

func TestASumIsOfOneAccount(t *testing.T) {
	t.Parallel()
	w, c, _, _ := sold(t)
	stranger := addWorld(t, w.Store, 1)
	require.Equal(t, []string{":"}, stranger.sums(models.ReportQuery{}))
	require.Equal(t, []string{":"}, stranger.sums(models.ReportQuery{CampaignID: c.ID}))
	_, err := w.Sums(t.Context(), models.ReportQuery{AccountID: w.account, CampaignID: "' OR 1=1"})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	_, err = w.Sums(t.Context(), models.ReportQuery{AccountID: w.account, By: []models.Dimension{"account_id"}})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
}

func TestWhoeverTakesRowsMayStop(t *testing.T) {
	t.Parallel()
	w, _, _, _ := sold(t)
	enough, n := errors.New("enough"), 0
	for range 20 { // more than there are connections
		err := w.EachSum(t.Context(), models.ReportQuery{AccountID: w.account, By: []models.Dimension{models.PerDay}}, func(models.ReportRow) error {
			n++
			return enough
		})
		require.ErrorIs(t, err, enough)
	}
	require.Equal(t, 20, n)
}
