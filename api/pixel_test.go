package api_test

import (
	"bytes"
	"image/gif"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

//nolint:thelper // a step is a test of its own
func TestPixels(t *testing.T) {
	t.Parallel()
	m := newMarket(t, map[string]any{"pixel": true})
	path := strings.TrimPrefix(strings.TrimSuffix(m.offer.str("pixel_url"), "?click_id="), publicURL)
	require.Equal(t, "/pixel/"+m.offer.str("id")+".gif", path)
	look := func(target string) {
		m.t.Helper()
		a := m.as("", "GET", target, nil)
		require.Equal(m.t, http.StatusOK, a.Code, target)
		require.Equal(m.t, "image/gif", a.Header().Get("Content-Type"))
		require.Contains(m.t, a.Header().Get("Cache-Control"), "no-store")
		picture, err := gif.Decode(bytes.NewReader(a.Body.Bytes()))
		require.NoError(m.t, err)
		require.Equal(m.t, 1, picture.Bounds().Dx()*picture.Bounds().Dy())
	}
	m.step("a pixel with a click's id is a conversion, for the payout whatever it says", func(t *testing.T) {
		look(path + "?" + query("click_id", m.click, "amount", "9999", "transaction_id", "mine", "currency", "EUR"))
		require.Equal(t, []string{"click:" + m.click + " sale pixel credited 12500000"}, m.rows("transaction_id, kind, source, state, booked"))
	})
	m.step("reloading the page, or another transaction, makes no second one", func(t *testing.T) {
		look(path + "?" + query("click_id", m.click, "transaction_id", "other"))
		look(path + "?" + query("click_id", strings.ToUpper(m.click)))
		require.Equal(t, object{"result": "repeated"}, m.tell(query("click_id", m.click)).want(http.StatusOK), "nor does a postback without a transaction")
		require.Len(t, m.rows("id"), 1)
	})
	m.step("nothing a browser says takes back or bills again", func(t *testing.T) {
		for _, event := range []string{"refund", "chargeback", "rebill", "theft"} {
			look(path + "?" + query("click_id", m.click, "event", event))
		}
		require.Len(t, m.rows("id"), 1)
	})
	m.step("what is no click on this offer is no conversion, and looks the same", func(t *testing.T) {
		other := m.addOffer(map[string]any{"pixel": true}).str("id")
		shut := m.addOffer(nil).str("id")
		for _, target := range []string{
			path, path + "?click_id=", path + "?" + query("click_id", models.NewID[string]()), path + "?click_id=%00", path + "?%ZZ",
			path + "?" + strings.Repeat("x", 20_000) + "&" + query("click_id", m.click, "event", "lead"),
			"/pixel/" + other + ".gif?" + query("click_id", m.click),
			"/pixel/" + shut + ".gif?" + query("click_id", m.tap(shut, m.message)),
			"/pixel/x.gif?" + query("click_id", m.click), "/pixel/" + m.offer.str("id") + ".png?" + query("click_id", m.click, "event", "lead"),
		} {
			look(target)
		}
		require.Len(t, m.rows("id"), 1)
	})
	m.step("another account's click is no click on it", func(t *testing.T) {
		_, key := m.newAccount()
		foreign := m.as(key, "POST", "/v1/offers", with(anOffer(), "pixel", true)).want(http.StatusCreated).str("id")
		look("/pixel/" + foreign + ".gif?" + query("click_id", m.tap(foreign, m.message)))
		require.Len(t, m.rows("id"), 1)
	})
	got := m.counted()
	require.Equal(t, 1, got["pixel credited"])
	require.Equal(t, 2, got["pixel repeated"])
	require.Positive(t, got["pixel refused"])
	require.Equal(t, 4, got["pixel unknown"])
	require.Zero(t, got["pixel failed"])
}
