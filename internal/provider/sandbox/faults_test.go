package sandbox_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider/sandbox"
)

func TestEveryFaultStrikesAsItSays(t *testing.T) {
	t.Parallel()
	always := sandbox.Spell{Percent: 100}
	for name, tc := range map[string]struct {
		faults   sandbox.Faults
		status   int
		accepted int
	}{
		"none":                   {sandbox.Faults{}, 201, 1},
		"throttled":              {sandbox.Faults{Throttled: sandbox.Spell{Percent: 100, RetryAfter: 3}}, 429, 0},
		"fails before accepting": {sandbox.Faults{FailBefore: always}, 500, 0},
		"a proxy's page":         {sandbox.Faults{PageBefore: always}, 502, 0},
		"drops before accepting": {sandbox.Faults{DropBefore: always}, 0, 0},
		"fails after accepting":  {sandbox.Faults{FailAfter: always}, 500, 1},
		"garbles the answer":     {sandbox.Faults{GarbleAfter: always}, 201, 1},
		"drops after accepting":  {sandbox.Faults{DropAfter: always}, 0, 1},
		"opted out":              {sandbox.Faults{Codes: []sandbox.CodeShare{{Code: 21610, Percent: 100}}}, 400, 0},
		"suspended":              {sandbox.Faults{Codes: []sandbox.CodeShare{{Code: 20005, Percent: 100}}}, 403, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Options{Faults: tc.faults, DeliveredPercent: 100})
			status, _ := w.text(t, phone, "hi")
			require.Equal(t, tc.status, status)
			require.Equal(t, tc.accepted, w.box.Count())
			w.settle(t)
			require.Len(t, w.statuses(), 2*tc.accepted, "what was accepted is called back")
		})
	}
}

func TestLatencyIsWaited(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Faults: sandbox.Faults{Latency: sandbox.Spell{Percent: 100, MinMS: 60, MaxMS: 80}}})
	started := time.Now()
	status, _ := w.text(t, phone, "hi")
	require.Equal(t, http.StatusCreated, status)
	require.GreaterOrEqual(t, time.Since(started), 60*time.Millisecond)
}

func TestCallbacksGoWrongAsTold(t *testing.T) {
	t.Parallel()
	always := sandbox.Spell{Percent: 100}
	for name, tc := range map[string]struct {
		faults sandbox.Faults
		want   []string
	}{
		"in order":  {sandbox.Faults{}, []string{"sent", "delivered"}},
		"twice":     {sandbox.Faults{CallbacksTwice: always}, []string{"sent", "sent", "delivered", "delivered"}},
		"reordered": {sandbox.Faults{CallbacksReordered: always}, []string{"delivered", "sent"}},
		"lost":      {sandbox.Faults{CallbacksLost: always}, []string{}},
		"late":      {sandbox.Faults{CallbacksLate: sandbox.Spell{Percent: 100, MinMS: 5, MaxMS: 9}}, []string{"sent", "delivered"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Options{Faults: tc.faults, DeliveredPercent: 100})
			w.text(t, phone, "hi")
			w.settle(t)
			require.Equal(t, tc.want, w.statuses())
			_, list := w.do(t, http.MethodGet, "/2010-04-01/Accounts/AC1/Messages.json", "")
			require.Contains(t, list, `"status":"delivered"`, "the text itself was delivered all the same")
		})
	}
}

func TestEarlyCallbacksComeBeforeTheAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Faults: sandbox.Faults{CallbacksEarly: sandbox.Spell{Percent: 100}}, DeliveredPercent: 100})
	w.text(t, phone, "hi")
	require.Equal(t, []string{"sent", "delivered"}, w.statuses())
}

func TestCallbacksAreTriedAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{DeliveredPercent: 100})
	w.fails = 3
	w.text(t, phone, "hi")
	w.settle(t)
	require.Equal(t, []string{"sent", "delivered"}, w.statuses())
	require.EqualValues(t, 3, w.box.Stats().Retries)
}

func TestHeldCallbacksWaitForTheirRelease(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{DeliveredPercent: 100, Callbacks: sandbox.Callbacks{Hold: true}})
	w.text(t, phone, "hi")
	time.Sleep(30 * time.Millisecond)
	require.Empty(t, w.statuses())
	require.Equal(t, 1, w.box.Stats().Waiting)
	status, _ := w.do(t, http.MethodPost, "/sandbox/callbacks/release", "")
	require.Equal(t, http.StatusNoContent, status)
	w.settle(t)
	require.Equal(t, []string{"sent", "delivered"}, w.statuses())
}

func TestUndeliveredPhonesStaySo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{DeliveredPercent: 0.0001, UndeliveredCodes: []int{30006}})
	w.text(t, phone, "hi")
	w.text(t, phone, "hi again")
	w.settle(t)
	for _, h := range w.hooksAt("/status") {
		require.Equal(t, h.form.Get("MessageStatus") == "undelivered", h.form.Get("ErrorCode") == "30006")
	}
	require.ElementsMatch(t, []string{"sent", "undelivered", "sent", "undelivered"}, w.statuses())
}

func TestFaultsAreSetOverHTTP(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	for body, want := range map[string]int{
		`{"fail_before":{"percent":100}}`: http.StatusNoContent,
		`{"fail_before":{"percent":101}}`: http.StatusUnprocessableEntity,
		`{"fial_before":{"percent":100}}`: http.StatusBadRequest,
	} {
		status, _ := w.do(t, http.MethodPut, "/sandbox/faults", body)
		require.Equal(t, want, status, body)
	}
	status, _ := w.text(t, phone, "hi")
	require.Equal(t, http.StatusInternalServerError, status)
	_, now := w.do(t, http.MethodGet, "/sandbox/faults", "")
	require.Contains(t, now, `"fail_before":{"percent":100}`)
}

func TestATextIsToldOfOnceItsWebhookIsTaken(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		faults sandbox.Faults
		fails  int
		told   bool
	}{
		"taken":    {told: true},
		"lost":     {faults: sandbox.Faults{CallbacksLost: sandbox.Spell{Percent: 100}}},
		"rejected": {fails: 2},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, sandbox.Options{Faults: tc.faults, Callbacks: sandbox.Callbacks{Retries: -1}})
			w.fails = tc.fails
			_, _ = w.text(t, phone, "hi")
			w.settle(t)
			require.Len(t, w.box.Accepted(), 1)
			fate := w.box.Fates()[w.box.Accepted()[0].SID]
			require.Equal(t, tc.told, fate.Told)
			require.True(t, fate.Delivered, "it happened, whether or not anybody was told")
			require.False(t, fate.Undelivered)
		})
	}
}

func TestAReaderIsToldWhomTheProviderRefuses(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Faults: sandbox.Faults{Refusals: []sandbox.RefusalShare{{Class: sandbox.Filtered, Percent: 100}}}})
	require.Equal(t, sandbox.Filtered, w.box.Refuses(sandbox.CM, phone))
	require.NoError(t, w.box.SetFaults(sandbox.Faults{Codes: []sandbox.CodeShare{{Code: 21614, Percent: 100}}}))
	require.Equal(t, "21614", w.box.Refuses(sandbox.Twilio, phone))
	require.Empty(t, w.box.Refuses(sandbox.CM, phone), "only Twilio heeds its codes")
	require.NoError(t, w.box.SetFaults(sandbox.Faults{}))
	require.Empty(t, w.box.Refuses(sandbox.Twilio, phone))
}
