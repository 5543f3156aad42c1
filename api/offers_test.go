package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

func anOffer() map[string]any {
	return map[string]any{
		"name": "Solar", "url": "https://offer.example/?aff_sub2={click_id}", "payout_type": "cpa", "payout": "12.50", "network": "tune",
	}
}

//nolint:thelper // a step is a test of its own
func TestOffers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	made := w.do("POST", "/v1/offers", anOffer(), "Idempotency-Key", "k").want(http.StatusCreated)
	id, path := made.str("id"), "/v1/offers/"+made.str("id")

	w.step("an offer is created with its secret, which is never shown again", func(t *testing.T) {
		secret := made.str("secret")
		require.Regexp(t, `^pb_[\w-]{32}$`, secret)
		require.Equal(t, publicURL+"/postback/"+secret+"?click_id={aff_sub2}&transaction_id={transaction_id}&payout={payout}", made["postback_url"])
		require.Equal(t, object{"amount_micros": 12_500_000.0, "currency": "USD", "decimal": "12.50"}, made.in("payout"))
		require.Equal(t, "America/New_York", made["zone"], "the account's")
		for _, again := range []answer{w.do("POST", "/v1/offers", anOffer(), "Idempotency-Key", "k"), w.do("GET", path, nil), w.do("GET", "/v1/offers", nil)} {
			require.Less(t, again.Code, 300)
			require.NotContains(t, again.Body.String(), secret)
			require.Contains(t, again.Body.String(), "/postback/SECRET?")
		}
	})
	w.step("what it has used of its caps today is shown", func(t *testing.T) {
		today := w.do("GET", path, nil).want(http.StatusOK).in("today")
		require.Regexp(t, `^\d{4}-\d\d-\d\d$`, today["day"])
		require.EqualValues(t, 0, today["clicks"])
	})
	w.step("a change names its fields, and is kept with what was before and who made it", func(t *testing.T) {
		got := w.do("PATCH", path, map[string]any{
			"payout": "20", "click_cap": 1000, "ends_at": "2026-12-31T23:59:59-05:00", "addresses": []string{"203.0.113.77/24", "198.51.100.7"},
		}).want(http.StatusOK)
		require.Equal(t, []any{"203.0.113.0/24", "198.51.100.7/32"}, got["addresses"])
		require.Equal(t, "2027-01-01T04:59:59Z", got["ends_at"])
		require.Equal(t, "Solar", got["name"], "what is left out stays")
		w.do("PATCH", path, map[string]any{"payout": "20.00"}).want(http.StatusOK) // nothing new
		got = w.do("PATCH", path, map[string]any{"ends_at": "", "status": "paused"}).want(http.StatusOK)
		require.NotContains(t, got, "ends_at")
		changes := w.do("GET", path+"/changes", nil).want(http.StatusOK).items("items")
		require.Len(t, changes, 2)
		require.Equal(t, "API key "+w.key[:10], changes[0]["by"])
		require.Equal(t, map[string]any{"before": "12.50", "after": "20.00"}, changes[0].in("changes")["payout"])
		require.Len(t, changes[0].in("changes"), 4)
		require.Equal(t, map[string]any{"before": "active", "after": "paused"}, changes[1].in("changes")["status"])
		require.Len(t, w.do("GET", path+"/changes?limit=1&cursor="+w.do("GET", path+"/changes?limit=1", nil).want(200).str("next_cursor"), nil).want(200).items("items"), 1)
	})
	w.step("a secret is rotated", func(t *testing.T) {
		got := w.do("POST", path+"/secret", nil).want(http.StatusOK)
		require.Regexp(t, `^pb_`, got["secret"])
		require.NotEqual(t, made["secret"], got["secret"])
		all := w.do("GET", path+"/changes", nil)
		require.Contains(t, all.Body.String(), "a new one")
		require.NotContains(t, all.Body.String(), got.str("secret"))
	})
	w.step("a share is given in percent, and money is read exactly", func(t *testing.T) {
		got := w.do("PATCH", path, map[string]any{"payout_type": "revshare", "share_percent": "12.5"}).want(http.StatusOK)
		require.Equal(t, "12.5", got["share_percent"])
		require.EqualValues(t, 0, got.in("payout")["amount_micros"])
		for field, texts := range map[string][]string{
			"share_percent": {"100.01", "-1", "0.001", "x"}, "payout": {"1,5", "-1", "$5", "1e3", "0.0000001", "1000001"},
		} {
			for _, text := range texts {
				require.Contains(t, strings.Join(w.do("PATCH", path, map[string]any{field: text}).want(422).errors(), "\n"), field+": ", text)
			}
		}
	})
	w.step("everything wrong is told at once", func(t *testing.T) {
		got := w.do("POST", "/v1/offers", map[string]any{
			"name": "", "url": "ftp://x", "payout_type": "cpx", "payout": "-1", "zone": "Mars", "fallback_url": "x", "addresses": []string{"1.2.3.4/99", "a,b{}"},
		}).want(422).errors()
		for _, where := range []string{"name: ", "url: ", "payout_type: ", "payout: ", "zone: ", "fallback_url: ", "addresses: "} {
			require.Condition(t, func() bool { return oneBegins(got, where) }, "%s in %v", where, got)
		}
	})
	w.step("an archived offer is gone from the list and still readable", func(t *testing.T) {
		w.do("DELETE", path, nil).want(http.StatusNoContent)
		require.Equal(t, "archived", w.do("GET", path, nil).want(http.StatusOK)["status"])
		require.Empty(t, w.do("GET", "/v1/offers", nil).want(http.StatusOK).items("items"))
	})
	w.step("another account sees and changes nothing of it", func(t *testing.T) {
		_, stranger := w.newAccount()
		for _, request := range []string{"GET ", "DELETE ", "GET /changes", "POST /secret"} {
			method, rest, _ := strings.Cut(request, " ")
			w.as(stranger, method, path+rest, nil).want(http.StatusNotFound)
		}
		w.as(stranger, "PATCH", path, map[string]any{"name": "mine"}).want(http.StatusNotFound)
		got := w.as(stranger, "POST", "/v1/offers", with(anOffer(), "fallback_offer_id", id)).want(422)
		require.Equal(t, []string{"fallback_offer_id: is not an offer of this account"}, got.errors())
		require.Empty(t, w.as(stranger, "GET", "/v1/offers", nil).want(http.StatusOK).items("items"))
		w.do("GET", "/v1/offers/nonsense", nil).want(http.StatusNotFound)
	})
}

