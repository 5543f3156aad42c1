package api_test

import (
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/api"
	"trackly/internal/testkit"
	"trackly/models"
)

//nolint:thelper // a step is a test of its own
func TestTheShortener(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	w := newWorldWith(t, func(o *api.Options) { o.Store = testkit.Open(t, database) })
	w.store = testkit.Open(t, database)
	w.account, w.key = w.newAccount()
	ask := func(url string) answer { return w.do("POST", "/v1/links", map[string]any{"url": url, "name": "Flyer"}) }
	made := ask("https://shop.example/autumn?a=1#x").want(http.StatusCreated)

	w.step("it leads exactly where it says, and its clicks are counted", func(t *testing.T) {
		path := strings.TrimPrefix(made.str("short_url"), "https://t.example")
		require.Regexp(t, "^/[0-9A-Za-z]{7}$", path)
		for _, agent := range []string{phoneAgent, phoneAgent, "curl/8.4.0", "MyApp 1.0"} {
			a := w.as("", "GET", path, nil, "User-Agent", agent)
			require.Equal(t, http.StatusFound, a.Code)
			require.Equal(t, "https://shop.example/autumn?a=1#x", a.Header().Get("Location"))
		}
		got := w.do("GET", "/v1/links/"+made.str("id"), nil).want(http.StatusOK)
		require.Equal(t, object{"human": 2.0, "bot": 1.0, "unsure": 1.0}, got.in("clicks"))
		require.Equal(t, "Flyer", got["name"])
	})
	w.step("pages of them are in the order they were made", func(t *testing.T) {
		second := ask("https://shop.example/winter").want(http.StatusCreated)
		page := w.do("GET", "/v1/links?limit=1", nil).want(http.StatusOK)
		require.Equal(t, made.str("id"), page.items("items")[0]["id"])
		page = w.do("GET", "/v1/links?cursor="+page.str("next_cursor"), nil).want(http.StatusOK)
		require.Equal(t, second.str("id"), page.items("items")[0]["id"])
		require.NotContains(t, page, "next_cursor")
	})
	w.step("a repetition makes no second one", func(t *testing.T) {
		once := func() string {
			return w.as(w.key, "POST", "/v1/links", map[string]any{"url": "https://shop.example/once"}, "Idempotency-Key", "k").want(http.StatusCreated).str("id")
		}
		first := once()
		require.Equal(t, first, once())
	})
	w.step("what leads nowhere or back here is refused", func(t *testing.T) {
		l := testkit.SendingList(w.account, "twilio", "+14155550199", "")
		l.LinkURL = "https://go.acme.example"
		_, err := w.store.AddList(t.Context(), models.Once{}, l, models.Credentials{Token: "token123"})
		require.NoError(t, err)
		for _, url := range []string{
			"", "shop.example", "javascript:alert(1)", "ftp://shop.example/", "//shop.example/", "https://", "https://{click_id}.example/", "https://a:b@shop.example/",
			"https://t.example/abcdefg", "http://T.Example.:8080/", "https://go.acme.example/x", "https://" + strings.Repeat("x", 2048) + ".example/",
		} {
			require.True(t, oneBegins(ask(url).want(422).errors(), "url: "), url)
		}
	})
	w.step("other accounts' are not found", func(t *testing.T) {
		_, theirs := w.newAccount()
		require.Equal(t, http.StatusNotFound, w.as(theirs, "GET", "/v1/links/"+made.str("id"), nil).Code)
		require.Empty(t, w.as(theirs, "GET", "/v1/links", nil).want(http.StatusOK).items("items"))
		for _, id := range []string{"0", "x", "430000999999", "99999999999999999999"} {
			w.do("GET", "/v1/links/"+id, nil).want(http.StatusNotFound)
		}
	})
}
