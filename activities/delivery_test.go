package activities_test

import (
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"trackly/activities"
	"trackly/internal/provider"
	"trackly/internal/provider/sandbox"
	"trackly/internal/provider/twilio"
	"trackly/models"
	"trackly/rules/segment"
)

func TestABatchIsHandedOverOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 120, sandbox.Faults{})
	res, err := w.send()
	require.NoError(t, err)
	require.Empty(t, res.Halt)
	require.Equal(t, models.Progress{Planned: 120, Sent: 120}, res.Progress)
	require.Equal(t, 120, w.onceEach())
	require.Equal(t, 120, w.tally.of["accepted"])

	res, err = w.send()
	require.NoError(t, err, "a second run finds nothing to do")
	require.Equal(t, models.Progress{Planned: 120, Sent: 120}, res.Progress)
	require.Equal(t, 120, w.onceEach())
}

func TestATextSaysWhatTheListAndTheCreativeSay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3, sandbox.Faults{})
	_, err := w.send()
	require.NoError(t, err)
	byID := map[int64]models.Message{}
	for _, m := range w.messages() {
		byID[int64(m.ID)] = m
	}
	for i := range 3 {
		got := w.box.AcceptedTo(phoneOf(i))
		require.Len(t, got, 1)
		text := got[0].Body
		require.True(t, strings.HasPrefix(text, "Acme: Hi P"), text)
		require.True(t, strings.HasSuffix(text, "Reply STOP to opt out"), text)
		_, link, _ := strings.Cut(text, "http://127.0.0.1:1/")
		id, n, ok := w.delivery.Codes.Decode(link[:7])
		require.True(t, ok)
		require.Equal(t, 1, n)
		require.Equal(t, got[0].MessageID, id, "a link leads back to its own message")
		require.Equal(t, text, byID[id].Body, "the record holds what was sent")
		require.Equal(t, segment.Of(text).Segments, byID[id].Segments)
		require.Equal(t, got[0].SID, byID[id].ProviderID)
	}
}

// crash is a worker that claimed everything and died after n calls.
func (w *world) crash(n int) {
	w.t.Helper()
	ctx, holder := w.t.Context(), uuid.NewString()
	b, err := w.TakeBatch(ctx, w.campaign.Source(), 0, holder)
	require.NoError(w.t, err)
	queued, err := w.QueuedMessages(ctx, b)
	require.NoError(w.t, err)
	var texts []models.Text
	for _, q := range queued {
		texts = append(texts, models.Text{MessageID: q.ID, Phone: q.Phone, Body: "to " + q.Phone, Count: segment.Of("x")})
	}
	claimed, err := w.ClaimMessages(ctx, models.Claim{Batch: b, Holder: holder, Route: 1, Texts: texts})
	require.NoError(w.t, err)
	require.Len(w.t, claimed, w.contacts)
	adapter := twilio.Dialer{}.Dial(w.delivery.Door.AccountOf(w.list.Routes[0], models.Credentials{Token: token}))
	for _, text := range texts[:n] {
		a := adapter.Send(ctx, []provider.Outgoing{{MessageID: int64(text.MessageID), To: text.Phone, Body: text.Body}})
		require.True(w.t, a[0].Accepted())
	}
}

func TestAfterACrashNobodyGetsTwoTextsAndNobodyIsForgotten(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 60, sandbox.Faults{})
	w.crash(25)

	res, err := w.send()
	require.NoError(t, err)
	require.Equal(t, models.Progress{Planned: 60, Unknown: 60}, res.Progress, "nothing claimed is sent again")
	require.Equal(t, 25, w.onceEach())

	require.Equal(t, models.Progress{Planned: 60, Sent: 25, Queued: 35}, w.settle(true),
		"the provider's record says who got it, and proves who did not")
	res, err = w.send()
	require.NoError(t, err)
	require.Equal(t, models.Progress{Planned: 60, Sent: 60}, res.Progress)
	require.Equal(t, 60, w.onceEach())
}

