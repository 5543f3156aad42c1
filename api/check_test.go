package api_test

import (
	"net/http"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/models"
	"trackly/workflows"
)

//nolint:thelper // a step is a test of its own
func TestAListsCheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := w.list(0)
	path := "/v1/lists/" + string(list) + "/check"
	passed := func(o object) any { return o.items("routes")[0].in("check")["passed"] }
	w.step("a check forgets the one before, queues a test text and starts the workflow", func(t *testing.T) {
		require.Equal(t, true, passed(w.do("GET", "/v1/lists/"+string(list), nil).want(http.StatusOK)))
		got := w.do("POST", path, map[string]any{"to": "(212) 555-0123"}).want(http.StatusAccepted)
		require.Equal(t, false, passed(got))
		require.Len(t, w.engine.checked, 1)
		in := w.engine.checked[0]
		require.Equal(t, workflows.CheckInput{
			AccountID: w.account, ListID: list, RouteID: w.stored(list).Routes[0].ID, MessageID: in.MessageID,
		}, in)
		m := w.message(in.MessageID)
		require.Equal(t, "test", m["kind"])
		require.EqualValues(t, 1, m["route"])
		require.Contains(t, m["body"], "Acme: this is the test")
	})
	w.step("a newer check takes the place of the test text before", func(t *testing.T) {
		w.do("POST", path, map[string]any{"to": "+12125550123", "rank": 1}).want(http.StatusAccepted)
		require.Equal(t, "skipped", w.state(w.engine.checked[0].MessageID))
		require.Equal(t, "queued", w.state(w.engine.checked[1].MessageID))
	})
	w.step("a repetition starts the same check again and forgets nothing", func(t *testing.T) {
		w.do("POST", path, map[string]any{"to": "+12125550123"}, "Idempotency-Key", "k").want(http.StatusAccepted)
		w.check(list)
		got := w.do("POST", path, map[string]any{"to": "+12125550123"}, "Idempotency-Key", "k").want(http.StatusAccepted)
		require.Equal(t, true, passed(got))
		require.Equal(t, w.engine.checked[2], w.engine.checked[3])
	})
	w.step("a phone that is none and a route that is not there are refused together", func(t *testing.T) {
		a := w.do("POST", path, map[string]any{"to": "12", "rank": 2})
		require.Len(t, a.want(422).errors(), 2)
	})
	w.step("who said STOP gets no test text either, and a paused list sends none", func(t *testing.T) {
		w.webhook(w.hook(list, "inbound"), inboundForm("SM1", "+12125550124", "STOP"))
		w.do("POST", path, map[string]any{"to": "+12125550124"}).want(http.StatusForbidden)
		w.do("POST", "/v1/lists/"+string(list)+"/pause", map[string]any{"reason": "carrier"}).want(http.StatusOK)
		require.Contains(t, w.do("POST", path, map[string]any{"to": "+12125550123"}).want(http.StatusConflict)["detail"], "carrier")
	})
	w.step("an engine that is down is 503: the check can be asked for again", func(t *testing.T) {
		w.engine.breaks(t)
		w.do("POST", "/v1/lists/"+string(w.list(0))+"/check", map[string]any{"to": "+12125550123"}).want(http.StatusServiceUnavailable)
	})
}

// message is a message as clients read it.
func (w *world) message(id models.MessageID) object {
	w.t.Helper()
	return w.do("GET", "/v1/messages/"+strconv.FormatInt(int64(id), 10), nil).want(http.StatusOK)
}

//nolint:thelper // a step is a test of its own
func TestOnlyACheckedListIsLaunched(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	creative := w.creative()
	list := models.ListID(w.do("POST", "/v1/lists", aList()).want(http.StatusCreated).str("id"))
	launch := func() answer {
		return w.do("POST", "/v1/campaigns/"+string(w.campaign(list, creative))+"/launch", nil)
	}
	w.step("a launch says which step of the check is missing", func(t *testing.T) {
		require.Contains(t, launch().want(http.StatusConflict)["detail"], "is not checked: the credentials")
		r := w.stored(list).Routes[0]
		require.NoError(t, w.store.PassStep(t.Context(), w.account, r.ID, models.StepCredentials, models.StepText))
		require.Contains(t, launch().want(http.StatusConflict)["detail"], "callback")
	})
	w.step("a blocked account is a conflict with its problem, one that does not answer now is not", func(t *testing.T) {
		w.check(list)
		move := func(next models.RouteState, why string) {
			moved, err := w.store.MoveRoute(t.Context(), w.stored(list).Routes[0], next, why, 1<<40)
			require.NoError(t, err)
			require.True(t, moved)
		}
		move(models.RouteDown, "silent")
		launch().want(http.StatusAccepted)
		move(models.RouteBlocked, "no credit left")
		require.Contains(t, launch().want(http.StatusConflict)["detail"], "no credit left")
		move(models.RouteUp, "")
		launch().want(http.StatusAccepted)
	})
	w.step("a second route that is checked is enough", func(t *testing.T) {
		_, err := w.store.MoveRoute(t.Context(), w.stored(list).Routes[0], models.RouteBlocked, "no credit left", 0)
		require.NoError(t, err)
		second := map[string]any{
			"phone": "+12025550101", "provider": "infobip", "provider_settings": map[string]any{"auth_token": "key", "base_url": "http://i.example"},
		}
		got := w.do("PUT", "/v1/lists/"+string(list)+"/routes/2", second).want(http.StatusOK)
		require.Equal(t, "infobip", got.items("routes")[1]["provider"])
		launch().want(http.StatusConflict)
		w.check(list)
		launch().want(http.StatusAccepted)
		w.do("PUT", "/v1/lists/"+string(list)+"/routes/3", second).want(422)
	})
}
