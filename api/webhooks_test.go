package api_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/stretchr/testify/require"

	"trackly/api"
	"trackly/models"
)

func (w *world) statusPath(l models.ListID, m models.MessageID) string {
	w.t.Helper()
	return fmt.Sprintf("%s?message=%d", w.hook(l, "status"), m)
}

func statusForm(word string) url.Values {
	return url.Values{"MessageSid": {"SM1"}, "MessageStatus": {word}}
}

func inboundForm(sid, from, body string) url.Values {
	return url.Values{"MessageSid": {sid}, "From": {from}, "To": {"+12025550100"}, "Body": {body}}
}

func (w *world) state(id models.MessageID) string {
	w.t.Helper()
	return w.do("GET", fmt.Sprintf("/v1/messages/%d", id), nil).want(http.StatusOK).str("state")
}

//nolint:thelper // a step is a test of its own
func TestStatusCallbacks(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list, _, ids := w.sending(4)
	other := w.list(0)
	w.step("a status is stored, twice is once, and it never moves back", func(t *testing.T) {
		for _, step := range []struct{ word, state string }{
			{"sent", "sent"}, {"delivered", "delivered"}, {"delivered", "delivered"}, {"sent", "delivered"}, {"failed", "delivered"},
		} {
			w.webhook(w.statusPath(list, ids[0]), statusForm(step.word)).want(http.StatusNoContent)
			require.Equal(t, step.state, w.state(ids[0]), step.word)
		}
	})
	w.step("a wrong or missing signature is 401 and changes nothing", func(t *testing.T) {
		path := w.statusPath(list, ids[1])
		w.serve(signed(t, path, statusForm("delivered"), "another token")).want(http.StatusUnauthorized)
		bare := signed(t, path, statusForm("delivered"), token)
		bare.Header.Del("X-Twilio-Signature")
		w.serve(bare).want(http.StatusUnauthorized)
		moved := signed(t, path, statusForm("delivered"), token)
		moved.URL.RawQuery = fmt.Sprintf("message=%d", ids[2])
		moved.RequestURI = moved.URL.RequestURI()
		w.serve(moved).want(http.StatusUnauthorized)
		require.Equal(t, "queued", w.state(ids[1]))
		require.Equal(t, "queued", w.state(ids[2]))
	})
	w.step("another list cannot speak for a message", func(t *testing.T) {
		w.webhook(w.statusPath(other, ids[1]), statusForm("delivered")).want(http.StatusNoContent)
		require.Equal(t, "queued", w.state(ids[1]))
	})
	w.step("words and messages nobody knows are accepted and change nothing", func(t *testing.T) {
		w.webhook(w.statusPath(list, ids[1]), statusForm("teleported")).want(http.StatusNoContent)
		w.webhook(w.hook(list, "status"), statusForm("delivered")).want(http.StatusNoContent)
		w.webhook(w.statusPath(list, 9), statusForm("delivered")).want(http.StatusNoContent)
		require.Equal(t, "queued", w.state(ids[1]))
	})
	w.step("a route that does not exist, or is another provider's, is 404", func(t *testing.T) {
		nobody := models.Route{ID: models.NewID[models.RouteID](), Provider: "twilio"}
		mine := w.stored(list).Routes[0]
		mine.Provider = "infobip"
		for _, r := range []models.Route{nobody, mine} {
			w.webhook(strings.TrimPrefix(door().StatusURL(r), publicURL), statusForm("sent")).want(http.StatusNotFound)
		}
	})
	w.step("a body without end is 413, and one that is no form 422", func(t *testing.T) {
		path := w.statusPath(list, ids[1])
		w.webhook(path, url.Values{"x": {strings.Repeat("x", 1<<20)}}).want(http.StatusRequestEntityTooLarge)
		req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader("%zz"))
		w.serve(req).want(422)
	})
	w.step("what Postgres cannot store is left out", func(t *testing.T) {
		form := statusForm("failed")
		form.Set("MessageSid", "SM\x00\xff1")
		form.Set("ErrorCode", "30003\x00")
		w.webhook(w.statusPath(list, ids[3]), form).want(http.StatusNoContent)
		got := w.do("GET", fmt.Sprintf("/v1/messages/%d", ids[3]), nil).want(http.StatusOK)
		require.Equal(t, "failed", got["state"])
		require.Equal(t, "SM1", got["provider_id"])
	})
}