func TestBatchesLeftClaimedByATerminatedRunAreOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 10, sandbox.Faults{})
	w.crash(10)
	open, err := w.OpenBatches(t.Context(), w.campaign.Source())
	require.NoError(t, err)
	require.Equal(t, models.Open{Numbers: []int{0}}, open, "else nobody would ever ask about them")
	_, err = w.send()
	require.NoError(t, err)
	open, err = w.OpenBatches(t.Context(), w.campaign.Source())
	require.NoError(t, err)
	require.Empty(t, open.Numbers)
}

func TestLostAnswersAreFoundAtTheProvider(t *testing.T) {
	t.Parallel()
	for name, f := range map[string]sandbox.Faults{
		"the connection broke":    {DropAfter: sandbox.Spell{Percent: 40}},
		"the answer was a 500":    {FailAfter: sandbox.Spell{Percent: 40}},
		"the answer was nonsense": {GarbleAfter: sandbox.Spell{Percent: 40}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 50, f)
			res, err := w.send()
			require.NoError(t, err)
			require.Positive(t, res.Progress.Unknown)
			require.Zero(t, res.Progress.Queued+res.Progress.Failed)
			require.Equal(t, models.Progress{Planned: 50, Sent: 50}, w.settle(true))
			require.Equal(t, 50, w.onceEach())
		})
	}
}

func TestWhatNeverArrivedGoesOutOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 50, sandbox.Faults{DropBefore: sandbox.Spell{Percent: 30}})
	_, err := w.send()
	require.NoError(t, err)
	p := w.settle(true)
	require.Positive(t, p.Queued)
	w.faults(sandbox.Faults{})
	res, err := w.send()
	require.NoError(t, err)
	require.Equal(t, models.Progress{Planned: 50, Sent: 50}, res.Progress)
	require.Equal(t, 50, w.onceEach())
}

func TestARefusalHasItsClass(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		code   int
		reason string
	}{
		"a number nobody can text":   {21211, "bad_number"},
		"a person who said STOP":     {21610, "opted_out"},
		"a text the carrier filters": {30007, "filtered"},
		"a phone out of reach":       {30003, "retry_later"},
		"a code in no table":         {29999, "retry_later"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 4, sandbox.Faults{Codes: []sandbox.CodeShare{{Code: tc.code, Percent: 100}}})
			res, err := w.send()
			require.NoError(t, err)
			require.Empty(t, res.Halt)
			require.Equal(t, models.Progress{Planned: 4, Failed: 4}, res.Progress)
			for _, m := range w.messages() {
				require.Equal(t, tc.reason, m.Reason)
				require.NotContains(t, m.ProviderText, "+1")
			}
		})
	}
}

func TestTheProvidersOwnBlockOptsOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 4, sandbox.Faults{Codes: []sandbox.CodeShare{{Code: 21610, Percent: 100}}})
	_, err := w.send()
	require.NoError(t, err)
	r, err := w.Reach(t.Context(), w.campaign, time.Now())
	require.NoError(t, err)
	require.Zero(t, r.Contacts)
}

