package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/models"
	"trackly/workflows"
)

// opens is a world whose first batch may go at once and whose second one only after d.
func opens(t *testing.T, d time.Duration) *world {
	t.Helper()
	w := newWorld(t, 10, 5)
	w.opening = map[int]time.Time{1: w.env.Now().Add(d)}
	return w
}

func TestACampaignWaitsForTheNextOpening(t *testing.T) {
	t.Parallel()
	w := opens(t, 10*time.Hour)
	s, took := w.run(input())
	require.Equal(t, models.Progress{Planned: 15, Sent: 15}, s.Progress)
	require.GreaterOrEqual(t, took, 10*time.Hour)
	require.Less(t, took, 10*time.Hour+5*time.Minute)
	require.Equal(t, 2, w.sends, "nobody looks before the time has come")
}

func TestACommandIsObeyedDuringTheWait(t *testing.T) {
	t.Parallel()
	t.Run("cancel", func(t *testing.T) {
		t.Parallel()
		w := opens(t, 10*time.Hour)
		w.after(2*time.Hour, workflows.Cancel)
		s, took := w.run(input())
		require.Equal(t, models.Progress{Planned: 15, Sent: 10, Skipped: 5}, s.Progress)
		require.Less(t, took, 2*time.Hour+5*time.Minute)
	})
	t.Run("cancel that comes into effect while the campaign looks whether it must wait", func(t *testing.T) {
		t.Parallel()
		w := opens(t, 10*time.Hour)
		w.after(5*time.Second+batchTime-5*time.Millisecond, workflows.Cancel) // done 15 ms later; Open runs then
		s, took := w.run(input())
		require.Equal(t, models.Progress{Planned: 15, Sent: 10, Skipped: 5}, s.Progress)
		require.Less(t, took, 5*time.Minute)
	})
	t.Run("the same while nobody waits any more for what is unknown", func(t *testing.T) {
		t.Parallel()
		w := opens(t, 10*time.Hour)
		w.lose = func(batch int) bool { return batch == 0 }
		w.settle = func() (bool, error) { return false, nil }
		w.giveUp = func() bool { return true }
		w.after(5*time.Second+batchTime-5*time.Millisecond, workflows.Cancel)
		s, took := w.run(input())
		require.Equal(t, cancelled, s.State)
		require.EqualValues(t, 5, s.Progress.Skipped)
		require.Less(t, took, 5*time.Minute)
	})
	t.Run("pause, and resume when the hours have begun", func(t *testing.T) {
		t.Parallel()
		w := opens(t, 10*time.Hour)
		w.after(2*time.Hour, workflows.Pause)
		w.after(2*time.Hour+time.Second, workflows.Pause)
		w.env.RegisterDelayedCallback(func() { require.Equal(t, paused, w.query().State) }, 2*time.Hour+time.Second)
		w.after(20*time.Hour, workflows.Resume)
		s, took := w.run(input())
		require.Equal(t, models.Progress{Planned: 15, Sent: 15}, s.Progress)
		require.GreaterOrEqual(t, took, 20*time.Hour)
		require.Equal(t, []models.CampaignState{sending, paused, sending, sent}, w.states)
	})
	t.Run("pause and resume within the wait", func(t *testing.T) {
		t.Parallel()
		w := opens(t, 10*time.Hour)
		w.after(2*time.Hour, workflows.Pause)
		w.after(3*time.Hour, workflows.Resume)
		_, took := w.run(input())
		require.GreaterOrEqual(t, took, 10*time.Hour)
	})
}

