package api_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

//nolint:thelper // a step is a test of its own
func TestConversionsAreReadAndMatched(t *testing.T) {
	t.Parallel()
	m := newMarket(t, nil)
	m.tell(query("click_id", m.click, "transaction_id", "A", "event", "lead")).want(http.StatusOK)
	m.tell("transaction_id=B&amount=3").want(http.StatusOK)
	m.tell("transaction_id=C&event=refund").want(http.StatusOK)
	all := m.do("GET", "/v1/conversions", nil).want(http.StatusOK).items("items")
	require.Len(t, all, 3)
	_, stranger := m.newAccount()
	m.step("a conversion says what became of it", func(t *testing.T) {
		one := m.do("GET", "/v1/conversions/"+all[0].str("id"), nil).want(http.StatusOK)
		require.Equal(t, all[0], one)
		require.Equal(t, m.message.String(), all[0]["message_id"])
		require.Equal(t, m.click, all[0]["click_id"])
		require.Equal(t, object{"amount_micros": 12_500_000.0, "currency": "USD", "decimal": "12.50"}, all[0].in("booked"))
		require.Equal(t, []any{"credited", "unmatched", "waiting"}, []any{all[0]["state"], all[1]["state"], all[2]["state"]})
		require.NotContains(t, all[0], "rate")
	})
	m.step("they are filtered and paged", func(t *testing.T) {
		for q, want := range map[string]int{
			"state=unmatched": 1, "kind=refund": 1, "state=credited&kind=lead": 1, "state=credited&kind=sale": 0,
			"offer_id=" + m.offer.str("id"): 3, "offer_id=" + models.NewID[string](): 0, "offer_id=x": 0, "limit=2": 2,
		} {
			require.Len(t, m.do("GET", "/v1/conversions?"+q, nil).want(http.StatusOK).items("items"), want, q)
		}
		next := m.do("GET", "/v1/conversions?limit=2", nil).want(http.StatusOK).str("next_cursor")
		require.Equal(t, all[2:], m.do("GET", "/v1/conversions?limit=2&cursor="+next, nil).want(http.StatusOK).items("items"))
		m.do("GET", "/v1/conversions?state=lost", nil).want(422)
	})
	m.step("what matches nothing is matched by hand, with all of its transaction", func(t *testing.T) {
		got := m.do("POST", "/v1/conversions/"+all[1].str("id")+"/match", map[string]any{"message_id": m.message.String()}).want(http.StatusOK)
		require.Equal(t, "credited", got["state"])
		require.Equal(t, "API key "+m.key[:10], got["matched_by"])
		m.tell("transaction_id=B&event=refund").want(http.StatusOK)
		require.Contains(t, m.rows("transaction_id, kind, state, booked, message_id"), "B refund credited -3000000 "+m.message.String())
	})
	m.step("what a click has earned stays there", func(t *testing.T) {
		m.do("POST", "/v1/conversions/"+all[0].str("id")+"/match", map[string]any{"message_id": m.message.String()}).want(http.StatusConflict)
	})
	m.step("nothing is matched to what is not the account's, nor by a stranger", func(t *testing.T) {
		for _, id := range []string{"999999999", "x", "-1", "99999999999999999999"} {
			got := m.do("POST", "/v1/conversions/"+all[2].str("id")+"/match", map[string]any{"message_id": id}).want(422).errors()
			require.Condition(t, func() bool { return oneBegins(got, "message_id: ") }, "%v", got)
		}
		m.as(stranger, "POST", "/v1/conversions/"+all[1].str("id")+"/match", map[string]any{"message_id": m.message.String()}).want(http.StatusNotFound)
		m.as(stranger, "GET", "/v1/conversions/"+all[1].str("id"), nil).want(http.StatusNotFound)
		require.Empty(t, m.as(stranger, "GET", "/v1/conversions", nil).want(http.StatusOK).items("items"))
		m.do("GET", "/v1/conversions/x", nil).want(http.StatusNotFound)
	})
}

//nolint:thelper // a step is a test of its own
func TestRatesAndTheAccountsCurrency(t *testing.T) {
	t.Parallel()
	m := newMarket(t, nil)
	m.step("a conversion in another currency is booked at the stored rate, and stays", func(t *testing.T) {
		m.do("GET", "/v1/rates/EUR", nil).want(http.StatusNotFound)
		require.Equal(t, "1.08", m.do("PUT", "/v1/rates/EUR", map[string]any{"rate": "1.080"}).want(http.StatusOK)["rate"])
		m.tell("transaction_id=A&amount=10&currency=eur").want(http.StatusOK)
		m.do("PUT", "/v1/rates/EUR", map[string]any{"rate": "2"}).want(http.StatusOK)
		m.tell("transaction_id=B&amount=10&currency=EUR").want(http.StatusOK)
		require.Equal(t, []string{"A EUR 10000000 1080000 10800000", "B EUR 10000000 2000000 20000000"}, m.rows("transaction_id, currency, amount, rate, booked"))
		require.Len(t, m.do("GET", "/v1/rates", nil).want(http.StatusOK).items("items"), 1)
		require.Equal(t, "2.00", m.do("GET", "/v1/rates/EUR", nil).want(http.StatusOK)["rate"])
		require.Equal(t, "1.08", m.do("GET", "/v1/conversions?limit=1", nil).want(http.StatusOK).items("items")[0]["rate"])
	})
	m.step("nonsense is refused", func(t *testing.T) {
		for _, c := range []string{"eur", "XXL", "USD", "E"} {
			require.Contains(t, m.do("PUT", "/v1/rates/"+c, map[string]any{"rate": "1"}).want(422).errors()[0], "path.currency: ", c)
		}
		for _, rate := range []string{"0", "-1", "x", "1000001", ""} {
			require.Contains(t, m.do("PUT", "/v1/rates/GBP", map[string]any{"rate": rate}).want(422).errors()[0], "rate: ", rate)
		}
	})
	m.step("rates are an account's own", func(t *testing.T) {
		_, stranger := m.newAccount()
		require.Empty(t, m.as(stranger, "GET", "/v1/rates", nil).want(http.StatusOK).items("items"))
	})
	m.step("the currency changes only before there are amounts in it", func(t *testing.T) {
		got := m.do("PATCH", "/v1/settings", map[string]any{"currency": "EUR"}).want(http.StatusConflict)
		require.Contains(t, got["detail"], "amounts in USD")
		m.do("PATCH", "/v1/settings", map[string]any{"currency": "USD", "frequency_hours": 3}).want(http.StatusOK)
		_, fresh := m.newAccount()
		require.Equal(t, "EUR", m.as(fresh, "PATCH", "/v1/settings", map[string]any{"currency": "EUR"}).want(http.StatusOK)["currency"])
		require.Equal(t, "EUR", m.as(fresh, "POST", "/v1/offers", anOffer()).want(http.StatusCreated).in("payout")["currency"])
		m.as(fresh, "PATCH", "/v1/settings", map[string]any{"currency": "USD"}).want(http.StatusConflict)
		require.Contains(t, fmt.Sprint(m.as(fresh, "PATCH", "/v1/settings", map[string]any{"currency": "usd"}).want(422).errors()), "currency: ")
	})
}
