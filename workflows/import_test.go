package workflows_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"trackly/activities"
	"trackly/internal/fault"
	"trackly/models"
	"trackly/workflows"
)

// intake is an import's row and table in memory.
type intake struct {
	env *testsuite.TestWorkflowEnvironment

	mu      sync.Mutex
	state   models.ImportState
	reason  string
	rows    int64
	table   bool // the rows are there
	staged  int
	merged  map[int64]int64 // first to last
	flying  int
	most    int // pages at once
	between func(first int64) error
	wanted  *models.ImportLookUps
	lookUp  func(in activities.LookUpInput) (activities.LookUpResult, error)
	asked   []activities.LookUpInput
	told    *models.LookedUp
}

func newIntake(t *testing.T, state models.ImportState, rows int64) *intake {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	w := &intake{env: suite.NewTestWorkflowEnvironment(), state: state, rows: rows, merged: map[int64]int64{}}
	w.between = func(int64) error { return nil }
	w.env.SetTestTimeout(30 * time.Second)
	w.env.RegisterWorkflow(workflows.Import)
	var a *activities.Imports
	w.env.RegisterActivity(&activities.Imports{})
	w.env.RegisterActivity(&activities.Lookups{})
	var l *activities.Lookups
	w.env.OnActivity(l.LookUp, mock.Anything, mock.Anything).After(2 * time.Minute).Return(w.ask).Maybe()
	w.env.OnActivity(a.StageFile, mock.Anything, mock.Anything).After(10 * time.Second).Return(w.stage).Maybe()
	w.env.OnActivity(a.MergePage, mock.Anything, mock.Anything).Return(w.merge).Maybe()
	w.env.OnActivity(a.EndImport, mock.Anything, mock.Anything).After(time.Second).Return(w.end).Maybe()
	return w
}

func (w *intake) working() bool {
	return w.state == models.ImportRunning || w.state == models.ImportChecking
}

func (w *intake) stage(context.Context, activities.ImportRef) (models.ImportStep, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if !w.working() {
		return models.ImportStep{Stopped: true}, nil
	}
	w.table = true
	w.staged++
	return models.ImportStep{Rows: w.rows, LookUps: w.wanted}, nil
}

func (w *intake) merge(_ context.Context, in activities.MergeInput) (models.ImportStep, error) {
	w.mu.Lock()
	w.flying++
	w.most = max(w.most, w.flying)
	w.mu.Unlock()
	time.Sleep(5 * time.Millisecond)
	w.mu.Lock()
	defer w.mu.Unlock()
	w.flying--
	if err := w.between(in.First); err != nil {
		return models.ImportStep{}, err
	}
	if !w.working() {
		return models.ImportStep{Stopped: true}, nil
	}
	page := models.ImportPage{First: in.First, Last: in.Last, Added: in.Last - in.First + 1}
	if _, done := w.merged[in.First]; !done && !w.table {
		return models.ImportStep{Lost: true}, nil
	}
	w.merged[in.First] = in.Last
	return models.ImportStep{Rows: w.rows, Page: page}, nil
}

func (w *intake) ask(_ context.Context, in activities.LookUpInput) (activities.LookUpResult, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, in)
	return w.lookUp(in)
}

func (w *intake) end(_ context.Context, in activities.EndInput) (activities.EndResult, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.told = in.LookedUp
	switch {
	case in.Problem != "" && w.working():
		w.state, w.reason = models.ImportFailed, in.Problem
	case w.state == models.ImportRunning:
		w.state = models.ImportDone
	case w.state == models.ImportChecking:
		w.state = models.ImportChecked
	}
	return activities.EndResult{State: w.state}, nil
}

func (w *intake) run(t *testing.T) workflows.ImportStatus {
	t.Helper()
	w.env.ExecuteWorkflow(workflows.Import, workflows.ImportInput{AccountID: "a", ImportID: "i", DryRun: w.state == models.ImportChecking})
	require.True(t, w.env.IsWorkflowCompleted())
	require.NoError(t, w.env.GetWorkflowError())
	var res workflows.ImportStatus
	require.NoError(t, w.env.GetWorkflowResult(&res))
	return res
}

// covered adds up the rows of the merged pages; pages never overlap.
func (w *intake) covered() (rows int64) {
	for first, last := range w.merged {
		rows += last - first + 1
	}
	return rows
}

func TestAnImportMergesEveryRowTwoPagesAtOnce(t *testing.T) {
	t.Parallel()
	w := newIntake(t, models.ImportRunning, 54_321)
	w.env.RegisterDelayedCallback(func() {
		v, err := w.env.QueryWorkflow(workflows.ProgressQuery)
		require.NoError(t, err)
		var s workflows.ImportStatus
		require.NoError(t, v.Get(&s))
		require.Equal(t, models.ImportRunning, s.State)
	}, 2*time.Second)
	res := w.run(t)
	require.Equal(t, models.ImportDone, res.State)
	require.EqualValues(t, 54_321, res.Position)
	require.EqualValues(t, 54_321, res.Added)
	require.EqualValues(t, 54_321, w.covered())
	require.Equal(t, 2, w.most)
	require.Zero(t, res.SecondsLeft)
}

func TestADryRunEndsChecked(t *testing.T) {
	t.Parallel()
	w := newIntake(t, models.ImportChecking, 10)
	require.Equal(t, models.ImportChecked, w.run(t).State)
}

func TestRowsThatWereLostAreReadAgainAndMergedOnce(t *testing.T) {
	t.Parallel()
	w := newIntake(t, models.ImportRunning, 60_000)
	once := false
	w.between = func(first int64) error {
		if first == 30_001 && !once {
			once, w.table = true, false
		}
		return nil
	}
	res := w.run(t)
	require.Equal(t, models.ImportDone, res.State)
	require.Equal(t, 2, w.staged)
	require.EqualValues(t, 60_000, w.covered())
	require.EqualValues(t, 60_000, res.Added, "a page counted twice")
}

func TestACancelledImportStopsAndClearsUp(t *testing.T) {
	t.Parallel()
	w := newIntake(t, models.ImportRunning, 100_000)
	w.between = func(first int64) error {
		if first == 30_001 {
			w.state = models.ImportCancelled
		}
		return nil
	}
	res := w.run(t)
	require.Equal(t, models.ImportCancelled, res.State)
	require.LessOrEqual(t, w.covered(), int64(40_000), "went on after it was cancelled")
}

func TestAFileThatIsNoGoodMergesNothing(t *testing.T) {
	t.Parallel()
	w := newIntake(t, models.ImportFailed, 100)
	require.Equal(t, models.ImportFailed, w.run(t).State)
	require.Empty(t, w.merged)
}

func TestAPageThatCannotBeMergedEndsTheImport(t *testing.T) {
	t.Parallel()
	w := newIntake(t, models.ImportRunning, 100_000)
	w.between = func(first int64) error {
		if first == 20_001 {
			return temporal.NewNonRetryableApplicationError("the database refused the page", string(fault.Internal), nil)
		}
		return nil
	}
	require.Equal(t, models.ImportFailed, w.run(t).State)
	require.Equal(t, "the import cannot go on: the database refused the page", w.reason)
}

func TestAHugeFileHasABoundedHistory(t *testing.T) {
	t.Parallel()
	w := newIntake(t, models.ImportRunning, 30_000_000)
	w.env.SetTestTimeout(2 * time.Minute)
	require.Equal(t, models.ImportDone, w.run(t).State)
	require.LessOrEqual(t, len(w.merged), 2_000)
	require.EqualValues(t, 30_000_000, w.covered())
}
