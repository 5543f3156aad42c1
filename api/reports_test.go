package api_test

import (
	"encoding/csv"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/api"
	"trackly/internal/testkit"
	"trackly/models"
)

// earning is an account with four texts that were sent for a cent, two of which a person
// tapped, and one of which sold for ten dollars, six of which were taken back the next day.
func earning(t *testing.T) (w *world, campaign models.CampaignID, creative string) {
	t.Helper()
	database := testkit.Database(t)
	w = newWorldWith(t, func(o *api.Options) {
		o.Store = testkit.Open(t, database)
		o.Now = func() time.Time { return time.Date(2026, 11, 20, 12, 0, 0, 0, time.UTC) }
	})
	w.store = testkit.Open(t, database)
	w.account, w.key = w.newAccount()
	_, campaign, ids := w.sending(4)
	testkit.Exec(t, database, `UPDATE messages SET state = 'sent', claimed_at = now(), sent_at = '2026-11-10T03:00:00Z', cost = 10000, segments = 1`)
	testkit.Exec(t, database, `INSERT INTO offers (id, account_id, name, url, network, payout_type, zone, status, secret_hash)
		VALUES (gen_random_uuid(), $1, '=cmd()', 'https://o.example', 'none', 'cpa', 'UTC', 'active', sha256('x'))`, w.account)
	for _, id := range ids[:2] {
		testkit.Exec(t, database, `INSERT INTO tally_moves (account_id, message_id, offer_id, at, clicks)
			SELECT $1, $2, id, '2026-11-10T04:00:00Z', 1 FROM offers`, w.account, id)
	}
	testkit.Exec(t, database, `INSERT INTO tally_moves (account_id, message_id, offer_id, at, conversions, revenue)
		SELECT $1, $2, id, '2026-11-10T04:30:00Z', 1, 10000000 FROM offers`, w.account, ids[0])
	testkit.Exec(t, database, `INSERT INTO tally_moves (account_id, message_id, offer_id, at, revenue)
		SELECT $1, $2, id, '2026-11-11T05:00:00Z', -6000000 FROM offers`, w.account, ids[0])
	c, err := w.store.Campaign(t.Context(), w.account, campaign)
	require.NoError(t, err)
	return w, campaign, string(c.Variants[0].CreativeID)
}