//nolint:thelper // a step is a test of its own
func TestInboundTexts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list, campaign, ids := w.sending(3)
	inbound := w.hook(list, "inbound")
	contacts := func() (out []string) {
		for _, c := range w.do("GET", "/v1/lists/"+string(list)+"/contacts", nil).want(http.StatusOK).items("items") {
			out = append(out, c.str("status"))
		}
		return out
	}
	w.step("a forged STOP is 401 and ends nothing", func(t *testing.T) {
		w.serve(signed(t, inbound, inboundForm("SM1", phoneOf(0), "STOP"), "x")).want(http.StatusUnauthorized)
		require.Equal(t, []string{"active", "active", "active"}, contacts())
	})
	w.step("a STOP ends the subscription, skips what is queued and is answered with nothing", func(t *testing.T) {
		a := w.webhook(inbound, inboundForm("SM2", phoneOf(0), " stop! "))
		require.Equal(t, http.StatusOK, a.Code)
		require.Equal(t, `<?xml version="1.0" encoding="UTF-8"?><Response/>`, a.Body.String())
		require.Contains(t, a.Header().Get("Content-Type"), "text/xml")
		require.Equal(t, []string{"opted_out", "active", "active"}, contacts())
		skipped := w.do("GET", "/v1/campaigns/"+string(campaign)+"/messages?state=skipped", nil).want(http.StatusOK).items("items")
		require.Len(t, skipped, 1)
		require.Equal(t, "opted_out", skipped[0]["reason"])
		require.Equal(t, []int64{1}, w.engine.told)
	})
	w.step("the same STOP again changes nothing", func(t *testing.T) {
		require.Equal(t, http.StatusOK, w.webhook(inbound, inboundForm("SM2", phoneOf(0), "STOP")).Code)
		require.Equal(t, []int64{1}, w.engine.told)
	})
	w.step("an engine that is down does not undo a STOP", func(t *testing.T) {
		w.engine.breaks(t)
		require.Equal(t, http.StatusOK, w.webhook(inbound, inboundForm("SM3", phoneOf(1), "STOP")).Code)
		require.Equal(t, []string{"opted_out", "opted_out", "active"}, contacts())
	})
	w.step("START opens it again, and other texts change nothing", func(t *testing.T) {
		require.Equal(t, http.StatusOK, w.webhook(inbound, inboundForm("SM4", phoneOf(1), "start")).Code)
		require.Equal(t, http.StatusOK, w.webhook(inbound, inboundForm("SM5", phoneOf(2), "please stop by at 5\x00")).Code)
		require.Equal(t, http.StatusOK, w.webhook(inbound, inboundForm("SM6", "22000", "STOP")).Code)
		require.Equal(t, []string{"opted_out", "active", "active"}, contacts())
	})
	require.Len(t, ids, 3)
}

// TestAStopNeverWaitsBehindStatusCallbacks posts ten thousand callbacks at once.
func TestAStopNeverWaitsBehindStatusCallbacks(t *testing.T) {
	t.Parallel()
	reg := prometheus.NewRegistry()
	w := newWorldWith(t, func(o *api.Options) { o.Metrics = reg })
	list, _, ids := w.sending(500)
	const flood = 10_000
	requests := make([]*http.Request, flood)
	for i := range requests {
		requests[i] = signed(t, w.statusPath(list, ids[i%len(ids)]), statusForm([]string{"sent", "delivered"}[i%2]), token)
	}
	stop := signed(t, w.hook(list, "inbound"), inboundForm("SM1", phoneOf(3), "STOP"), token)
	var wg sync.WaitGroup
	var begun, done, accepted, away, other atomic.Int64
	for _, r := range requests {
		wg.Go(func() {
			begun.Add(1)
			switch a := w.serve(r); a.Code {
			case http.StatusNoContent:
				accepted.Add(1)
			case http.StatusServiceUnavailable:
				away.Add(1)
			default:
				other.Add(1)
			}
			done.Add(1)
		})
	}
	require.Eventually(t, func() bool { return begun.Load() > 500 }, 5*time.Second, time.Millisecond)
	before, began := done.Load(), time.Now()
	a := w.serve(stop)
	took := time.Since(began)
	require.Equal(t, http.StatusOK, a.Code)
	require.Less(t, before, int64(flood), "the flood was over before the STOP came")
	require.Less(t, took, time.Second)
	wg.Wait()
	t.Logf("STOP took %v; %d of %d done before; %d accepted, %d turned away", took, before, flood, accepted.Load(), away.Load())
	require.Zero(t, other.Load())
	require.Positive(t, accepted.Load())
	require.EqualValues(t, flood, accepted.Load()+away.Load())
	families, err := reg.Gather()
	require.NoError(t, err)
	counted := 0.0
	for _, f := range families {
		for _, m := range f.GetMetric() {
			if f.GetName() == "trackly_status_callbacks_total" {
				counted += m.GetCounter().GetValue()
			}
		}
	}
	require.InDelta(t, flood, counted, 0)
}

