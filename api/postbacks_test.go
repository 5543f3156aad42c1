package api_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

//nolint:thelper // a step is a test of its own
func TestPostbacks(t *testing.T) {
	t.Parallel()
	m := newMarket(t, nil)
	m.step("a postback by GET is booked for the text whose link was followed", func(t *testing.T) {
		a := m.tell(query("click_id", m.click, "transaction_id", "get", "payout", "8.25"))
		require.Equal(t, object{"result": "recorded"}, a.want(http.StatusOK))
		require.Equal(t, "no-store", a.Header().Get("Cache-Control"))
		require.Equal(t, []string{"get sale credited 8250000 " + m.message.String()}, m.rows("transaction_id, kind, state, booked, message_id"))
	})
	m.step("one told again is one", func(t *testing.T) {
		require.Equal(t, object{"result": "repeated"}, m.tell(query("click_id", m.click, "transaction_id", "get", "payout", "8.25")).want(http.StatusOK))
		require.Len(t, m.rows("id"), 1)
	})
	m.step("forms and JSON are read like queries", func(t *testing.T) {
		m.post("application/x-www-form-urlencoded", query("aff_sub", m.click, "transaction_id", "form", "event", "lead")).want(http.StatusOK)
		m.post("application/json; charset=utf-8", fmt.Sprintf(`{"sub1":%q,"transaction_id":77,"amount":1.10,"event":"rebill"}`, m.click)).want(http.StatusOK)
		require.Equal(t, []string{"form lead credited 12500000", "77 rebill credited 1100000"}, m.rows("transaction_id, kind, state, booked")[1:])
	})
	m.step("a refund takes back", func(t *testing.T) {
		m.tell("transaction_id=get&event=refund").want(http.StatusOK)
		require.Contains(t, m.rows("transaction_id, kind, booked"), "get refund -8250000")
	})
	m.step("a message's id does where there is no click's, and no transaction is the click's own", func(t *testing.T) {
		m.tell(query("message_id", m.message.String(), "event", "signup")).want(http.StatusOK)
		m.tell(query("s2", m.click, "event", "install")).want(http.StatusOK)
		m.tell(query("s2", m.click, "event", "install")).want(http.StatusOK)
		all := m.rows("transaction_id, kind, state")
		require.Equal(t, []string{"message:" + m.message.String() + " signup credited", "click:" + m.click + " install credited"}, all[len(all)-2:])
	})
	m.step("what came of them is counted", func(t *testing.T) {
		got := m.counted()
		require.Equal(t, 2, got["postback repeated"])
		require.Equal(t, 6, got["postback credited"])
	})
}

