package api_test

import (
	"fmt"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

func texans() map[string]any { return is("state", "TX") }

func is(field string, values ...any) map[string]any {
	return map[string]any{"all": []any{map[string]any{"field": field, "op": "in", "values": values}}}
}

func (w *world) audience(kind string, filter map[string]any) string {
	w.t.Helper()
	return w.do("POST", "/v1/audiences", map[string]any{"name": "Texas", "kind": kind, "filter": filter}).want(http.StatusCreated).str("id")
}

//nolint:thelper // a step is a test of its own
func TestAudiences(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := string(w.list(10))
	w.step("an audience is saved, read, renamed and deleted", func(t *testing.T) {
		made := w.do("POST", "/v1/audiences", map[string]any{"name": "Texas", "filter": texans()}, "Idempotency-Key", "k").want(http.StatusCreated)
		again := w.do("POST", "/v1/audiences", map[string]any{"name": "Texas", "filter": texans()}, "Idempotency-Key", "k").want(http.StatusCreated)
		require.Equal(t, made, again)
		require.Equal(t, "dynamic", made["kind"])
		require.Equal(t, texans(), map[string]any(made.in("filter")))
		path := "/v1/audiences/" + made.str("id")
		read := w.do("GET", path, nil).want(http.StatusOK)
		require.Equal(t, made, read)
		require.EqualValues(t, 5, w.do("GET", path+"/count", nil).want(http.StatusOK)["contacts"])
		changed := w.do("PATCH", path, map[string]any{"name": "New York", "filter": is("state", "NY", "ZZ")}).want(http.StatusOK)
		require.Equal(t, "New York", changed["name"])
		require.EqualValues(t, 5, w.do("GET", path+"/count", nil).want(http.StatusOK)["contacts"])
		require.Equal(t, changed, w.do("PATCH", path, map[string]any{}).want(http.StatusOK).without("updated_at", changed))
		w.do("DELETE", path, nil).want(http.StatusNoContent)
		w.do("GET", path, nil).want(http.StatusNotFound)
		require.Empty(t, w.do("GET", "/v1/audiences", nil).want(http.StatusOK).items("items"))
	})
	w.step("a static audience keeps its filter", func(t *testing.T) {
		path := "/v1/audiences/" + w.audience("static", texans())
		got := w.do("GET", path, nil).want(http.StatusOK)
		require.EqualValues(t, 5, got["size"])
		require.NotEmpty(t, got["frozen_at"])
		bad := w.do("PATCH", path, map[string]any{"filter": texans()}).want(422)
		require.True(t, oneBegins(bad.errors(), "filter: of a static audience"), bad.errors())
		require.Equal(t, "B", w.do("PATCH", path, map[string]any{"name": "B"}).want(http.StatusOK)["name"])
	})
	w.step("one that another needs is not deleted", func(t *testing.T) {
		static := w.audience("static", texans())
		user := w.audience("dynamic", map[string]any{"not": map[string]any{"field": "audience", "op": "in", "values": []any{static}}})
		got := w.do("DELETE", "/v1/audiences/"+static, nil).want(http.StatusConflict)
		require.Equal(t, `the audience is used by the audience "Texas"`, got["detail"])
		w.do("DELETE", "/v1/audiences/"+user, nil).want(http.StatusNoContent)
		w.do("DELETE", "/v1/audiences/"+static, nil).want(http.StatusNoContent)
	})
	w.step("everything that is wrong is told at once, by place", func(t *testing.T) {
		got := w.do("POST", "/v1/audiences", map[string]any{"name": " ", "kind": "fluid", "filter": map[string]any{"any": []any{
			map[string]any{"field": "nobody_has_it", "op": "eq", "values": []any{"x"}},
			map[string]any{"field": "send_count", "op": "contains", "values": []any{"x"}},
			map[string]any{"field": "audience", "op": "in", "values": []any{models.NewID[models.AudienceID]()}},
		}}}).want(422)
		for _, where := range []string{"name: ", "kind: ", "filter.any[0].field: ", "filter.any[1].op: ", "filter.any[2].values[0]: is not a static audience"} {
			require.Condition(t, func() bool { return oneBegins(got.errors(), where) }, "%s in %v", where, got.errors())
		}
	})
	w.step("a filter is counted and sampled before it is saved", func(t *testing.T) {
		count := func(body map[string]any) any {
			return w.do("POST", "/v1/audiences/count", body).want(http.StatusOK)["contacts"]
		}
		other := string(w.list(4))
		require.EqualValues(t, 14, count(map[string]any{}))
		require.EqualValues(t, 7, count(map[string]any{"filter": texans()}))
		require.EqualValues(t, 2, count(map[string]any{"filter": texans(), "list_ids": []any{other}}))
		got := w.do("POST", "/v1/audiences/sample", map[string]any{"filter": texans(), "list_ids": []any{list}, "limit": 3}).want(http.StatusOK)
		require.Len(t, got.items("items"), 3)
		for _, m := range got.items("items") {
			require.Equal(t, list, m["list_id"])
			require.Equal(t, "TX", m.in("contact")["state"])
		}
		for _, path := range []string{"/v1/audiences/count", "/v1/audiences/sample"} {
			bad := w.do("POST", path, map[string]any{"filter": is("nobody_has_it", "x"), "list_ids": []any{"nonsense"}}).want(422)
			for _, where := range []string{"filter.all[0].field: ", "list_ids[0]: is not a list"} {
				require.Condition(t, func() bool { return oneBegins(bad.errors(), where) }, "%s in %v", where, bad.errors())
			}
			w.do("POST", path, map[string]any{"filter": nil}).want(422)
		}
	})
	w.step("members come in pages", func(t *testing.T) {
		path := "/v1/audiences/" + w.audience("dynamic", texans()) + "/members?limit=2&cursor="
		seen := map[string]bool{}
		for cursor, pages := "", 0; pages == 0 || cursor != ""; pages++ {
			got := w.do("GET", path+cursor, nil).want(http.StatusOK)
			for _, m := range got.items("items") {
				seen[m.in("contact").str("id")] = true
			}
			cursor = got.str("next_cursor")
			require.Less(t, pages, 9)
		}
		require.Len(t, seen, 7)
		for _, cursor := range []string{"x", "MS4x", "MS54IHk"} {
			w.do("GET", path+cursor, nil).want(422)
		}
	})
}

// without gives o with the named member as in other, where it may differ.
func (o object) without(name string, other object) object {
	o[name] = other[name]
	return o
}

//nolint:thelper // a step is a test of its own
func TestWhyAContactIsInAnAudience(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := w.list(4)
	why := func(audience, query string) answer {
		return w.do("GET", "/v1/audiences/"+audience+"/why?"+query, nil)
	}
	byPhone := func(i int) string { return fmt.Sprintf("phone=%%2B%s&list_id=%s", phoneOf(i)[1:], list) }
	tree := map[string]any{"all": []any{
		map[string]any{"field": "state", "op": "in", "values": []any{"TX"}},
		map[string]any{"any": []any{
			map[string]any{"field": "send_count", "op": "gte", "values": []any{3}},
			map[string]any{"not": map[string]any{"field": "first_name", "op": "eq", "values": []any{"P3"}}},
		}},
	}}
	id := w.audience("dynamic", tree)
	w.step("each condition says what it answered and of what value", func(t *testing.T) {
		got := why(id, byPhone(1)).want(http.StatusOK)
		require.Equal(t, true, got["member"])
		require.Equal(t, "active", got.in("status")["value"])
		require.NotContains(t, got, "frozen")
		top := got.in("filter")
		require.Equal(t, true, top["answer"])
		require.Equal(t, map[string]any{"answer": true, "field": "state", "op": "in", "values": []any{"TX"}, "value": "TX"}, map[string]any(top.items("all")[0]))
		either := top.items("all")[1].items("any")
		require.Equal(t, false, either[0]["answer"])
		require.Equal(t, "0", either[0]["value"])
		require.Equal(t, true, either[1]["answer"])
		require.Equal(t, false, either[1].in("not")["answer"])
		require.Equal(t, "P1", either[1].in("not")["value"])
		same := why(id, "contact_id="+got.in("contact").str("id")).want(http.StatusOK)
		require.Equal(t, got, same)
		require.Equal(t, false, why(id, byPhone(3)).want(http.StatusOK)["member"])
		require.Equal(t, false, why(id, byPhone(0)).want(http.StatusOK)["member"])
	})
	w.step("whoever opted out is no member, whatever the filter says", func(t *testing.T) {
		static := w.audience("static", tree)
		w.webhook(w.hook(list, "inbound"), inboundForm("SM1", phoneOf(1), "STOP"))
		for _, a := range []string{id, static} {
			got := why(a, byPhone(1)).want(http.StatusOK)
			require.Equal(t, false, got["member"])
			require.Equal(t, map[string]any{"answer": false, "value": "opted_out"}, map[string]any(got.in("status")))
			require.Equal(t, true, got.in("filter")["answer"])
		}
		require.Equal(t, true, why(static, byPhone(1)).want(http.StatusOK).in("frozen")["answer"])
		require.Equal(t, false, why(static, byPhone(0)).want(http.StatusOK).in("frozen")["answer"])
	})
	w.step("a contact that is not named is a complaint, one that is not there is not found", func(t *testing.T) {
		for query, where := range map[string]string{
			"": "query.contact_id: ", "phone=x&list_id=y": "query.phone: ", "phone=%2B12125550101": "query.list_id: ",
			"list_id=" + string(list): "query.phone: ", "contact_id=1&phone=%2B12125550101": "query.contact_id: ",
		} {
			got := why(id, query).want(422)
			require.True(t, oneBegins(got.errors(), where), "%s: %v", query, got.errors())
		}
		why(id, byPhone(9)).want(http.StatusNotFound)
		why(id, "contact_id=999999").want(http.StatusNotFound)
		why(id, "contact_id=x").want(http.StatusNotFound)
	})
}