//nolint:thelper // a step is a test of its own
func TestFallbacks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	a := w.do("POST", "/v1/offers", anOffer()).want(http.StatusCreated).str("id")
	b := w.do("POST", "/v1/offers", with(anOffer(), "fallback_offer_id", a)).want(http.StatusCreated).str("id")
	c := w.do("POST", "/v1/offers", with(anOffer(), "fallback_offer_id", b)).want(http.StatusCreated).str("id")
	w.step("a click must not go round in circles", func(t *testing.T) {
		got := w.do("PATCH", "/v1/offers/"+a, map[string]any{"fallback_offer_id": c}).want(422)
		require.Equal(t, []string{"fallback_offer_id: leads back to this offer"}, got.errors())
		got = w.do("PATCH", "/v1/offers/"+a, map[string]any{"fallback_offer_id": a}).want(422)
		require.Equal(t, []string{"fallback_offer_id: is the offer itself"}, got.errors())
	})
	w.step("a fallback can be taken away", func(t *testing.T) {
		require.NotContains(t, w.do("PATCH", "/v1/offers/"+b, map[string]any{"fallback_offer_id": ""}).want(http.StatusOK), "fallback_offer_id")
		w.do("PATCH", "/v1/offers/"+a, map[string]any{"fallback_offer_id": c}).want(200)
	})
}