// A network that repeats itself, all at once.
func TestTenThousandPostbacksOfOneTransaction(t *testing.T) {
	t.Parallel()
	m := newMarket(t, nil)
	const all, atOnce = 10_000, 16
	var wg sync.WaitGroup
	var mu sync.Mutex
	results := map[string]int{}
	for range atOnce {
		wg.Go(func() {
			for range all / atOnce {
				r := httptest.NewRequestWithContext(t.Context(), http.MethodGet, m.path()+"?"+query("click_id", m.click, "transaction_id", "T"), nil)
				rec := httptest.NewRecorder()
				m.server.Handler().ServeHTTP(rec, r)
				mu.Lock()
				results[fmt.Sprint(rec.Code, " ", strings.TrimSpace(rec.Body.String()))]++
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	require.Equal(t, map[string]int{`200 {"result":"recorded"}`: 1, `200 {"result":"repeated"}`: all - 1}, results)
	require.Equal(t, []string{fmt.Sprint("T sale credited 12500000 ", all-1)}, m.rows("transaction_id, kind, state, booked, repeats"))
}

//nolint:thelper // a step is a test of its own
func TestPostbacksThatAreRefused(t *testing.T) {
	t.Parallel()
	m := newMarket(t, map[string]any{"addresses": []string{"203.0.113.0/24"}})
	m.step("a wrong secret is nothing that exists, whatever it looks like", func(t *testing.T) {
		other := m.offer.str("secret")
		words := map[string]bool{}
		for _, secret := range []string{models.NewOfferSecret(), "x", "pb_", other + "x", other[:len(other)-1], strings.ToUpper(other), m.key, "%00", "SECRET"} {
			a := m.as("", "GET", "/postback/"+secret+"?transaction_id=T", nil, "X-Forwarded-For", "203.0.113.9")
			a.want(http.StatusNotFound)
			words[a.Body.String()] = true
		}
		require.Len(t, words, 1, "one answer for all of them")
	})
	m.step("an address that is not on the list is forbidden, and nothing is kept", func(t *testing.T) {
		got := m.as("", "GET", m.path()+"?transaction_id=T", nil, "X-Forwarded-For", "203.0.113.9, 198.51.100.1").want(http.StatusForbidden)
		require.NotContains(t, fmt.Sprint(got), "203.0.113")
	})
	m.step("what is wrong is said", func(t *testing.T) {
		for q, where := range map[string]string{
			"transaction_id=T&amount=-1":                            "amount",
			"transaction_id=T&amount=1e9":                           "amount",
			"transaction_id=T&amount=99999999999":                   "amount",
			"transaction_id=T&amount=1&currency=EUR":                "currency",
			"transaction_id=T&amount=1&currency=dollars":            "currency",
			"transaction_id=" + strings.Repeat("x", 256):            "transaction_id",
			"transaction_id=T&click_id=" + strings.Repeat("x", 600): "click_id",
			"transaction_id=%00":                                    "transaction_id",
			"transaction_id=%FF":                                    "transaction_id",
			"transaction_id=T&event=theft":                          "event",
			"transaction_id=T&at=yesterday":                         "at",
			"transaction_id=T&at=2999-01-01":                        "at",
			"transaction_id=T&status=rejected":                      "status",
			"":                                                      "transaction_id",
			"event=sale&amount=1":                                   "transaction_id",
		} {
			got := m.tell(q).want(http.StatusBadRequest).errors()
			require.Condition(t, func() bool { return oneBegins(got, where+": ") }, "%s: %v", q, got)
		}
	})
	m.step("floods are refused before they are read", func(t *testing.T) {
		m.tell("transaction_id=T&" + strings.Repeat("a=1&", 64)).want(http.StatusBadRequest)
		m.tell("transaction_id=T&x=" + strings.Repeat("x", 20_000)).want(http.StatusBadRequest)
		m.tell("transaction_id=T&" + strings.Repeat("n", 65) + "=1").want(http.StatusBadRequest)
		m.tell("transaction_id=%ZZ").want(http.StatusBadRequest)
		from := func(r *http.Request) *http.Request { r.Header.Set("X-Forwarded-For", "203.0.113.9"); return r }
		big := httptest.NewRequestWithContext(t.Context(), http.MethodPost, m.path(), strings.NewReader("x="+strings.Repeat("x", 70_000)))
		m.serve(from(big)).want(http.StatusRequestEntityTooLarge)
		for body, contentType := range map[string]string{
			`{"transaction_id":["T"]}`: "application/json", `[]`: "application/json", "a=%ZZ": "application/x-www-form-urlencoded",
		} {
			r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, m.path(), strings.NewReader(body))
			r.Header.Set("Content-Type", contentType)
			m.serve(from(r)).want(http.StatusBadRequest)
		}
		xml := httptest.NewRequestWithContext(t.Context(), http.MethodPost, m.path(), strings.NewReader("<a/>"))
		xml.Header.Set("Content-Type", "text/xml")
		m.serve(from(xml)).want(http.StatusUnsupportedMediaType)
	})
	require.Empty(t, m.rows("id"), "nothing of it was kept")
	require.Equal(t, 9, m.counted()["postback wrong_secret"])
	require.Equal(t, 1, m.counted()["postback wrong_address"])
}

//nolint:thelper // a step is a test of its own
func TestPostbacksThatNameNobodyOfOurs(t *testing.T) {
	t.Parallel()
	m := newMarket(t, nil)
	m.step("unknown clicks and messages are kept, and the network hears no difference", func(t *testing.T) {
		for i, q := range []string{"click_id=" + models.NewID[string](), "click_id=' OR 1=1 --", "message_id=999999999", "message_id=x", "click_id={click_id}", ""} {
			got := m.tell(strings.ReplaceAll(q, " ", "+") + fmt.Sprint("&transaction_id=", i)).want(http.StatusOK)
			require.Equal(t, object{"result": "recorded"}, got, q)
		}
		for _, row := range m.rows("state, coalesce(message_id, 0)") {
			require.Equal(t, "unmatched 0", row)
		}
	})
	m.step("another account's clicks and messages are nobody's", func(t *testing.T) {
		mine := m.offer
		_, key := m.newAccount()
		m.offer = m.as(key, "POST", "/v1/offers", anOffer()).want(http.StatusCreated)
		require.Equal(t, object{"result": "recorded"}, m.tell(query("click_id", m.click, "transaction_id", "stolen")).want(http.StatusOK))
		require.Equal(t, object{"result": "recorded"}, m.tell(query("message_id", m.message.String(), "transaction_id", "stolen too")).want(http.StatusOK))
		all := m.rows("transaction_id, state")
		require.Equal(t, []string{"stolen unmatched", "stolen too unmatched"}, all[len(all)-2:])
		m.offer = mine
	})
	m.step("a secret that was rotated opens nothing, an archived offer still takes what comes late", func(t *testing.T) {
		old := m.path()
		m.offer = m.do("POST", "/v1/offers/"+m.offer.str("id")+"/secret", nil).want(http.StatusOK)
		m.do("DELETE", "/v1/offers/"+m.offer.str("id"), nil).want(http.StatusNoContent)
		require.Equal(t, object{"result": "recorded"}, m.tell(query("click_id", m.click, "transaction_id", "late")).want(http.StatusOK))
		require.Eventually(t, func() bool {
			return m.as("", "GET", old+"?transaction_id=x", nil).Code == http.StatusNotFound
		}, 10*time.Second, 50*time.Millisecond, "remembered for seconds only")
	})
}
