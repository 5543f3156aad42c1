package workflows_test

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/workflow"
	"pgregory.net/rapid"

	"trackly/activities"
	"trackly/models"
	"trackly/workflows"
)

// when gives the campaign a command while an activity is on its way.
func (w *world) when(name string, state models.CampaignState, delay time.Duration, cmds ...workflows.Command) {
	seen := false
	w.env.SetOnActivityStartedListener(func(info *activity.Info, _ context.Context, args converter.EncodedValues) {
		var in activities.MoveInput
		_ = args.Get(&in) // other activities' inputs have no state
		if seen || info.ActivityType.Name != name || in.State != state {
			return
		}
		seen = true
		for i, cmd := range cmds {
			w.after(delay+time.Duration(i)*time.Millisecond, cmd)
		}
	})
}

func TestCommandsInTheLastMoment(t *testing.T) {
	t.Parallel()
	t.Run("a pause that overtakes the end changes nothing", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 10)
		w.when("Move", sent, 500*time.Millisecond, workflows.Pause)
		s, _ := w.run(input())
		require.Equal(t, []models.CampaignState{sending, sent}, w.states)
		require.Equal(t, sent, s.State)
	})
	t.Run("a pause just before the end is kept", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 10)
		w.after(5*time.Second+batchTime+15*time.Millisecond, workflows.Pause) // while the last Open runs
		w.after(time.Hour, workflows.Resume)
		_, took := w.run(input())
		require.Equal(t, []models.CampaignState{sending, paused, sending, sent}, w.states)
		require.GreaterOrEqual(t, took, time.Hour)
	})
	t.Run("a cancel during the freeze is not undone by it", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 10)
		w.when("Freeze", "", time.Second, workflows.Cancel)
		s, _ := w.run(input())
		require.Equal(t, cancelled, s.State)
		require.Zero(t, total(w.texts))
		require.True(t, s.Progress.Done())
	})
	t.Run("a pause during the freeze is obeyed after it", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 10)
		w.when("Freeze", "", time.Second, workflows.Pause)
		w.after(time.Hour, workflows.Resume)
		_, _ = w.run(input())
		require.Equal(t, []models.CampaignState{sending, paused, sending, sent}, w.states)
	})
	t.Run("a halt and a cancel at once end in the cancel", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 10, 10)
		w.refuse = func(int) (string, error) { return "no money", nil }
		w.when("Move", paused, 10*time.Millisecond, workflows.Cancel)
		s, _ := w.run(input())
		require.Equal(t, cancelled, s.State)
		require.EqualValues(t, 20, s.Progress.Skipped)
	})
	t.Run("a campaign the database knows as cancelled waits to be told so", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 10)
		w.row.State = cancelled
		w.after(time.Minute, workflows.Cancel)
		s, _ := w.run(input())
		require.Equal(t, cancelled, s.State)
	})
}

// Whatever an owner does and whenever: the row and the workflow agree, nobody gets two
// texts, nobody is forgotten, and the numbers add up at every moment.
func TestAnyOrderOfCommandsEndsWell(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		sizes := rapid.SliceOfN(rapid.Int64Range(1, 3), 0, 12).Draw(r, "sizes")
		w := newWorld(t, sizes...)
		lost := rapid.SliceOfN(rapid.Bool(), 12, 12).Draw(r, "lost")
		w.lose = func(batch int) bool { l := lost[batch]; lost[batch] = false; return l }
		w.absent = rapid.Bool().Draw(r, "absent")
		moments := rapid.SliceOfN(rapid.IntRange(1, 400_000), 0, 8).Draw(r, "moments")
		for i, ms := range moments {
			cmd := rapid.SampledFrom([]workflows.Command{workflows.Pause, workflows.Pause, workflows.Resume, workflows.Cancel}).Draw(r, "command")
			w.after(time.Duration(ms)*time.Millisecond+time.Duration(i), cmd)
			w.env.RegisterDelayedCallback(func() { require.True(t, w.query().Progress.AddsUp()) },
				time.Duration(ms)*time.Millisecond+time.Microsecond)
		}
		w.after(time.Hour, workflows.Resume)
		s, _ := w.run(input())
		require.Equal(r, w.row.State, s.State)
		require.True(r, s.State.Final())
		require.Equal(r, w.p, s.Progress)
		require.True(r, s.Progress.Done() && s.Progress.AddsUp(), "%+v", s.Progress)
		for i, n := range w.texts {
			require.LessOrEqual(r, n, w.sizes[i], "a batch went out twice")
		}
		if s.State == sent {
			require.Equal(r, s.Progress.Planned, s.Progress.Sent)
		}
	})
}

func TestALongCampaignGoesOnInANewRun(t *testing.T) {
	t.Parallel()
	sizes := make([]int64, 450)
	for i := range sizes {
		sizes[i] = 1
	}
	t.Run("with what it has counted", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, sizes...)
		w.env.RegisterDelayedCallback(func() {
			w.env.SignalWorkflow(workflows.OptedOut.Name, workflows.OptOut{Skipped: 1})
		}, time.Minute)
		w.env.ExecuteWorkflow(workflows.Campaign, input())
		next := w.nextRun()
		require.Equal(t, sending, next.State)
		require.EqualValues(t, 1, next.OptOuts)
		require.EqualValues(t, 450, next.Progress.Planned)
		require.EqualValues(t, 400, total(w.texts))

		rest := newWorld(t)
		rest.row.State, rest.queued, rest.texts, rest.p = sending, w.queued, w.texts, w.p
		s, _ := rest.run(next)
		require.Equal(t, models.Progress{Planned: 450, Sent: 450}, s.Progress)
		require.EqualValues(t, 1, s.OptOuts)
		require.EqualValues(t, 450, total(rest.texts))
	})
	t.Run("paused, when it was paused", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 1, 1)
		w.after(10*time.Second, workflows.Pause)
		w.env.RegisterDelayedCallback(func() {
			w.env.SetContinueAsNewSuggested(true)
			w.env.SignalWorkflow(workflows.OptedOut.Name, workflows.OptOut{})
		}, time.Hour)
		w.env.ExecuteWorkflow(workflows.Campaign, input())
		next := w.nextRun()
		require.Equal(t, paused, next.State)
		require.Equal(t, "paused by its owner", next.Reason)
	})
}

// nextRun is what the run that has ended asks the next one to go on with.
func (w *world) nextRun() (in workflows.CampaignInput) {
	w.t.Helper()
	var again *workflow.ContinueAsNewError
	require.ErrorAs(w.t, w.env.GetWorkflowError(), &again)
	require.NoError(w.t, converter.GetDefaultDataConverter().FromPayloads(again.Input, &in))
	return in
}
