package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

//nolint:thelper // a step is a test of its own
func TestKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, header := range map[string]string{
		"no key": "", "another scheme": "Basic " + w.key, "no trk_": "Bearer abc", "a key nobody has": "Bearer trk_nobody",
		"a key with something behind it": "Bearer " + w.key + "x",
	} {
		w.step(name+" is 401", func(t *testing.T) {
			a := w.as("", "GET", "/v1/lists", nil, "Authorization", header)
			a.want(http.StatusUnauthorized)
			require.Equal(t, "Bearer", a.Header().Get("WWW-Authenticate"))
		})
	}
}

//nolint:thelper // a step is a test of its own
func TestBodies(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	for name, tc := range map[string]struct {
		body   string
		status int
		want   string
	}{
		"no body":                {"", 422, "is not JSON"},
		"no JSON":                {"{", 422, "is not JSON"},
		"something behind it":    {`{"name":"x"} {}`, 422, "is not JSON"},
		"an array":               {"[]", 422, "expected object"},
		"a NUL":                  {`{"name":"a\u0000b","body":"x"}`, 422, "U+0000"},
		"a megabyte and a bit":   {`{"name":"` + strings.Repeat("x", 1<<20) + `"}`, 413, "too large"},
		"a number for a text":    {`{"name":1,"body":"x"}`, 422, "expected string"},
		"a member nobody knows":  {`{"name":"n","body":"x","id":"y"}`, 422, "unexpected property"},
		"a member without value": {`{"name":null,"body":"x"}`, 422, "expected string"},
	} {
		w.step(name+" is refused", func(t *testing.T) {
			a := w.do("POST", "/v1/creatives", tc.body)
			a.want(tc.status)
			require.Contains(t, a.Body.String(), tc.want)
		})
	}
	w.step("a query parameter nobody knows is refused", func(t *testing.T) {
		require.Contains(t, w.do("GET", "/v1/lists?limt=3", nil).want(422).errors()[0], "query.limt")
	})
	w.step("a route nobody has is 404 and a method 405, as problems", func(t *testing.T) {
		w.do("GET", "/v1/pigeons", nil).want(http.StatusNotFound)
		w.do("PUT", "/v1/lists", nil).want(http.StatusMethodNotAllowed)
	})
}

//nolint:thelper // a step is a test of its own
func TestIdempotencyKeys(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := string(w.list(0))
	creative := string(w.creative())
	for path, bodies := range map[string][2]any{
		"/v1/lists":     {aList(), with(aList(), "name", "Other")},
		"/v1/creatives": {map[string]any{"name": "a", "body": "b"}, map[string]any{"name": "a", "body": "c"}},
		"/v1/campaigns": {aCampaign(list, creative, "A"), aCampaign(list, creative, "B")},
		"/v1/lists/" + list + "/imports": {
			"phone\n+12125550100\n", "phone\n+12125550100\n+12125550101\n",
		},
	} {
		w.step("a repetition of "+path+" gets the first one's result", func(t *testing.T) {
			key := "key-" + path
			status := http.StatusCreated
			if strings.HasSuffix(path, "/imports") {
				status = http.StatusAccepted
			}
			first := w.do("POST", path, bodies[0], "Idempotency-Key", key).want(status)
			again := w.do("POST", path, bodies[0], "Idempotency-Key", key).want(status)
			require.Equal(t, first["id"], again["id"])
			w.do("POST", path, bodies[1], "Idempotency-Key", key).want(http.StatusConflict)
			other := w.do("POST", path, bodies[0], "Idempotency-Key", key+"2").want(status)
			require.NotEqual(t, first["id"], other["id"])
		})
	}
	w.step("the keys of two accounts have nothing to do with each other", func(t *testing.T) {
		_, stranger := w.newAccount()
		first := w.do("POST", "/v1/lists", aList(), "Idempotency-Key", "shared").want(http.StatusCreated)
		other := w.as(stranger, "POST", "/v1/lists", aList(), "Idempotency-Key", "shared").want(http.StatusCreated)
		require.NotEqual(t, first["id"], other["id"])
	})
	w.step("a key that is too long or not visible is refused", func(t *testing.T) {
		for _, key := range []string{strings.Repeat("k", 256), "a b", "é"} {
			got := w.do("POST", "/v1/lists", aList(), "Idempotency-Key", key).want(422)
			require.Contains(t, got.errors()[0], "header.Idempotency-Key", key)
		}
	})
}

func with(m map[string]any, name string, value any) map[string]any {
	m[name] = value
	return m
}

//nolint:thelper // a step is a test of its own
func TestPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := string(w.list(7))
	for range 6 {
		w.list(0)
	}
	for path, total := range map[string]int{"/v1/lists": 7, "/v1/lists/" + list + "/contacts": 7} {
		w.step("cursors visit every row of "+path+" once", func(t *testing.T) {
			seen, cursor, pages := map[string]bool{}, "", 0
			for {
				got := w.do("GET", fmt.Sprintf("%s?limit=3&cursor=%s", path, cursor), nil).want(http.StatusOK)
				for _, item := range got.items("items") {
					require.False(t, seen[item.str("id")])
					seen[item.str("id")] = true
				}
				pages++
				if cursor = got.str("next_cursor"); cursor == "" {
					break
				}
			}
			require.Len(t, seen, total)
			require.Equal(t, 3, pages)
		})
	}
	w.step("a page that is exactly full is the last one", func(t *testing.T) {
		got := w.do("GET", "/v1/lists?limit=7", nil).want(http.StatusOK)
		require.Len(t, got.items("items"), 7)
		require.NotContains(t, got, "next_cursor")
	})
	w.step("nonsense is refused with its place", func(t *testing.T) {
		for _, query := range []string{"cursor=%21", "cursor=MS54", "cursor=MS4w", "limit=0", "limit=501", "limit=x"} {
			got := w.do("GET", "/v1/lists?"+query, nil).want(422)
			require.Contains(t, got.errors()[0], "query."+query[:5], query)
		}
	})
}
