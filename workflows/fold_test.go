package workflows_test

import (
	"context"
	"errors"
	"log/slog"
	"testing"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"trackly/activities"
	"trackly/workflows"
)

// runFold folds in a world where so many activities have something to do, and the first
// fails.
func runFold(t *testing.T, left int, in workflows.FoldInput) (env *testsuite.TestWorkflowEnvironment, ran int) {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env = suite.NewTestWorkflowEnvironment()
	env.RegisterWorkflow(workflows.Fold)
	env.RegisterActivity(&activities.Tallies{})
	var a *activities.Tallies
	failed := false
	env.OnActivity(a.Fold, mock.Anything, mock.Anything).Return(func(context.Context, activities.FoldInput) (activities.FoldResult, error) {
		if !failed {
			failed = true
			return activities.FoldResult{}, errors.New("the database failed")
		}
		ran++
		return activities.FoldResult{Batches: 2, Moves: 3, More: ran < left}, nil
	})
	env.ExecuteWorkflow(workflows.Fold, in)
	require.True(t, env.IsWorkflowCompleted())
	return env, ran
}

func TestAFoldIsOneActivityAsARule(t *testing.T) {
	t.Parallel()
	env, ran := runFold(t, 1, workflows.FoldInput{})
	require.NoError(t, env.GetWorkflowError())
	require.Equal(t, 1, ran)
}

func TestALongFoldContinuesAsNew(t *testing.T) {
	t.Parallel()
	env, ran := runFold(t, 60, workflows.FoldInput{})
	require.True(t, workflow.IsContinueAsNewError(env.GetWorkflowError()))
	require.Equal(t, 50, ran)
	env, _ = runFold(t, 10, workflows.FoldInput{Batches: 100, Moves: 150})
	var done workflows.FoldInput
	require.NoError(t, env.GetWorkflowResult(&done))
	require.Equal(t, workflows.FoldInput{Batches: 120, Moves: 180}, done)
}
