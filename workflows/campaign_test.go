package workflows_test

import (
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"trackly/models"
	"trackly/workflows"
)

const (
	sending   = models.CampaignSending
	paused    = models.CampaignPaused
	sent      = models.CampaignSent
	cancelled = models.CampaignCancelled
)

func TestACampaignSendsAll(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 500, 500, 500, 500, 500, 12)
	s, took := w.run(input())
	require.Equal(t, []models.CampaignState{sending, sent}, w.states)
	require.Equal(t, workflows.CampaignStatus{
		State: sent, Progress: models.Progress{Planned: 2512, Sent: 2512},
	}, s, "the result is where the campaign stood at its end, not before")
	require.Less(t, took, 3*batchTime, "eight batches are on their way at once")
}

func TestAnAudienceOfNobodyIsSentAtOnce(t *testing.T) {
	t.Parallel()
	s, _ := newWorld(t).run(input())
	require.Equal(t, workflows.CampaignStatus{State: sent}, s)
}

func TestAPauseHoldsTheRestUntilResume(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, 1, 1, 1, 1, 1, 1, 1)
	w.after(30*time.Second, workflows.Pause)
	w.env.RegisterDelayedCallback(func() {
		s := w.query()
		require.Equal(t, paused, s.State)
		require.Equal(t, "paused by its owner", s.Reason)
		require.EqualValues(t, 8, s.Progress.Queued, "batches in flight find the row paused")
	}, time.Hour)
	w.after(2*time.Hour, workflows.Resume)
	s, took := w.run(input())
	require.Equal(t, []models.CampaignState{sending, paused, sending, sent}, w.states)
	require.GreaterOrEqual(t, took, 2*time.Hour)
	require.Empty(t, s.Reason, "a campaign that goes on has no reason to stand still")
	require.Equal(t, []int64{1, 1, 1, 1, 1, 1, 1, 1}, w.texts)
}

func TestACancelSkipsTheRest(t *testing.T) {
	t.Parallel()
	t.Run("while sending", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, slices.Repeat([]int64{10}, 10)...)
		w.after(90*time.Second, workflows.Cancel)
		s, _ := w.run(input())
		require.Equal(t, cancelled, s.State)
		require.Equal(t, models.Progress{Planned: 100, Sent: 80, Skipped: 20}, s.Progress)
	})
	t.Run("while paused", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 10, 10)
		w.after(30*time.Second, workflows.Pause)
		w.after(time.Hour, workflows.Cancel)
		s, _ := w.run(input())
		require.Equal(t, []models.CampaignState{sending, paused, cancelled}, w.states)
		require.EqualValues(t, 20, s.Progress.Skipped)
	})
	t.Run("what is unknown is found out first, and never queued again", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, slices.Repeat([]int64{10}, 9)...)
		w.lose = func(batch int) bool { return batch == 1 }
		w.absent = true
		w.after(70*time.Second, workflows.Cancel)
		s, _ := w.run(input())
		require.Equal(t, models.Progress{Planned: 90, Sent: 70, Skipped: 20}, s.Progress)
	})
}

func TestAScheduledCampaignWaitsForItsTime(t *testing.T) {
	t.Parallel()
	at := func(w *world) workflows.CampaignInput {
		in, when := input(), w.env.Now().Add(6*time.Hour)
		in.SendAt = &when
		return in
	}
	t.Run("and then goes out", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 5)
		w.env.RegisterDelayedCallback(func() { require.Empty(t, w.states) }, 5*time.Hour+59*time.Minute)
		s, took := w.run(at(w))
		require.Equal(t, sent, s.State)
		require.GreaterOrEqual(t, took, 6*time.Hour)
	})
	t.Run("and can be cancelled before", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 5)
		w.after(time.Hour, workflows.Cancel)
		s, took := w.run(at(w))
		require.Equal(t, workflows.CampaignStatus{State: cancelled, Reason: "cancelled by its owner"}, s)
		require.Less(t, took, 2*time.Hour)
		require.Empty(t, w.queued, "nobody was planned")
	})
	t.Run("and a time that has passed is now", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 5)
		in := at(w)
		past := w.env.Now().Add(-time.Hour)
		in.SendAt = &past
		_, took := w.run(in)
		require.Less(t, took, 5*time.Minute)
	})
}

