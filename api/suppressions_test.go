package api_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

//nolint:thelper // a step is a test of its own
func TestSuppressions(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list, _, ids := w.sending(4)
	twin := w.list(4) // the same brand
	post := func(body map[string]any) answer { return w.do("POST", "/v1/suppressions", body) }
	active := func(l models.ListID) (n int) {
		for _, c := range w.do("GET", "/v1/lists/"+string(l)+"/contacts", nil).want(http.StatusOK).items("items") {
			if c["status"] == "active" {
				n++
			}
		}
		return n
	}
	w.step("a list's suppression ends its subscription and skips what is queued", func(t *testing.T) {
		got := post(map[string]any{"phones": []string{phoneOf(0), "(212) 555-0100", "12", "+12125559999"}, "scope": "list", "list_id": list, "note": "complaint"}).want(http.StatusOK)
		require.EqualValues(t, 4, got["read"])
		require.EqualValues(t, 2, got["added"], "a phone nobody knows is silenced too")
		require.EqualValues(t, 1, got["standing"])
		require.EqualValues(t, 1, got["refused"])
		require.EqualValues(t, 1, got["opted_out"])
		require.EqualValues(t, 1, got["skipped_messages"])
		require.Equal(t, []object{{"line": 3.0, "value": "12", "message": got.items("refusals")[0].str("message")}}, got.items("refusals"))
		require.Equal(t, 3, active(list))
		require.Equal(t, 4, active(twin))
		require.Equal(t, "skipped", w.state(ids[0]))
		require.Equal(t, []int64{1}, w.engine.told)
	})
	w.step("a brand's reaches its lists, an account's all", func(t *testing.T) {
		got := post(map[string]any{"phones": []string{phoneOf(1)}, "scope": "brand", "list_id": list}).want(http.StatusOK)
		require.Equal(t, "acme", got["brand"])
		require.EqualValues(t, 2, got["opted_out"])
		got = post(map[string]any{"phones": []string{phoneOf(2)}, "scope": "account"}).want(http.StatusOK)
		require.EqualValues(t, 2, got["opted_out"])
		require.Equal(t, 1, active(list))
	})
	w.step("a later import leaves out who is silenced", func(t *testing.T) {
		require.EqualValues(t, 1, w.imported(list, "phone\n+12125559999\n").OptedOut)
	})
	w.step("everything that is wrong is told at once", func(t *testing.T) {
		got := post(map[string]any{"phones": []string{}, "scope": "world", "list": 1}).want(422)
		for _, where := range []string{"phones: ", "scope: ", "list: unexpected"} {
			require.Condition(t, func() bool { return oneBegins(got.errors(), where) }, "%s in %v", where, got.errors())
		}
		for _, body := range []map[string]any{
			{"phones": []string{"+12125550100"}, "scope": "list"},
			{"phones": []string{"+12125550100"}, "scope": "account", "list_id": list},
			{"phones": make([]string, 10_001), "scope": "account"},
		} {
			post(body).want(422)
		}
		w.do("POST", "/v1/suppressions", strings.Repeat(" ", 1<<20+1)).want(http.StatusRequestEntityTooLarge)
		w.do("POST", "/v1/suppressions", "").want(422)
	})
}

