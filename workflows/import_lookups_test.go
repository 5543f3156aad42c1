package workflows_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/temporal"

	"trackly/activities"
	"trackly/internal/fault"
	"trackly/models"
	"trackly/workflows"
)

// asking is an import of 20,000 rows with look-ups; half of them are asked about at once.
func asking(t *testing.T) *intake {
	t.Helper()
	w := newIntake(t, models.ImportRunning, 20_000)
	w.wanted = &models.ImportLookUps{ListID: "l", MobileOnly: true}
	w.lookUp = func(in activities.LookUpInput) (activities.LookUpResult, error) {
		return activities.LookUpResult{Asked: 9000, Cached: 1000, Failed: 2, NotMobile: 3, After: in.After + 10_000, Done: in.After > 0}, nil
	}
	return w
}

func TestAnImportLooksItsContactsUpAfterItMergedThem(t *testing.T) {
	t.Parallel()
	w := asking(t)
	w.env.RegisterDelayedCallback(func() {
		v, err := w.env.QueryWorkflow(workflows.ProgressQuery)
		require.NoError(t, err)
		var s workflows.ImportStatus
		require.NoError(t, v.Get(&s))
		require.EqualValues(t, 20_000, s.Position)
		require.Equal(t, &models.LookedUp{Asked: 9000, Cached: 1000, Failed: 2, NotMobile: 3}, s.LookedUp)
	}, 3*time.Minute)
	res := w.run(t)
	require.Equal(t, models.ImportDone, res.State)
	require.Len(t, w.asked, 2)
	first, second := w.asked[0], w.asked[1]
	require.False(t, first.Began.IsZero())
	require.Equal(t, activities.LookUpInput{AccountID: "a", ListID: "l", ImportID: "i", MobileOnly: true, Began: first.Began}, first)
	first.After = 10_000
	require.Equal(t, first, second, "what this run has paid for would count as known")
	require.Equal(t, &models.LookedUp{Asked: 18_000, Cached: 2000, Failed: 4, NotMobile: 6}, w.told)
	require.Equal(t, w.told, res.LookedUp)
}

func TestAnImportThatWantsNoLookUpsAsksNobody(t *testing.T) {
	t.Parallel()
	w := asking(t)
	w.wanted = nil
	require.Equal(t, models.ImportDone, w.run(t).State)
	require.Empty(t, w.asked)
	require.Nil(t, w.told)
}

func TestAStoppedImportAsksNobody(t *testing.T) {
	t.Parallel()
	w := asking(t)
	w.between = func(int64) error {
		w.state = models.ImportCancelled
		return nil
	}
	require.Equal(t, models.ImportCancelled, w.run(t).State)
	require.Empty(t, w.asked)
}

func TestAnImportIsDoneWithoutALookUpThatCannotBe(t *testing.T) {
	t.Parallel()
	t.Run("because nobody can be asked", func(t *testing.T) {
		t.Parallel()
		w := asking(t)
		w.lookUp = func(activities.LookUpInput) (activities.LookUpResult, error) {
			return activities.LookUpResult{}, temporal.NewNonRetryableApplicationError("set a route to Twilio", string(fault.Invalid), nil)
		}
		res := w.run(t)
		require.Equal(t, models.ImportDone, res.State)
		require.Empty(t, w.reason)
		require.Len(t, w.asked, 1)
		require.Equal(t, &models.LookedUp{Problem: "set a route to Twilio"}, w.told)
	})
	t.Run("because the provider does not answer for long", func(t *testing.T) {
		t.Parallel()
		w := asking(t)
		good := w.lookUp
		w.lookUp = func(in activities.LookUpInput) (activities.LookUpResult, error) {
			if in.After > 0 {
				return activities.LookUpResult{}, temporal.NewApplicationError("Twilio does not answer", string(fault.Broken))
			}
			return good(in)
		}
		require.Equal(t, models.ImportDone, w.run(t).State)
		require.Len(t, w.asked, 1+20)
		require.Equal(t, &models.LookedUp{Asked: 9000, Cached: 1000, Failed: 2, NotMobile: 3, Problem: "Twilio does not answer"}, w.told)
	})
	t.Run("because it has no end", func(t *testing.T) {
		t.Parallel()
		w := asking(t)
		w.lookUp = func(activities.LookUpInput) (activities.LookUpResult, error) { return activities.LookUpResult{}, nil }
		require.Equal(t, models.ImportDone, w.run(t).State)
		require.Len(t, w.asked, 1000)
		require.NotEmpty(t, w.told.Problem)
	})
}

func TestLookUpsWhoseRowsWereLostReadTheFileAgain(t *testing.T) {
	t.Parallel()
	w := asking(t)
	good := w.lookUp
	w.lookUp = func(in activities.LookUpInput) (activities.LookUpResult, error) {
		if len(w.asked) == 2 {
			return activities.LookUpResult{Lost: true}, nil
		}
		return good(in)
	}
	require.Equal(t, models.ImportDone, w.run(t).State)
	require.Equal(t, 2, w.staged)
	require.Len(t, w.asked, 4)
	require.Zero(t, w.asked[2].After)
	require.Equal(t, w.asked[0].Began, w.asked[2].Began, "what was paid before the crash would count as known")
	require.Empty(t, w.told.Problem)
}