// TestACrowdOfStatusCallbacksIsTurnedAway holds every place with callbacks that hang.
func TestACrowdOfStatusCallbacksIsTurnedAway(t *testing.T) {
	t.Parallel()
	stuck := &stuckStatuses{release: make(chan struct{})}
	w := newWorldWith(t, func(o *api.Options) { stuck.Store, o.Store = o.Store, stuck })
	list, _, ids := w.sending(1)
	callback := func() *http.Request { return signed(t, w.statusPath(list, ids[0]), statusForm("sent"), token) }
	var wg sync.WaitGroup
	for range 256 {
		wg.Go(func() { w.serve(callback()) })
	}
	require.Eventually(t, func() bool { return stuck.waiting.Load() == 256 }, 10*time.Second, time.Millisecond)
	a := w.serve(callback())
	a.want(http.StatusServiceUnavailable)
	require.Equal(t, "1", a.Header().Get("Retry-After"))
	require.EqualValues(t, 256, stuck.waiting.Load())
	stop := w.webhook(w.hook(list, "inbound"), inboundForm("SM1", phoneOf(0), "STOP"))
	require.Equal(t, http.StatusOK, stop.Code)
	close(stuck.release)
	wg.Wait()
	w.serve(callback()).want(http.StatusNoContent)
}

type stuckStatuses struct {
	api.Store
	release chan struct{}
	waiting atomic.Int64
}

func (s *stuckStatuses) RecordStatus(context.Context, models.AccountID, models.ListID, models.Outcome) (bool, error) {
	s.waiting.Add(1)
	<-s.release
	return true, nil
}

// TestAChangedRouteIsNoticed waits until what is remembered of a route is too old.
func TestAChangedRouteIsNoticed(t *testing.T) {
	t.Parallel()
	var ahead atomic.Int64
	counted := &countedRoutes{}
	w := newWorldWith(t, func(o *api.Options) {
		counted.Store, o.Store = o.Store, counted
		o.Now = func() time.Time { return time.Now().Add(time.Duration(ahead.Load())) }
	})
	list, _, ids := w.sending(1)
	for range 20 {
		w.webhook(w.statusPath(list, ids[0]), statusForm("sent")).want(http.StatusNoContent)
	}
	require.EqualValues(t, 1, counted.asked.Load(), "a burst asks the database once")
	ahead.Store(int64(5 * time.Second))
	counted.token = "another"
	w.webhook(w.statusPath(list, ids[0]), statusForm("sent")).want(http.StatusUnauthorized)
	w.serve(signed(t, w.statusPath(list, ids[0]), statusForm("sent"), "another")).want(http.StatusNoContent)
}

type countedRoutes struct {
	api.Store
	asked atomic.Int64
	token string
}

func (s *countedRoutes) WebhookRoute(ctx context.Context, id models.RouteID) (models.List, models.Route, models.Credentials, error) {
	s.asked.Add(1)
	l, r, c, err := s.Store.WebhookRoute(ctx, id)
	if s.token != "" {
		c.Token = s.token
	}
	return l, r, c, err
}