//nolint:thelper // a step is a test of its own
func TestASuppressionIsLiftedForAWrittenReason(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := w.list(2)
	w.webhook(w.hook(list, "inbound"), inboundForm("SM1", phoneOf(0), "STOP"))
	w.do("POST", "/v1/suppressions", map[string]any{"phones": []string{phoneOf(0)}, "scope": "account"}).want(http.StatusOK)
	all := w.do("GET", "/v1/suppressions?phone=2125550100", nil).want(http.StatusOK).items("items")
	require.Len(t, all, 2)
	require.Equal(t, "keyword", all[0]["source"])
	require.NotEmpty(t, all[0]["inbound_id"])
	require.Equal(t, "upload", all[1]["source"])
	require.Empty(t, w.do("GET", "/v1/suppressions?phone=2125550101", nil).want(http.StatusOK)["items"])
	lift := func(i int, reason string) answer {
		return w.do("POST", "/v1/suppressions/"+all[i].str("id")+"/lift", map[string]any{"reason": reason, "by": "Ada"})
	}
	status := func() any {
		return w.do("GET", "/v1/lists/"+string(list)+"/contacts", nil).want(http.StatusOK).items("items")[0]["status"]
	}
	w.step("a reason of a word is none", func(t *testing.T) {
		lift(0, "ok            ").want(422)
		w.do("POST", "/v1/suppressions/"+all[0].str("id")+"/lift", nil).want(422)
	})
	w.step("what another suppression covers stays silent", func(t *testing.T) {
		got := lift(0, "Asked at the counter to come back.").want(http.StatusOK)
		require.Equal(t, "Ada", got["lifted_by"])
		require.Contains(t, got, "lifted_at")
		require.Equal(t, "opted_out", status())
		lift(0, "Asked at the counter to come back.").want(http.StatusConflict)
	})
	w.step("the last one lifted opens the way again", func(t *testing.T) {
		lift(1, "Asked at the counter to come back.").want(http.StatusOK)
		require.Equal(t, "active", status())
		w.do("POST", "/v1/messages", aText(list, phoneOf(0), "Welcome back")).want(http.StatusAccepted)
	})
}

//nolint:thelper // a step is a test of its own
func TestASuppressionFile(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := w.list(3)
	send := func(query string, body io.Reader) answer {
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/v1/suppressions?"+query, body)
		req.Header.Set("Authorization", "Bearer "+w.key)
		req.Header.Set("Content-Type", "text/csv; charset=utf-8")
		return w.serve(req)
	}
	w.step("a file of more than one part is taken whole", func(t *testing.T) {
		var b strings.Builder
		b.WriteString("name,phone\n")
		for i := range 2500 {
			fmt.Fprintf(&b, "P,+1312555%04d\n", i)
		}
		b.WriteString("Q,+12125550100\nR,12\n")
		got := send("scope=account&note=file", strings.NewReader(b.String())).want(http.StatusOK)
		require.EqualValues(t, 2502, got["read"])
		require.EqualValues(t, 2501, got["added"])
		require.EqualValues(t, 1, got["opted_out"])
		require.EqualValues(t, 2503, got.items("refusals")[0]["line"])
		again := send("scope=account&note=file", strings.NewReader(b.String())).want(http.StatusOK)
		require.EqualValues(t, 0, again["added"])
		require.EqualValues(t, 2501, again["standing"])
		one := w.do("GET", "/v1/suppressions?limit=1", nil).want(http.StatusOK).items("items")[0]
		require.Equal(t, "file", one["note"])
	})
	w.step("a file that breaks off leaves what came before silenced", func(t *testing.T) {
		got := send("scope=list&list_id="+string(list), io.MultiReader(strings.NewReader("+12125550101\n"), failing{})).want(http.StatusBadRequest)
		require.Contains(t, got["detail"], "can be sent again")
		require.Len(t, w.do("GET", "/v1/suppressions?phone=%2B12125550101", nil).want(http.StatusOK).items("items"), 1)
	})
	w.step("what is no file of phones, or too long, is refused", func(t *testing.T) {
		send("scope=account", strings.NewReader("name,town\nAnn,Bath\n")).want(422)
		send("scope=account", strings.NewReader(strings.Repeat("+12125550102\n", 10_000))).want(http.StatusRequestEntityTooLarge)
		require.Equal(t, []string{"query.scope: must be list, brand or account"}, send("", strings.NewReader("1\n")).want(422).errors())
		require.Contains(t, send("scope=list&list_id=x", strings.NewReader("1\n")).want(422).errors()[0], "query.list_id")
	})
}
