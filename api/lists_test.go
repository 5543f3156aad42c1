package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

//nolint:thelper // a step is a test of its own
func TestLists(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.step("a list is created with its defaults and never shows its token", func(t *testing.T) {
		a := w.do("POST", "/v1/lists", aList())
		got := a.want(http.StatusCreated)
		require.Equal(t, "/v1/lists/"+got.str("id"), a.Header().Get("Location"))
		require.Equal(t, "Reply STOP to opt out", got["opt_out_line"])
		require.Equal(t, true, got["prepend_brand"])
		require.Equal(t, "active", got["state"])
		route := got.items("routes")[0]
		require.Equal(t, "twilio", route["provider"])
		require.Equal(t, publicURL+w.hook(models.ListID(got.str("id")), "inbound"), route.in("webhooks")["inbound"])
		require.Equal(t, false, route.in("check")["passed"], "nothing is sent before it is checked")
		require.NotContains(t, a.Body.String(), token)
		again := w.do("GET", "/v1/lists/"+got.str("id"), nil)
		require.Equal(t, again.want(http.StatusOK), got)
		require.NotContains(t, again.Body.String(), token)
	})
	w.step("what is set is kept, false and empty too", func(t *testing.T) {
		body := aList()
		body["prepend_brand"], body["opt_out_line"], body["link_url"] = false, "", "https://l.example/"
		got := w.do("POST", "/v1/lists", body).want(http.StatusCreated)
		require.Equal(t, false, got["prepend_brand"])
		require.Empty(t, got["opt_out_line"])
		require.Equal(t, "https://l.example", got["link_url"])
	})
	w.step("everything that is wrong is told at once, whoever finds it", func(t *testing.T) {
		a := w.do("POST", "/v1/lists", map[string]any{
			"brand": "A{", "phone": "12", "provider": "twilio", "title": "typo", "link_url": 7,
			"provider_settings": map[string]any{"account_sid": "!", "base_url": "ftp://x", "auth_token": "to ken"},
		})
		got := a.want(http.StatusUnprocessableEntity)
		for _, where := range []string{
			"name: is required", "title: unexpected property", "link_url: expected string", "brand: must", "phone: must",
			"provider_settings.account_sid: must", "provider_settings.auth_token: must", "provider_settings.base_url: must",
		} {
			require.Condition(t, func() bool { return oneBegins(got.errors(), where) }, "%s in %v", where, got.errors())
		}
		require.NotContains(t, a.Body.String(), "to ken", "a refused token is not echoed")
	})
	w.step("a provider nobody knows is named with those there are", func(t *testing.T) {
		body := aList()
		body["provider"] = "pigeon"
		got := w.do("POST", "/v1/lists", body).want(http.StatusUnprocessableEntity)
		require.Len(t, got.errors(), 1)
		require.Contains(t, got.errors()[0], "provider: ")
		require.Contains(t, got.errors()[0], "twilio")
	})
	w.step("a list is paused with a reason and resumed", func(t *testing.T) {
		id := string(w.list(0))
		w.do("POST", "/v1/lists/"+id+"/pause", map[string]any{}).want(http.StatusUnprocessableEntity)
		got := w.do("POST", "/v1/lists/"+id+"/pause", map[string]any{"reason": "carrier"}).want(http.StatusOK)
		require.Equal(t, "paused", got["state"])
		require.Equal(t, "carrier", got["reason"])
		got = w.do("POST", "/v1/lists/"+id+"/resume", nil).want(http.StatusOK)
		require.Equal(t, "active", got["state"])
		require.NotContains(t, got, "reason")
	})
}

func oneBegins(all []string, prefix string) bool {
	for _, s := range all {
		if len(s) >= len(prefix) && s[:len(prefix)] == prefix {
			return true
		}
	}
	return false
}

// What may be changed later may be said at once.
func TestAListIsMadeWithItsPace(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := aList()
	list["messages_per_second"], list["frequency_hours"], list["answers_stop"] = 12.5, 24, "trackly"
	got := w.do(http.MethodPost, "/v1/lists", list).want(http.StatusCreated)
	require.Equal(t, []any{12.5, 24.0, "trackly"}, []any{got["messages_per_second"], got["frequency_hours"], got["answers_stop"]})
	list["messages_per_second"] = -1
	w.do(http.MethodPost, "/v1/lists", list).want(http.StatusUnprocessableEntity)
}
