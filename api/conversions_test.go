package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

//nolint:thelper // a step is a test of its own
func TestConversionsByRequest(t *testing.T) {
	t.Parallel()
	m := newMarket(t, nil)
	offer := m.offer.str("id")
	tell := func(change map[string]any) answer {
		body := map[string]any{"offer_id": offer, "transaction_id": "T"}
		for name, v := range change {
			body[name] = v
		}
		return m.do("POST", "/v1/conversions", body)
	}
	m.step("one is recorded, and told again it is known", func(t *testing.T) {
		first := tell(map[string]any{"click_id": m.click, "amount": "8.25", "kind": "lead", "at": "2026-01-02T03:04:05Z"}).want(http.StatusOK)
		require.Equal(t, "recorded", first["result"])
		require.Equal(t, "uncredited", first["state"], "it was before the click")
		again := tell(map[string]any{"kind": "lead"}).want(http.StatusOK)
		require.Equal(t, object{"result": "repeated", "id": first["id"], "state": "uncredited"}, again)
		require.Equal(t, "credited", tell(map[string]any{"click_id": m.click, "transaction_id": "U"}).want(http.StatusOK)["state"])
		require.Equal(t, []string{"T lead api 2026-01-02 8250000", "U sale api 12500000"}, []string{
			m.rows("transaction_id, kind, source, at::date, booked")[0], m.rows("transaction_id, kind, source, booked")[1],
		})
	})
	m.step("what is wrong is told at once, by the names of the request", func(t *testing.T) {
		got := tell(map[string]any{"kind": "x", "amount": "-1", "currency": "US$", "message_id": "07", "at": "soon", "offer_id": "x"}).want(422).errors()
		for _, where := range []string{"kind: ", "amount: ", "currency: ", "at: ", "offer_id: "} {
			require.Condition(t, func() bool { return oneBegins(got, where) }, "%s in %v", where, got)
		}
		require.Equal(t, []string{"message_id: is not a message's id"}, tell(map[string]any{"message_id": "07"}).want(422).errors())
		require.Contains(t, tell(map[string]any{"amount": "1", "currency": "EUR", "transaction_id": "V"}).want(422).errors()[0], "currency: ")
		require.Contains(t, tell(map[string]any{"transaction_id": strings.Repeat("x", 256)}).want(422).errors()[0], "transaction_id: ")
		require.Contains(t, m.do("POST", "/v1/conversions", map[string]any{"offer_id": offer}).want(422).errors()[0], "transaction_id: ")
		m.do("POST", "/v1/conversions", `{"offer_id": 1`).want(422)
	})
	m.step("another account's offer is none, and its clicks are nobody's", func(t *testing.T) {
		_, key := m.newAccount()
		body := map[string]any{"offer_id": offer, "transaction_id": "T", "click_id": m.click}
		require.Equal(t, []string{"offer_id: is not an offer of this account"}, m.as(key, "POST", "/v1/conversions", body).want(422).errors())
		body["offer_id"] = m.as(key, "POST", "/v1/offers", anOffer()).want(http.StatusCreated).str("id")
		require.Equal(t, "unmatched", m.as(key, "POST", "/v1/conversions", body).want(http.StatusOK)["state"])
	})
	require.Equal(t, 1, m.counted()["api credited"])
}

//nolint:thelper // a step is a test of its own
func TestManyConversionsByRequest(t *testing.T) {
	t.Parallel()
	m := newMarket(t, nil)
	offer := m.offer.str("id")
	bulk := func(all ...any) answer {
		return m.do("POST", "/v1/conversions/bulk", map[string]any{"conversions": all})
	}
	m.step("each has a result of its own", func(t *testing.T) {
		got := bulk(
			map[string]any{"offer_id": offer, "transaction_id": "A", "click_id": m.click},
			map[string]any{"offer_id": offer, "transaction_id": "B", "amount": "-1"},
			map[string]any{"offer_id": offer, "transaction_id": "A"},
			map[string]any{"offer_id": models.NewID[string](), "transaction_id": "A"},
			map[string]any{"transaction_id": "C"},
			map[string]any{"offer_id": offer, "transaction_id": "D", "kind": "theft"},
			map[string]any{"offer_id": offer, "transaction_id": "E", "amount": "1", "currency": "EUR"},
			map[string]any{"offer_id": offer, "transaction_id": "F"},
		).want(http.StatusOK)
		var results []string
		for _, r := range got.items("results") {
			text := r.str("result")
			for _, p := range r.items("problems") {
				text += " " + p.str("location")
			}
			results = append(results, text)
		}
		require.Equal(t, []string{
			"recorded", "refused amount", "repeated", "refused offer_id", "refused offer_id", "refused kind", "refused currency", "recorded",
		}, results)
		require.EqualValues(t, 2, got["recorded"])
		require.EqualValues(t, 1, got["repeated"])
		require.EqualValues(t, 5, got["refused"])
		require.Equal(t, []string{"A credited", "F unmatched"}, m.rows("transaction_id, state"))
	})
	m.step("a thousand are taken and one more is refused", func(t *testing.T) {
		var all []any
		for i := range 1001 {
			all = append(all, map[string]any{"offer_id": offer, "transaction_id": fmt.Sprint("many", i)})
		}
		require.EqualValues(t, 1000, bulk(all[:1000]...).want(http.StatusOK)["recorded"])
		require.EqualValues(t, 1000, bulk(all[:1000]...).want(http.StatusOK)["repeated"])
		bulk(all...).want(422)
		bulk().want(422)
		require.Len(t, m.rows("id"), 1002)
	})
}