func TestUnknownMessagesAreSettledBeforeTheEnd(t *testing.T) {
	t.Parallel()
	t.Run("found at the provider", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 10, 10)
		w.lose = func(int) bool { return true }
		rounds := 0
		w.settle = func() (bool, error) {
			rounds++
			return rounds >= 40, nil // before, they are not old enough to be asked after
		}
		s, took := w.run(input())
		require.Equal(t, models.Progress{Planned: 20, Sent: 20}, s.Progress)
		require.GreaterOrEqual(t, took, 2*time.Minute, "it waits between its questions")
	})
	t.Run("absent, so they go out after all", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 10)
		tries := 0
		w.lose = func(int) bool { tries++; return tries == 1 }
		w.absent = true
		s, _ := w.run(input())
		require.Equal(t, models.Progress{Planned: 10, Sent: 10}, s.Progress)
		require.Equal(t, []int64{10}, w.texts, "each contact once")
	})
}

func TestAProviderThatRefusesPausesTheCampaign(t *testing.T) {
	t.Parallel()
	t.Run("with its reason", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 10, 10, 10, 10, 10, 10)
		broke := true
		w.refuse = func(int) (string, error) {
			if broke {
				return "the provider refuses (20003): no such account", nil
			}
			return "", nil
		}
		w.env.RegisterDelayedCallback(func() {
			require.Equal(t, "the provider refuses (20003): no such account", w.query().Reason)
			w.mu.Lock()
			defer w.mu.Unlock()
			require.Equal(t, paused, w.row.State)
			broke = false
		}, time.Hour)
		w.after(2*time.Hour, workflows.Resume)
		s, _ := w.run(input())
		require.Equal(t, models.Progress{Planned: 60, Sent: 60}, s.Progress)
		require.Equal(t, []models.CampaignState{sending, paused, sending, sent}, w.states)
	})
	t.Run("in our own words, not the engine's", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 10)
		w.refuse = func(int) (string, error) {
			return "", temporal.NewNonRetryableApplicationError("no provider is called \"x\"", "invalid", nil)
		}
		w.after(time.Hour, workflows.Cancel)
		w.env.RegisterDelayedCallback(func() {
			require.Equal(t, `a batch cannot be handed over: no provider is called "x"`, w.query().Reason)
		}, 30*time.Minute)
		_, _ = w.run(input())
		require.Equal(t, []models.CampaignState{sending, paused, cancelled}, w.states)
	})
	t.Run("also when it only refuses to look texts up", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 10)
		w.lose = func(int) bool { return true }
		refusal := temporal.NewNonRetryableApplicationError("not allowed", "forbidden", nil)
		w.settle = func() (bool, error) { return true, refusal }
		w.env.RegisterDelayedCallback(func() {
			require.Equal(t, "unknown messages cannot be looked up: not allowed", w.query().Reason)
			w.mu.Lock()
			defer w.mu.Unlock()
			refusal = nil
		}, time.Hour)
		w.after(2*time.Hour, workflows.Resume)
		s, _ := w.run(input())
		require.Equal(t, models.Progress{Planned: 10, Sent: 10}, s.Progress)
	})
	t.Run("but a cancelled one asks until it is told", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, slices.Repeat([]int64{10}, 9)...)
		w.lose = func(int) bool { return true }
		asked := 0
		w.settle = func() (bool, error) {
			if asked++; asked < 5 {
				return false, temporal.NewNonRetryableApplicationError("not allowed", "forbidden", nil)
			}
			return true, nil
		}
		w.after(70*time.Second, workflows.Cancel)
		s, _ := w.run(input())
		require.Equal(t, models.Progress{Planned: 90, Sent: 80, Skipped: 10}, s.Progress)
	})
}

func TestStopsAreCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 10, 10)
	for i := range 7 {
		w.env.RegisterDelayedCallback(func() {
			w.env.SignalWorkflow(workflows.OptedOut.Name, workflows.OptOut{Skipped: 1})
		}, time.Duration(i)*time.Second)
	}
	s, _ := w.run(input())
	require.EqualValues(t, 7, s.OptOuts)
}
