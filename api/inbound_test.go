package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

//nolint:thelper // a step is a test of its own
func TestInboundIsReadAndAnswered(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list, other := w.list(3), w.list(1)
	say := func(l models.ListID, sid, from, body string) {
		require.Equal(w.t, http.StatusOK, w.webhook(w.hook(l, "inbound"), inboundForm(sid, from, body)).Code)
	}
	say(list, "SM1", phoneOf(0), "When do you open?")
	say(list, "SM2", phoneOf(1), "STOP")
	say(other, "SM3", phoneOf(0), "hello")
	read := func(query string) []object {
		return w.do("GET", "/v1/inbound"+query, nil).want(http.StatusOK).items("items")
	}
	w.step("texts are listed by list, phone and page", func(t *testing.T) {
		all := read("")
		require.Len(t, all, 3)
		require.Equal(t, "When do you open?", all[0]["body"])
		require.Equal(t, "stop", all[1]["verdict"])
		require.Len(t, read("?list_id="+string(list)), 2)
		require.Len(t, read("?phone=%2B12125550100"), 2)
		require.Len(t, read("?phone=2125550100&list_id="+string(other)), 1)
		require.Empty(t, read("?review=open"))
		first := w.do("GET", "/v1/inbound?limit=2", nil).want(http.StatusOK)
		require.Len(t, w.do("GET", "/v1/inbound?limit=2&cursor="+first.str("next_cursor"), nil).want(http.StatusOK).items("items"), 1)
		one := w.do("GET", "/v1/inbound/"+all[0].str("id"), nil).want(http.StatusOK)
		require.Equal(t, all[0], one)
		w.do("GET", "/v1/inbound?list_id="+string(models.NewID[models.ListID]()), nil).want(http.StatusNotFound)
		w.do("GET", "/v1/inbound?phone=12", nil).want(422)
	})
	w.step("an answer goes out as it is; its repetition is the same text", func(t *testing.T) {
		path := "/v1/inbound/" + read("")[0].str("id") + "/reply"
		got := w.do("POST", path, map[string]any{"body": "At nine."}, "Idempotency-Key", "k").want(http.StatusAccepted)
		require.Equal(t, "reply", got["kind"])
		require.Equal(t, "At nine.", got["body"])
		require.Equal(t, got["id"], w.do("POST", path, map[string]any{"body": "At nine."}, "Idempotency-Key", "k").want(http.StatusAccepted)["id"])
		require.Contains(t, w.engine.nudged, list)
		w.do("POST", path, map[string]any{"body": ""}).want(422)
	})
	w.step("who said STOP is not answered", func(t *testing.T) {
		w.do("POST", "/v1/inbound/"+read("")[1].str("id")+"/reply", map[string]any{"body": "Why?"}).want(http.StatusForbidden)
	})
}

//nolint:thelper // a step is a test of its own
func TestAPersonReadsUnclearAnswers(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list, campaign, ids := w.sending(2)
	for i, sid := range []string{"SM1", "SM2"} {
		require.Equal(t, http.StatusOK, w.webhook(w.hook(list, "inbound"), inboundForm(sid, phoneOf(i), "please stop?")).Code)
	}
	open := w.do("GET", "/v1/inbound?review=open", nil).want(http.StatusOK).items("items")
	require.Len(t, open, 2)
	statuses := func() (out []string) {
		for _, c := range w.do("GET", "/v1/lists/"+string(list)+"/contacts", nil).want(http.StatusOK).items("items") {
			out = append(out, c.str("status"))
		}
		return out
	}
	review := func(i int, was, by string) answer {
		return w.do("POST", "/v1/inbound/"+open[i].str("id")+"/review", map[string]any{"was": was, "by": by})
	}
	require.Equal(t, []string{"suppressed", "suppressed"}, statuses(), "marketing waits until somebody decided")
	events := w.do("GET", "/v1/events", nil).want(http.StatusOK).items("items")
	require.Len(t, events, 2)
	require.Equal(t, "review", events[0]["kind"])
	w.step("kept goes on, opted out ends like a STOP and running campaigns hear of it", func(t *testing.T) {
		review(0, "maybe", "").want(422)
		got := review(0, "kept", "Ada").want(http.StatusOK)
		require.Equal(t, "kept", got["review"])
		require.Equal(t, "Ada", got["review_by"])
		require.Contains(t, got, "reviewed_at")
		require.Empty(t, w.engine.told)
		review(1, "opted_out", "Ada").want(http.StatusOK)
		require.Equal(t, []string{"active", "opted_out"}, statuses())
		require.Equal(t, []int64{1}, w.engine.told)
		require.Equal(t, "skipped", w.state(ids[1]))
		require.NotEmpty(t, campaign)
		silent := w.do("GET", "/v1/suppressions", nil).want(http.StatusOK).items("items")
		require.Len(t, silent, 1)
		require.Equal(t, "review", silent[0]["source"])
	})
	w.step("an answer is read once", func(t *testing.T) {
		review(0, "opted_out", "Eve").want(http.StatusConflict)
		require.Equal(t, []string{"active", "opted_out"}, statuses())
	})
}
