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
	"trackly/models"
	"trackly/workflows"
)

// runRevise runs over a backlog of so many steps, of which the first fails once.
func runRevise(t *testing.T, steps int, in workflows.ReviseInput) *testsuite.TestWorkflowEnvironment {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestWorkflowEnvironment()
	env.RegisterWorkflow(workflows.Revise)
	env.RegisterActivity(&activities.Clicks{})
	failed := false
	var c *activities.Clicks
	env.OnActivity(c.ReviseClicks, mock.Anything, mock.Anything).Return(
		func(context.Context, activities.ReviseClicksInput) (activities.ReviseClicksResult, error) {
			if !failed {
				failed = true
				return activities.ReviseClicksResult{}, errors.New("the database failed")
			}
			steps--
			return activities.ReviseClicksResult{Revised: models.Revised{Judged: 10, Changed: 1, More: steps > 0}}, nil
		})
	env.ExecuteWorkflow(workflows.Revise, in)
	require.True(t, env.IsWorkflowCompleted())
	return env
}

func TestReviseGoesOnToThePresent(t *testing.T) {
	t.Parallel()
	env := runRevise(t, 3, workflows.ReviseInput{Done: models.Revised{Judged: 5, Changed: 5}})
	require.NoError(t, env.GetWorkflowError())
	var done models.Revised
	require.NoError(t, env.GetWorkflowResult(&done))
	require.Equal(t, models.Revised{Judged: 35, Changed: 8}, done)
}

func TestReviseAfterAnOutageContinuesAsNew(t *testing.T) {
	t.Parallel()
	require.True(t, workflow.IsContinueAsNewError(runRevise(t, 101, workflows.ReviseInput{}).GetWorkflowError()))
	require.NoError(t, runRevise(t, 100, workflows.ReviseInput{}).GetWorkflowError())
}