func TestWhatAPersonMustFixHaltsAndPutsBack(t *testing.T) {
	t.Parallel()
	for name, code := range map[string]int{"wrong credentials": 20003, "a suspended account": 20005} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 40, sandbox.Faults{Codes: []sandbox.CodeShare{{Code: code, Percent: 100}}})
			res, err := w.send()
			require.NoError(t, err)
			require.Contains(t, res.Halt, strconv.Itoa(code))
			require.Equal(t, models.Progress{Planned: 40, Queued: 40}, res.Progress, "nobody is written off")
			require.Equal(t, models.RouteBlocked, w.route(1).State)
			require.Equal(t, []models.EventKind{models.EventAccountProblem, models.EventListPaused}, w.events())
			l, err := w.List(t.Context(), w.account, w.list.ID)
			require.NoError(t, err)
			require.Equal(t, models.ListPaused, l.State)
			require.Contains(t, l.Reason, strconv.Itoa(code), "a person reads what to mend")

			res, err = w.send()
			require.NoError(t, err)
			require.Contains(t, res.Halt, "is paused")
			w.faults(sandbox.Faults{})
			w.mended()
			res, err = w.send()
			require.NoError(t, err)
			require.Equal(t, models.Progress{Planned: 40, Sent: 40}, res.Progress)
		})
	}
	t.Run("the cap of the day waits for tomorrow", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 40, sandbox.Faults{Codes: []sandbox.CodeShare{{Code: 30023, Percent: 100}}})
		for range 2 {
			res, err := w.send()
			require.NoError(t, err)
			require.Empty(t, res.Halt)
			require.Equal(t, models.Progress{Planned: 40, Queued: 40}, res.Progress)
		}
		zone, err := time.LoadLocation("America/New_York")
		require.NoError(t, err)
		at := w.notBefore().In(zone)
		require.WithinDuration(t, time.Date(at.Year(), at.Month(), at.Day(), 0, 0, 0, 0, zone), at, 2*time.Second, "midnight where the account is")
		require.Equal(t, models.RouteUp, w.route(1).State)
	})
	t.Run("a deleted creative", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 2, sandbox.Faults{})
		require.NoError(t, w.MoveCreative(t.Context(), w.campaign.AccountID, w.campaign.Variants[0].CreativeID, models.CreativeArchived))
		res, err := w.send()
		require.NoError(t, err)
		require.Contains(t, res.Halt, "was deleted")
		require.Zero(t, w.box.Count())
	})
}

func TestABusyProviderIsGivenTime(t *testing.T) {
	t.Parallel()
	t.Run("a short wait is sat out", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 20, sandbox.Faults{Throttled: sandbox.Spell{Percent: 100, RetryAfter: 1}})
		time.AfterFunc(500*time.Millisecond, func() { w.faults(sandbox.Faults{}) })
		began := time.Now()
		res, err := w.send()
		require.NoError(t, err)
		require.GreaterOrEqual(t, time.Since(began), time.Second)
		require.Equal(t, models.Progress{Planned: 20, Sent: 20}, res.Progress)
		require.LessOrEqual(t, w.tally.of["retry_soon"], 8, "all wait, not only the text that was refused")
	})
	t.Run("a long one is not waited for", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 20, sandbox.Faults{Throttled: sandbox.Spell{Percent: 100, RetryAfter: 60}})
		began := time.Now()
		for range 2 { // the second one finds out when
			res, err := w.send()
			require.NoError(t, err)
			require.Equal(t, models.Progress{Planned: 20, Queued: 20}, res.Progress)
		}
		require.Less(t, time.Since(began), 5*time.Second)
		require.WithinDuration(t, began.Add(time.Minute), w.notBefore(), 5*time.Second)
		require.Equal(t, models.RouteUp, w.route(1).State, "busy is not down")
	})
}

func TestAProviderThatIsAway(t *testing.T) {
	t.Parallel()
	t.Run("nobody listens: everything is put back for later", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 64, sandbox.Faults{})
		w.delivery.Air = activities.NewAir(64)
		w.server.Close()
		_, err := w.send()
		require.NoError(t, err)
		require.Equal(t, models.Progress{Planned: 64, Queued: 64}, w.progress())
		require.Equal(t, models.RouteDown, w.route(1).State)
		require.Equal(t, []models.EventKind{models.EventRouteDown}, w.events())
		_, err = w.send()
		require.NoError(t, err)
		require.WithinDuration(t, time.Now().Add(3*time.Second), w.notBefore(), 4*time.Second, "nobody knocks meanwhile")
	})
	t.Run("only 500s: the flight ends before everything is unknown", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 200, sandbox.Faults{FailBefore: always()})
		_, err := w.send()
		require.NoError(t, err)
		p := w.progress()
		require.Less(t, p.Unknown, int64(25+8))
		require.Equal(t, p.Planned, p.Unknown+p.Queued)
		require.Equal(t, models.RouteDown, w.route(1).State)
	})
}
