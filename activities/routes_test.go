package activities_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider/sandbox"
	"trackly/internal/testkit"
	"trackly/models"
)

// twoRoutes is a list at Twilio that falls back on Infobip, each a sandbox of its own.
func twoRoutes(t *testing.T, contacts int, first sandbox.Faults) (w *world, second *sandbox.Sandbox) {
	t.Helper()
	second, server := newSandbox(t, sandbox.Options{})
	return newWorld(t, contacts, first, secondRoute("infobip", server.URL)), second
}

// probeNow lets the time come at which a route that is down is tried again.
func (w *world) probeNow() {
	w.t.Helper()
	testkit.Exec(w.t, w.url, "UPDATE routes SET probe_at = now() - interval '1 second' WHERE state = 'down'")
}

func TestAnAccountProblemMovesTheRestToTheSecondRoute(t *testing.T) {
	t.Parallel()
	w, second := twoRoutes(t, 60, sandbox.Faults{Codes: []sandbox.CodeShare{{Code: 20003, Percent: 100}}})
	for range 2 { // one finds out, one goes on
		res, err := w.send()
		require.NoError(t, err)
		require.Empty(t, res.Halt, "the list goes on")
	}
	require.Equal(t, models.Progress{Planned: 60, Sent: 60}, w.progress())
	require.Zero(t, w.box.Count())
	require.Equal(t, 60, second.Count())
	require.Equal(t, models.RouteBlocked, w.route(1).State)
	require.Equal(t, []models.EventKind{models.EventAccountProblem}, w.events())
	l, err := w.List(t.Context(), w.account, w.list.ID)
	require.NoError(t, err)
	require.Equal(t, models.ListActive, l.State)
	for _, m := range w.messages() {
		require.Equal(t, 2, m.Route)
	}
}

func TestOnlyWhatWasNeverAttemptedMovesToTheSecondRoute(t *testing.T) {
	t.Parallel()
	// Every answer is lost, every text taken.
	w, second := twoRoutes(t, 100, sandbox.Faults{DropAfter: always()})
	_, err := w.send()
	require.NoError(t, err)
	lost := w.progress().Unknown
	require.GreaterOrEqual(t, lost, int64(25))
	require.Equal(t, models.RouteDown, w.route(1).State)
	require.Equal(t, []models.EventKind{models.EventRouteDown}, w.events())

	_, err = w.send()
	require.NoError(t, err)
	require.Equal(t, models.Progress{Planned: 100, Sent: 100 - lost, Unknown: lost}, w.progress())
	require.EqualValues(t, 100-lost, second.Count())
	require.Equal(t, models.Progress{Planned: 100, Sent: 100}, w.settle(true), "the unknown ones are asked at their own route")
	w.onceEach()
	for _, r := range second.Accepted() {
		require.Empty(t, w.box.AcceptedTo(r.To), "a text over both routes")
	}
}

func TestARouteThatIsDownIsTriedByAFew(t *testing.T) {
	t.Parallel()
	w, second := twoRoutes(t, 40, sandbox.Faults{})
	w.faults(sandbox.Faults{DropAfter: always()})
	_, err := w.send()
	require.NoError(t, err)
	tried := w.box.Count()
	testkit.Exec(t, w.url, "UPDATE messages SET state = 'queued', route = 0 WHERE state = 'unknown'") // as if nobody had been texted

	w.probeNow()
	_, err = w.send()
	require.NoError(t, err)
	require.LessOrEqual(t, w.box.Count(), tried+5, "a few find out")
	require.Equal(t, models.RouteDown, w.route(1).State)
	require.Positive(t, second.Count(), "the others do not wait for what they find")
}

func TestWhoeverComesSecondToAProbeTakesTheOtherRoute(t *testing.T) {
	t.Parallel()
	w, second := twoRoutes(t, 20, sandbox.Faults{})
	_, err := w.MoveRoute(t.Context(), w.route(1), models.RouteDown, "the provider does not answer", 30*time.Second)
	require.NoError(t, err)
	w.delivery.Now = func() time.Time { return time.Now().Add(time.Minute) } // it believes the time has come
	res, err := w.send()
	require.NoError(t, err)
	require.Equal(t, models.Progress{Planned: 20, Sent: 20}, res.Progress)
	require.Equal(t, 20, second.Count())
}

func TestARouteThatAnswersItsProbeIsUp(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]sandbox.Faults{
		"it takes texts":           {},
		"it refuses what it hears": {Codes: []sandbox.CodeShare{{Code: 21211, Percent: 100}}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 60, sandbox.Faults{})
			_, err := w.MoveRoute(t.Context(), w.route(1), models.RouteDown, "the provider does not answer", time.Hour)
			require.NoError(t, err)
			res, err := w.send()
			require.NoError(t, err)
			require.Empty(t, res.Halt, "time alone heals it")
			require.EqualValues(t, 60, res.Progress.Queued)
			require.WithinDuration(t, time.Now().Add(time.Hour), w.notBefore(), time.Minute)

			w.faults(f)
			w.probeNow()
			res, err = w.send()
			require.NoError(t, err)
			require.Zero(t, res.Progress.Queued)
			require.Equal(t, models.RouteUp, w.route(1).State)
			require.Equal(t, []models.EventKind{models.EventRouteUp}, w.events())
		})
	}
}