//nolint:thelper // a step is a test of its own
func TestReports(t *testing.T) {
	t.Parallel()
	w, campaign, creative := earning(t)
	ask := func(query string) object { return w.do("GET", "/v1/reports"+query, nil).want(http.StatusOK) }

	w.step("everything at once", func(t *testing.T) {
		got := ask("")
		require.Equal(t, "2026-10-22", got.str("from"))
		require.Equal(t, "2026-11-20", got.str("to"))
		require.Len(t, got.items("rows"), 1)
		total := got.in("total")
		require.EqualValues(t, 4, total["sends"])
		require.EqualValues(t, 2, total["clicks"])
		require.InDelta(t, 0.5, total["ctr"], 1e-9)
		require.InDelta(t, 0.5, total["cr"], 1e-9)
		require.Equal(t, "4.00", total.in("revenue").str("decimal"))
		require.Equal(t, "0.04", total.in("cost").str("decimal"))
		require.Equal(t, "3.96", total.in("profit").str("decimal"))
		require.InDelta(t, 99, total["roi"], 1e-9)
		require.InDelta(t, 1, total["rps"], 1e-9)
		require.InDelta(t, 2, total["epc"], 1e-9)
	})
	w.step("by day, in the account's zone: what was taken back is on its own day", func(t *testing.T) {
		rows := ask("?by=day").items("rows")
		require.Len(t, rows, 2)
		require.Equal(t, "2026-11-09", rows[0].items("keys")[0].str("key"), "three at night UTC is the evening before in New York")
		require.Equal(t, "10.00", rows[0].in("revenue").str("decimal"))
		require.Equal(t, "-6.00", rows[1].in("revenue").str("decimal"))
		require.NotContains(t, rows[1], "ctr", "a rate of nothing is not nought")
	})
	w.step("by campaign and variant, with names, filtered and sorted", func(t *testing.T) {
		rows := ask("?by=campaign,variant&sort=-profit&campaign_id=" + string(campaign) + "&creative_id=" + creative).items("rows")
		require.Len(t, rows, 1)
		require.Equal(t, string(campaign), rows[0].items("keys")[0].str("key"))
		require.Equal(t, models.VariantKey(campaign, 1), rows[0].items("keys")[1].str("key"))
		require.Equal(t, "A", rows[0].items("keys")[1].str("name"))
		require.Empty(t, ask("?by=campaign&list_id="+string(models.NewID[models.ListID]())).items("rows"))
		require.Empty(t, ask("?by=campaign&from=2026-11-12").items("rows"))
	})
	w.step("the campaign's own report says the same, and tests its variants by three metrics", func(t *testing.T) {
		got := w.do("GET", "/v1/campaigns/"+string(campaign)+"/report", nil).want(http.StatusOK)
		require.Equal(t, "3.96", got.in("total").in("profit").str("decimal"))
		require.Equal(t, "3.96", got.items("variants")[0].in("profit").str("decimal"))
		require.EqualValues(t, 4, got.items("variants")[0]["planned"])
		var metrics []string
		for _, test := range got.items("tests") {
			metrics = append(metrics, test.str("metric"))
			require.Contains(t, test.str("advice"), "only one variant")
		}
		require.Equal(t, []string{"ctr", "conversion", "profit_per_send"}, metrics)
	})
	w.step("as a file, in which no cell is a formula", func(t *testing.T) {
		a := w.do("GET", "/v1/reports.csv?by=offer,day", nil)
		require.Equal(t, http.StatusOK, a.Code, a.Body.String())
		require.Contains(t, a.Header().Get("Content-Type"), "text/csv")
		lines, err := csv.NewReader(strings.NewReader(a.Body.String())).ReadAll()
		require.NoError(t, err)
		require.Equal(t, []string{"offer", "offer_name", "day", "day_name", "sends"}, lines[0][:5])
		names := map[string]bool{}
		for _, line := range lines[1:] {
			names[line[1]] = true
		}
		require.Contains(t, names, "'=cmd()")
	})
	w.step("nothing of it is for another account", func(t *testing.T) {
		_, key := w.newAccount()
		require.Empty(t, w.as(key, "GET", "/v1/reports?by=campaign", nil).want(http.StatusOK).items("rows"))
	})
}

//nolint:thelper // a step is a test of its own
func TestReportsRefuseNonsense(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for query, where := range map[string]string{
		"?by=weather": "by", "?by=day,campaign,offer": "by", "?by=day,day": "by", "?from=yesterday": "from",
		"?from=2026-11-20&to=2026-11-19": "from", "?to=1999-12-31": "to", "?campaign_id=1": "campaign_id", "?sort=-weather": "sort",
		"?offer_id=%27%3B--": "offer_id", "?list_id=x": "list_id",
	} {
		w.step(query, func(t *testing.T) {
			got := w.do("GET", "/v1/reports"+query, nil).want(http.StatusUnprocessableEntity)
			require.Condition(t, func() bool { return oneBegins(got.errors(), where+": ") }, "%v", got.errors())
		})
	}
	for query, where := range map[string]string{
		"?by=field&field=shoe_size": "field", "?list_id=x": "list_id", "?from=2026-11-20&to=2026-11-19": "from",
	} {
		w.step("cohorts "+query, func(t *testing.T) {
			got := w.do("GET", "/v1/reports/cohorts"+query, nil).want(http.StatusUnprocessableEntity)
			require.Condition(t, func() bool { return oneBegins(got.errors(), where+": ") }, "%v", got.errors())
		})
	}
	w.step("cohorts of nobody are none", func(t *testing.T) {
		require.Empty(t, w.do("GET", "/v1/reports/cohorts?by=field&field=plan", nil).want(http.StatusOK).items("cohorts"))
	})
}
