package api_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"trackly/api"
	"trackly/internal/testkit"
	"trackly/models"
)

//nolint:thelper // a step is a test of its own
func TestShortLinks(t *testing.T) {
	t.Parallel()
	database := testkit.Database(t)
	w := newWorldWith(t, func(o *api.Options) { o.Store, o.TrustForwarded = testkit.Open(t, database), true })
	w.store = testkit.Open(t, database)
	w.account, w.key = w.newAccount()
	_, campaign, ids := w.sending(1)
	code, err := w.codes.Encode(int64(ids[0]), 1)
	require.NoError(t, err)
	follow := func(method, path string, headers ...string) answer { return w.as("", method, path, nil, headers...) }

	w.step("machines are led on and counted apart", func(t *testing.T) {
		for why, request := range map[string][]string{
			"head_request":  {"HEAD", "User-Agent", phoneAgent},
			"no_user_agent": {"GET"},
			"link_preview":  {"GET", "User-Agent", "Mozilla/5.0 (Macintosh) facebookexternalhit/1.1 Facebot Twitterbot/1.0"},
			"prefetch":      {"GET", "User-Agent", phoneAgent, "Sec-Purpose", "prefetch"},
		} {
			require.Equal(t, http.StatusFound, follow(request[0], "/"+code, request[1:]...).Code)
			require.Contains(t, clicksOf(t, database)[len(clicksOf(t, database))-1].Reason, why)
		}
		report := w.do("GET", "/v1/campaigns/"+string(campaign)+"/report", nil).want(http.StatusOK)
		require.EqualValues(t, 0, report.items("variants")[0]["clicks"])
		require.EqualValues(t, 4, report.items("variants")[0]["bot_clicks"])
		testkit.Exec(t, database, "DELETE FROM clicks")
	})
	w.step("GET leads to the offer, and the click is durable when it is answered", func(t *testing.T) {
		a := follow("GET", "/"+code, "User-Agent", "Mozilla/5.0 Phone\xff/1 "+strings.Repeat("x", 600), "X-Forwarded-For", "6.6.6.6, 203.0.113.9")
		require.Equal(t, http.StatusFound, a.Code)
		to, err := url.Parse(a.Header().Get("Location"))
		require.NoError(t, err)
		require.Equal(t, "o.example", to.Host)
		clicks := clicksOf(t, database)
		require.Len(t, clicks, 1)
		require.Equal(t, clicks[0].ID, to.Query().Get("s"), "the macro is the click's id")
		require.Equal(t, int64(ids[0]), clicks[0].Message)
		require.Equal(t, "human", clicks[0].Verdict)
		require.Equal(t, "203.0.113.9", clicks[0].Address, "only the proxy's own entry counts")
		require.True(t, strings.HasPrefix(clicks[0].Agent, "Mozilla/5.0 Phone/1 xxx"))
		require.LessOrEqual(t, len(clicks[0].Agent), 512)
		require.Contains(t, a.Header().Get("Cache-Control"), "no-store")
	})
	w.step("headers that tell something are kept, a flood of others is not", func(t *testing.T) {
		flood := []string{"Referer", "https://mail.example/Zelda/inbox?q=1", "Accept-Language", strings.Repeat("é", 400), "Sec-Ch-Ua", "a\x00b", "X-Phone", "+12125550123"}
		for i := range 100 {
			flood = append(flood, fmt.Sprintf("X-Flood-%d", i), strings.Repeat("x", 500))
		}
		require.Equal(t, http.StatusFound, follow("GET", "/"+code, flood...).Code)
		kept := keptHeaders(t, database)
		require.Equal(t, "mail.example", kept["referer"], "not the page's path")
		require.Equal(t, "ab", kept["sec-ch-ua"])
		require.LessOrEqual(t, len(kept["accept-language"]), 256)
		require.Len(t, kept, 3)
		testkit.Exec(t, database, "DELETE FROM clicks WHERE headers <> '{}'")
	})
	w.step("an offer that takes nobody is a page of its own", func(t *testing.T) {
		o := testkit.Offer(func(sql string, args ...any) { testkit.Exec(t, database, sql, args...) }, w.account,
			func(o *models.Offer) { o.Status = models.OfferPaused })
		testkit.Exec(t, database, "UPDATE creative_links SET offer_id = $1", o.ID)
		for _, method := range []string{"GET", "HEAD"} {
			a := follow(method, "/"+code)
			require.Equal(t, http.StatusGone, a.Code)
			require.Empty(t, a.Header().Get("Location"))
			require.Equal(t, "private, no-store", a.Header().Get("Cache-Control"))
		}
		require.Contains(t, follow("GET", "/"+code).Body.String(), "This offer has ended")
		testkit.Exec(t, database, "UPDATE creative_links SET offer_id = NULL")
		testkit.Exec(t, database, "DELETE FROM clicks WHERE target = 'page'")
	})
	w.step("whatever the link's parameters are, the redirect stays on the offer's host", func(t *testing.T) {
		o := testkit.Offer(func(sql string, args ...any) { testkit.Exec(t, database, sql, args...) }, w.account, func(o *models.Offer) {
			o.URL, o.Network, o.ExternalID = "https://o.example/{sub1}?x={sub2}&id={external_id}", models.NetworkTUNE, "77"
		})
		testkit.Exec(t, database, `UPDATE creative_links SET offer_id = $1, url = '', parameters = '{"sub1": "//evil.example/", "sub2": "\r\nSet-Cookie: a=b"}'`, o.ID)
		to, err := url.Parse(follow("GET", "/"+code, "User-Agent", phoneAgent, "Host", "evil.example").Header().Get("Location"))
		require.NoError(t, err)
		require.Equal(t, "o.example", to.Host)
		require.Equal(t, "/%2F%2Fevil.example%2F", to.EscapedPath())
		require.Equal(t, "\r\nSet-Cookie: a=b 77", to.Query().Get("x")+" "+to.Query().Get("id"))
		clicks := clicksOf(t, database)
		require.Equal(t, clicks[len(clicks)-1].ID, to.Query().Get("aff_sub"), "TUNE gives it back as that")
		testkit.Exec(t, database, "UPDATE creative_links SET offer_id = NULL, url = 'https://o.example@evil.example/', parameters = '{}'")
		require.Equal(t, http.StatusNotFound, follow("GET", "/"+code, "User-Agent", phoneAgent).Code, "a URL of before it was refused")
		testkit.Exec(t, database, "DELETE FROM clicks WHERE user_agent = $1", phoneAgent)
	})
	w.step("codes that lead nowhere are a plain page", func(t *testing.T) {
		second, err := w.codes.Encode(int64(ids[0]), 2)
		require.NoError(t, err)
		for _, path := range []string{"/" + second, "/0000000", "/abc", "/" + code + "/x", "/favicon.ico"} {
			a := follow("GET", path)
			require.Equal(t, http.StatusNotFound, a.Code, path)
			require.Contains(t, a.Body.String(), "leads nowhere")
		}
		require.Len(t, clicksOf(t, database), 1)
	})
}