func TestWhatStaysUnknownEndsWithTheCampaign(t *testing.T) {
	t.Parallel()
	t.Run("once its callbacks had their time", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 10, 10)
		w.lose = func(batch int) bool { return batch == 0 }
		w.settle = func() (bool, error) { return false, nil }
		began := w.env.Now()
		w.giveUp = func() bool { return w.env.Now().Sub(began) > 24*time.Hour }
		s, took := w.run(input())
		require.Equal(t, workflows.CampaignStatus{State: sent, Progress: models.Progress{Planned: 20, Sent: 10, Unknown: 10}}, s)
		require.GreaterOrEqual(t, took, 24*time.Hour)
		require.Less(t, len(w.asked), 400, "the longer it taught nothing, the rarer it is asked")
	})
	t.Run("but not before the rest has gone out", func(t *testing.T) {
		t.Parallel()
		w := opens(t, 10*time.Hour)
		w.lose = func(batch int) bool { return batch == 0 }
		w.giveUp = func() bool { return true }
		s, took := w.run(input())
		require.Equal(t, models.Progress{Planned: 15, Sent: 5, Unknown: 10}, s.Progress)
		require.GreaterOrEqual(t, took, 10*time.Hour)
		require.Less(t, len(w.asked), 5, "what is given up is not asked after in a loop")
	})
	t.Run("and a cancelled one ends too", func(t *testing.T) {
		t.Parallel()
		w := opens(t, 10*time.Hour)
		w.lose = func(batch int) bool { return batch == 0 }
		w.giveUp = func() bool { return true }
		w.after(time.Hour, workflows.Cancel)
		s, _ := w.run(input())
		require.Equal(t, cancelled, s.State)
		require.Equal(t, models.Progress{Planned: 15, Skipped: 5, Unknown: 10}, s.Progress)
	})
}

// A slow list's next text must not wait for callbacks of others.
func TestUnknownMessagesDoNotSlowAPaceDown(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 10, 5)
	w.lose = func(batch int) bool { return batch == 0 }
	w.settle = func() (bool, error) { return false, nil }
	began := w.env.Now()
	w.opening = map[int]time.Time{1: began.Add(3 * time.Hour)}
	w.giveUp = func() bool { return w.env.Now().Sub(began) > 6*time.Hour }
	var at time.Time
	w.refuse = func(batch int) (string, error) {
		if batch == 1 {
			at = w.env.Now()
		}
		return "", nil
	}
	w.run(input())
	require.WithinDuration(t, began.Add(3*time.Hour), at, 2*time.Minute)
}

func TestPausesBetweenQuestionsGrow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 10)
	w.lose = func(int) bool { return true }
	w.settle = func() (bool, error) { return len(w.asked) >= 20, nil }
	w.run(input())
	require.Len(t, w.asked, 20)
	gap := func(i int) time.Duration { return w.asked[i].Sub(w.asked[i-1]) }
	require.Less(t, gap(1), 10*time.Second)
	for i := 2; i < len(w.asked); i++ {
		require.GreaterOrEqual(t, gap(i)+50*time.Millisecond, gap(i-1))
	}
	require.InDelta(t, 5*time.Minute, gap(19), float64(5*time.Second), "but not beyond five minutes")
}

func TestAPacedCampaignHasFewBatchesOnTheirWay(t *testing.T) {
	t.Parallel()
	sizes := make([]int64, 20)
	for i := range sizes {
		sizes[i] = 1
	}
	w := newWorld(t, sizes...)
	w.paced = true
	s, took := w.run(input())
	require.EqualValues(t, 20, s.Progress.Sent)
	// Eight before the first answer told, then two at a time.
	require.GreaterOrEqual(t, took, 7*batchTime)

	free := newWorld(t, sizes...)
	_, took = free.run(input())
	require.Less(t, took, 4*batchTime)
}

func TestALongPacedCampaignStaysPaced(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, 1, 1)
	w.paced = true
	w.lose = func(int) bool { return true }
	w.settle = func() (bool, error) { return false, nil }
	w.env.RegisterDelayedCallback(func() { w.env.SetContinueAsNewSuggested(true) }, time.Hour)
	w.env.ExecuteWorkflow(workflows.Campaign, input())
	next := w.nextRun()
	require.True(t, next.Paced)
	require.EqualValues(t, 3, next.Progress.Unknown)
	require.Equal(t, sending, next.State)
}