func TestASilentProviderTeachesNothingAndHoldsNothingUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 30, sandbox.Faults{DropBefore: always()})
	_, err := w.send()
	require.NoError(t, err)
	unknown := w.progress().Unknown
	w.server.Close()
	began := time.Now()
	res := w.settled(true)
	require.Less(t, time.Since(began), 5*time.Second)
	require.Equal(t, unknown, res.Unknown, "nothing was learnt")
	require.Zero(t, res.GivenUp, "and it may still be")
}

// What the account before it was asked for, this one does not know.
func TestAnotherAccountsIgnoranceProvesNothing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 10, sandbox.Faults{DropAfter: always()})
	_, err := w.send()
	require.NoError(t, err)
	require.EqualValues(t, 10, w.progress().Unknown)
	_, server := newSandbox(t, sandbox.Options{})
	r := w.route(1)
	r.BaseURL, r.SID = server.URL, "AC2"
	_, err = w.SetRoute(t.Context(), r, models.Credentials{Token: token})
	require.NoError(t, err)
	require.EqualValues(t, 10, w.settle(true).Unknown, "else everybody would be texted twice")

	r.BaseURL, r.SID = w.server.URL, "AC1"
	_, err = w.SetRoute(t.Context(), r, models.Credentials{Token: "a new token"})
	require.NoError(t, err)
	require.EqualValues(t, 10, w.settle(true).Unknown, "the account came back later still")
}

func TestANewTokenAsksForTheSameAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 10, sandbox.Faults{DropAfter: always()})
	_, err := w.send()
	require.NoError(t, err)
	_, err = w.SetRoute(t.Context(), w.route(1), models.Credentials{Token: token})
	require.NoError(t, err)
	require.EqualValues(t, 10, w.settle(true).Sent)
}

func TestWhoCannotBeAskedIsWaitedForAndGivenUp(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"cm", "telnyx"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorldAt(t, name, 8, sandbox.Faults{DropAfter: always()})
			_, err := w.send()
			require.NoError(t, err)
			res := w.settled(true)
			require.EqualValues(t, 8, res.Unknown, "never sent again")
			require.Zero(t, res.GivenUp, "their callbacks may still come")
			w.delivery.GiveUpAfter = 0
			require.EqualValues(t, 8, w.settled(true).GivenUp)
			_, err = w.send()
			require.NoError(t, err)
			require.Equal(t, 8, w.onceEach())
		})
	}
}

func TestCodesInNoTableAreCounted(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"twilio", "infobip", "cm", "telnyx"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorldAt(t, name, 7, sandbox.Faults{Refusals: []sandbox.RefusalShare{{Class: sandbox.Unheard, Percent: 100}}})
			res, err := w.send()
			require.NoError(t, err)
			require.EqualValues(t, 7, res.Progress.Failed)
			codes, err := w.UnheardCodes(t.Context(), w.account)
			require.NoError(t, err)
			require.Len(t, codes, 1)
			require.Equal(t, name, codes[0].Provider)
			require.EqualValues(t, 7, codes[0].Seen)
		})
	}
}

// picky refuses every request with this word in it as a whole, as Infobip does for one
// malformed text of five hundred.
func (w *world) picky(word string, requests *atomic.Int64) *httptest.Server {
	w.t.Helper()
	target, err := url.Parse(w.server.URL)
	require.NoError(w.t, err)
	through := httputil.NewSingleHostReverseProxy(target)
	front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		requests.Add(1)
		raw, _ := io.ReadAll(r.Body)
		if bytes.Contains(raw, []byte(word)) {
			rw.Header().Set("Content-Type", "application/json")
			rw.WriteHeader(http.StatusBadRequest)
			_, _ = rw.Write([]byte(`{"errorCode":"E400"}`))
			return
		}
		r.Body = io.NopCloser(bytes.NewReader(raw))
		through.ServeHTTP(rw, r)
	}))
	w.t.Cleanup(front.Close)
	return front
}

func TestOneBadTextDoesNotFailItsWholeRequest(t *testing.T) {
	t.Parallel()
	w := newWorldAt(t, "infobip", 300, sandbox.Faults{})
	var requests atomic.Int64
	front := w.picky("12125550123", &requests)
	testkit.Exec(t, w.url, "UPDATE routes SET base_url = $1", front.URL)
	res, err := w.send()
	require.NoError(t, err)
	require.Equal(t, models.Progress{Planned: 300, Sent: 299, Failed: 1}, res.Progress)
	require.Equal(t, 299, w.onceEach())
	require.Empty(t, w.box.AcceptedTo(phoneOf(123)))
	require.LessOrEqual(t, requests.Load(), int64(25), "halves, not single texts")
}

func TestAPauseHoldsBackTheHalvesOfARefusedRequest(t *testing.T) {
	t.Parallel()
	w := newWorldAt(t, "infobip", 200, slow(300))
	var requests atomic.Int64
	front := w.picky("12125550000", &requests)
	testkit.Exec(t, w.url, "UPDATE routes SET base_url = $1", front.URL)
	landed := w.flying(1)
	w.move(models.CampaignPaused)
	at := time.Now()
	res, err := landed()
	require.NoError(t, err)
	w.quietAfter(at)
	require.Zero(t, res.Progress.Claimed)
	require.Positive(t, res.Progress.Queued)
	require.EqualValues(t, 200, res.Progress.Queued+res.Progress.Sent+res.Progress.Failed)
}
