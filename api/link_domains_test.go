package api_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/api"
	"trackly/internal/linkcheck"
)

// domains is where the tests' link domains lead.
type domains struct{ wrong map[string]string }

func (d *domains) Check(_ context.Context, url string) string { return d.wrong[url] }

func (d *domains) Answer(string) (string, bool) { return "", false }

//nolint:thelper // a step is a test of its own
func TestAListsLinkDomains(t *testing.T) {
	t.Parallel()
	net := &domains{wrong: map[string]string{}}
	w := newWorldWith(t, func(o *api.Options) { o.Links = net })
	l := w.list(0)
	path := "/v1/lists/" + string(l) + "/domains"
	list := func() object { return w.do("GET", path, nil).want(http.StatusOK) }
	require.Equal(t, publicURL, list().str("in_use"))
	require.Equal(t, true, list()["fallback"])

	var first, second object
	w.step("a domain that leads here is used at once", func(t *testing.T) {
		res := w.do("POST", path, map[string]any{"url": "https://Go.example/", "burn_limit": 10}, "Idempotency-Key", "k")
		first = res.want(http.StatusCreated)
		require.Equal(t, path+"/"+first.str("id"), res.Header().Get("Location"))
		require.Equal(t, "https://go.example", first.str("url"))
		require.Equal(t, "up", first.str("state"))
		require.Equal(t, true, first["in_use"])
		require.Equal(t, first.str("id"), w.do("POST", path, map[string]any{"url": "https://Go.example/", "burn_limit": 10}, "Idempotency-Key", "k").want(http.StatusCreated).str("id"))
		require.Equal(t, "https://go.example", list().str("in_use"))
		require.Equal(t, false, list()["fallback"])
	})
	w.step("a preview shows what a text will say", func(t *testing.T) {
		got := w.do("POST", "/v1/creatives/preview", map[string]any{
			"body": "see {{link1}}", "links": []any{map[string]any{"url": "https://o.example"}}, "list_id": l,
		}).want(http.StatusOK)
		require.Contains(t, got.str("text"), "https://go.example/")
	})
	w.step("one that does not says why and waits", func(t *testing.T) {
		net.wrong["https://b.example"] = "the domain's DNS does not answer"
		second = w.do("POST", path, map[string]any{"url": "https://b.example", "rank": 2}).want(http.StatusCreated)
		require.Equal(t, "down", second.str("state"))
		require.Equal(t, "the domain's DNS does not answer", second.str("problem"))
		require.Len(t, list().items("items"), 2)
		delete(net.wrong, "https://b.example")
		require.Equal(t, "up", w.do("POST", path+"/"+second.str("id")+"/check", nil).want(http.StatusOK).str("state"))
	})
	w.step("the order and the limits can be changed", func(t *testing.T) {
		got := w.do("PATCH", path+"/"+second.str("id"), map[string]any{"rank": 1, "burn_limit": 5}).want(http.StatusOK)
		require.EqualValues(t, 5, got["burn_limit"])
		require.EqualValues(t, 10, w.do("PATCH", path+"/"+first.str("id"), map[string]any{"rank": 3}).want(http.StatusOK)["burn_limit"])
		require.Equal(t, "https://b.example", list().str("in_use"))
	})
	w.step("nonsense is refused with everything that is wrong", func(t *testing.T) {
		bad := w.do("POST", path, map[string]any{"url": "http://x.example/path", "rank": 99}).want(http.StatusUnprocessableEntity)
		require.Len(t, bad.errors(), 2, bad.errors())
		w.do("PATCH", path+"/"+first.str("id"), map[string]any{"rank": 0}).want(http.StatusUnprocessableEntity)
		w.do("POST", path, map[string]any{"url": "https://b.example"}).want(http.StatusConflict)
	})
	w.step("nobody else's", func(t *testing.T) {
		_, key := w.newAccount()
		for _, try := range [][2]string{{"GET", ""}, {"DELETE", "/" + first.str("id")}, {"POST", "/" + first.str("id") + "/check"}} {
			w.as(key, try[0], path+try[1], nil).want(http.StatusNotFound)
		}
		w.as(key, "POST", path, map[string]any{"url": "https://c.example"}).want(http.StatusNotFound)
		w.do("DELETE", path+"/x", nil).want(http.StatusNotFound)
	})
	w.step("one can be taken away", func(t *testing.T) {
		w.do("DELETE", path+"/"+second.str("id"), nil).want(http.StatusNoContent)
		w.do("DELETE", path+"/"+second.str("id"), nil).want(http.StatusNotFound)
		require.Equal(t, "https://go.example", list().str("in_use"))
	})
}

// The check as it is in production, over HTTP, against this very server.
func TestADomainThatLeadsHereKnowsThisInstallation(t *testing.T) {
	t.Parallel()
	check := linkcheck.New([]byte("a key of this installation's"), true)
	w := newWorldWith(t, func(o *api.Options) { o.Links = check })
	server := httptest.NewServer(w.server.Handler())
	t.Cleanup(server.Close)
	require.Empty(t, check.Check(t.Context(), server.URL))
	foreign := linkcheck.New([]byte("another installation's"), true)
	require.Contains(t, foreign.Check(t.Context(), server.URL), "another server")

	path := "/v1/lists/" + string(w.list(0)) + "/domains"
	require.Equal(t, "up", w.do("POST", path, map[string]any{"url": server.URL}).want(http.StatusCreated).str("state"))

	for _, ask := range []string{"", "?ask=", "?ask=x.y", "?ask=" + url.QueryEscape(foreign.Ask()), "?ask=" + strings.Repeat("x", 5000)} {
		got := w.serve(httptest.NewRequest("GET", linkcheck.Path+ask, nil))
		nothing := w.serve(httptest.NewRequest("GET", "/.well-known/nothing", nil))
		require.Equal(t, http.StatusNotFound, got.Code)
		require.Equal(t, nothing.Body.String(), got.Body.String(), "a stranger learns nothing")
	}
}