type click struct {
	ID      string
	Message int64
	Address string
	Agent   string
	Verdict string
	Reason  string
}

const phoneAgent = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"

func clicksOf(t *testing.T, database string) []click {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	require.NoError(t, err)
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	rows, err := conn.Query(t.Context(), "SELECT id::text, message_id, address, user_agent, verdict, reason FROM clicks ORDER BY at, id")
	require.NoError(t, err)
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[click])
	require.NoError(t, err)
	return out
}

// keptHeaders are those of the last click.
func keptHeaders(t *testing.T, database string) (kept map[string]string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), database)
	require.NoError(t, err)
	defer func() { _ = conn.Close(context.WithoutCancel(t.Context())) }()
	require.NoError(t, conn.QueryRow(t.Context(), "SELECT headers FROM clicks ORDER BY at DESC, id DESC LIMIT 1").Scan(&kept))
	return kept
}

func TestPagesForPeopleAndMachines(t *testing.T) {
	t.Parallel()
	broken := false
	w := newWorldWith(t, func(o *api.Options) {
		o.Ready = func(context.Context) error {
			if broken {
				return context.DeadlineExceeded
			}
			return nil
		}
	})
	read := func(path string, status int) string {
		a := w.as("", "GET", path, nil)
		require.Equal(t, status, a.Code, path)
		return a.Body.String()
	}
	require.Contains(t, read("/", 200), "/docs/")
	require.Equal(t, "ok\n", read("/healthz", 200))
	require.Equal(t, "ready\n", read("/readyz", 200))
	broken = true
	require.Equal(t, "not ready\n", read("/readyz", 503))
	docs := read("/docs/", 200)
	require.NotContains(t, docs, "//", "the page works without the internet")
	for _, file := range []string{"swagger-ui.css", "swagger-ui-bundle.js", "start.js", "favicon-32x32.png"} {
		require.Contains(t, docs, file)
		require.NotEmpty(t, read("/docs/"+file, 200))
	}
	read("/docs/nothing.js", 404)
	w.do("GET", "/v1/lists/"+string(w.list(0)), nil).want(200)
	metrics := read("/metrics", 200)
	require.Contains(t, metrics, `trackly_http_request_seconds_count{method="GET",route="/v1/lists/{id}",status="2xx"} 1`)
}

func TestAPanicIsAProblemAndTheServerGoesOn(t *testing.T) {
	t.Parallel()
	w := newWorldWith(t, func(o *api.Options) { o.Store = panics{o.Store} })
	w.do("GET", "/v1/lists", nil).want(http.StatusInternalServerError)
	w.do("POST", "/v1/lists", aList()).want(http.StatusCreated)
}

type panics struct{ api.Store }

func (panics) Lists(context.Context, models.AccountID, models.ListID, int) ([]models.List, error) {
	panic("a bug")
}

func TestSlowAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	ctx, cancel := context.WithDeadline(t.Context(), time.Now().Add(-time.Second))
	defer cancel()
	req := httptest.NewRequestWithContext(ctx, http.MethodGet, "/v1/lists", nil)
	req.Header.Set("Authorization", "Bearer "+w.key)
	w.serve(req).want(http.StatusServiceUnavailable)
}
