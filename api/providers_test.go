package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/api"
	"trackly/internal/provider"
	"trackly/internal/provider/cm"
	"trackly/internal/provider/infobip"
	"trackly/internal/provider/telnyx"
	"trackly/internal/provider/twilio"
	"trackly/models"
)

//nolint:thelper // a step is a test of its own
func TestProviders(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.step("every provider says what it can and what a route to it needs", func(t *testing.T) {
		all := w.do("GET", "/v1/providers", nil).want(http.StatusOK).items("providers")
		needs := map[string]any{}
		for _, p := range all {
			needs[p.str("name")] = p["settings"]
		}
		require.Equal(t, map[string]any{
			"twilio":  []any{"phone", "provider_settings.account_sid", "provider_settings.auth_token"},
			"infobip": []any{"phone", "provider_settings.auth_token", "provider_settings.base_url"},
			"cm":      []any{"phone", "provider_settings.auth_token"},
			"telnyx":  []any{"phone", "provider_settings.auth_token", "provider_settings.public_key"},
		}, needs)
	})
	w.step("codes are told with class and sentence, and every class is explained", func(t *testing.T) {
		classes := 0
		for _, d := range []provider.Dialer{twilio.Dialer{}, infobip.Dialer{}, cm.Dialer{}, telnyx.Dialer{}} {
			got := w.do("GET", "/v1/providers/"+d.Capabilities().Name+"/codes", nil).want(http.StatusOK).items("codes")
			require.Len(t, got, len(d.Codes()))
			for _, c := range got {
				require.Equal(t, d.Codes()[c.str("code")].Sentence, c["sentence"])
				require.NotEmpty(t, models.ReasonSentence(c.str("class")), "%s", c["class"])
				classes++
			}
		}
		require.Positive(t, classes)
		w.do("GET", "/v1/providers/pigeon/codes", nil).want(http.StatusNotFound)
	})
	w.step("every class a provider can answer with has a sentence", func(t *testing.T) {
		for _, c := range []provider.Class{
			provider.RetrySoon, provider.RetryLater, provider.DeferToTomorrow, provider.BadNumber, provider.OptedOut,
			provider.AccountProblem, provider.Filtered, provider.Unanswered,
		} {
			require.NotEmpty(t, models.ReasonSentence(string(c)), "%s", c)
		}
	})
}

func TestTheTableOfQuietHours(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	got := w.do("GET", "/v1/quiet-hours", nil).want(http.StatusOK)
	require.Regexp(t, `^\d{4}-\d\d-\d\d$`, got["version"])
	names := map[string]object{}
	for _, r := range got.items("rules") {
		names[r.str("country")+r.str("state")] = r
		require.NotEmpty(t, r["source"])
		require.NotEmpty(t, r["days"])
	}
	require.Contains(t, names, "*")
	require.Equal(t, "08:00", names["US"]["from"])
	require.Equal(t, "21:00", names["US"]["to"])
	require.Contains(t, names, "USFL")
}

//nolint:thelper // a step is a test of its own
func TestWhetherSomebodyMayBeTextedNow(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, func(o *api.Options) {
		o.Now = func() time.Time { return time.Date(2026, 5, 6, 12, 30, 0, 0, time.UTC) } // a Wednesday, 8:30 in New York
	})
	ask := func(query string) object { return w.do("GET", "/v1/quiet-hours/next?"+query, nil).want(http.StatusOK) }
	w.step("by the law of the place, and where two are possible by both", func(t *testing.T) {
		got := ask("phone=%2B12125550100")
		require.Equal(t, true, got["open"])
		require.Equal(t, "2026-05-07T01:00:00Z", got["until"])
		got = ask("phone=%2B12125550100&state=CA")
		require.Equal(t, false, got["open"])
		require.Equal(t, "2026-05-06T16:00:00Z", got["next"], "California begins at nine")
		require.Contains(t, got["place"], "America/Los_Angeles")
		require.NotContains(t, got, "until")
		require.Equal(t, false, ask("")["open"], "nothing known: all of the country must be open")
	})
	w.step("and by the account's own hours", func(t *testing.T) {
		w.do("PATCH", "/v1/settings", map[string]any{"hours": map[string]any{"from": "10:00", "to": "18:00"}}).want(http.StatusOK)
		require.Equal(t, "2026-05-06T14:00:00Z", ask("zone=America%2FNew_York&phone=%2B12125550100")["next"])
		w.do("GET", "/v1/quiet-hours/next?phone=12", nil).want(422)
	})
}

func TestEventsAndUnheardCodes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := w.list(0)
	for i, e := range []models.Event{
		{Kind: models.EventListPaused, Severity: models.Alert, Text: "first", ListID: list}, {Kind: models.EventRouteUp, Severity: models.Info, Text: "second"},
	} {
		e.AccountID = w.account
		require.NoError(t, w.store.AddEvent(t.Context(), e), i)
	}
	page := w.do("GET", "/v1/events?limit=1", nil).want(http.StatusOK)
	require.Equal(t, "first", page.items("items")[0]["text"])
	require.Equal(t, "alert", page.items("items")[0]["severity"])
	rest := w.do("GET", "/v1/events?limit=1&cursor="+page.str("next_cursor"), nil).want(http.StatusOK)
	require.Equal(t, "second", rest.items("items")[0]["text"])
	require.NotContains(t, rest.items("items")[0], "list_id")
	require.NotContains(t, rest, "next_cursor")

	require.NoError(t, w.store.CountUnheard(t.Context(), w.account, "cm", map[string]int{"8": 2, "9": 5}))
	codes := w.do("GET", "/v1/unheard-codes", nil).want(http.StatusOK).items("items")
	require.Len(t, codes, 2)
	require.Equal(t, "9", codes[0]["code"])
	require.EqualValues(t, 5, codes[0]["seen"])
}
