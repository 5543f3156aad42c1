package e2e_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/provider/sandbox"
	"trackly/models"
	"trackly/workflows"
)

// A campaign is launched, paused while a thousand texts are on their way, some people
// say STOP, it is resumed, its worker is replaced in the middle, and it ends with one
// text to everybody else.
func TestACampaignFromLaunchToSent(t *testing.T) {
	t.Parallel()
	const contacts = 1600
	w := newWorld(t, nil)
	require.NoError(t, w.box.SetFaults(sandbox.Faults{Latency: sandbox.Spell{Percent: 100, MinMS: 80, MaxMS: 120}}))
	w.contacts(contacts)
	stop := w.worker()
	id := w.campaign()
	w.ask(id, "launch", map[string]any{})
	w.texts(100)

	w.ask(id, "pause", map[string]any{})
	asked := time.Now()
	w.until(id, models.CampaignPaused)
	require.Eventually(t, func() bool { return w.progress(id).Claimed == 0 }, 5*time.Second, 10*time.Millisecond)
	for _, r := range w.box.Accepted() {
		require.Less(t, r.At.Sub(asked), time.Second, "a pause takes effect within a second")
	}
	require.Positive(t, w.progress(id).Queued)
	stopped := w.stops(7)

	before := w.box.Count()
	w.ask(id, "resume", map[string]any{})
	w.texts(before + 100)
	stop()
	require.Less(t, w.progress(id).Sent, int64(contacts-7), "the worker was replaced in the middle")
	w.worker()
	w.until(id, models.CampaignSent)

	require.Equal(t, models.Progress{Planned: contacts, Sent: contacts - 7, Skipped: 7}, w.progress(id))
	for i := range contacts {
		want := 1
		if stopped[phoneOf(i)] {
			want = 0
		}
		require.Len(t, w.box.AcceptedTo(phoneOf(i)), want)
	}
	w.delivered(id, contacts-7)
	s, err := w.api.Engine.Status(t.Context(), id)
	require.NoError(t, err)
	require.Equal(t, models.CampaignSent, s.State)
	require.EqualValues(t, 7, s.OptOuts)
}

// stops lets so many people who got no text yet say STOP, and waits until that is
// acknowledged.
func (w *world) stops(n int) map[string]bool {
	w.t.Helper()
	stopped := map[string]bool{}
	for i := 0; len(stopped) < n; i++ {
		if len(w.box.AcceptedTo(phoneOf(i))) == 0 {
			_, err := w.box.Reply(phoneOf(i), w.list.Phone, "STOP")
			require.NoError(w.t, err)
			stopped[phoneOf(i)] = true
		}
	}
	require.Eventually(w.t, func() bool { return len(w.box.Stops()) == n }, 10*time.Second, 5*time.Millisecond)
	return stopped
}

// delivered waits until the status callbacks have told so many deliveries.
func (w *world) delivered(id models.CampaignID, n int64) {
	w.t.Helper()
	require.Eventually(w.t, func() bool {
		r, err := w.api.Store.Report(w.t.Context(), w.list.AccountID, id)
		return err == nil && len(r.Variants) == 1 && r.Variants[0].Delivered == n
	}, 20*time.Second, 20*time.Millisecond)
}

func TestTheEngineSaysWhatACallerCanDo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	ctx, nobody := t.Context(), models.NewID[models.CampaignID]()
	require.Equal(t, fault.Conflict, fault.KindOf(w.api.Engine.Steer(ctx, nobody, workflows.Pause)))
	_, err := w.api.Engine.Status(ctx, nobody)
	require.Equal(t, fault.Conflict, fault.KindOf(err))
	require.NoError(t, w.api.Engine.TellOptOut(ctx, []models.CampaignID{nobody}, 1), "it has ended; there is nobody to tell")

	w.contacts(3)
	id := w.campaign()
	_, err = w.api.Store.LaunchCampaign(ctx, w.list.AccountID, id, nil, time.Now())
	require.NoError(t, err)
	for range 3 {
		require.NoError(t, w.api.Engine.StartCampaign(ctx, w.row(id)), "one that has a workflow keeps it")
	}
	w.worker()
	w.until(id, models.CampaignSent)
	require.NoError(t, w.api.Engine.StartCampaign(ctx, w.row(id)), "and so does one that has ended")
	require.Equal(t, 3, w.box.Count())
	require.NoError(t, w.api.Engine.StartKeeper(ctx))
}

// The process may die between writing the row and starting the workflow.
func TestTheKeeperFindsALaunchNobodyStarted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.contacts(3)
	id := w.campaign()
	_, err := w.api.Store.LaunchCampaign(t.Context(), w.list.AccountID, id, nil, time.Now().Add(-time.Minute))
	require.NoError(t, err)
	w.worker()
	w.until(id, models.CampaignSent)
	require.Equal(t, 3, w.box.Count())
}
