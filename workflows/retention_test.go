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

// cellar is a world of old texts: five an account, one account an activity.
type cellar struct {
	accounts []models.AccountID
	gone     map[models.AccountID]int64
	failures int
}

func (c *cellar) redact(_ context.Context, in activities.RedactInput) (activities.RedactResult, error) {
	if c.failures > 0 {
		c.failures--
		return activities.RedactResult{}, errors.New("the database failed")
	}
	for _, id := range c.accounts {
		if id > in.After {
			c.gone[id] += 5
			return activities.RedactResult{Redacted: models.Redacted{Messages: 4, Inbound: 1}, After: id}, nil
		}
	}
	return activities.RedactResult{After: in.After, Done: true}, nil
}

func (c *cellar) run(t *testing.T, in workflows.RetentionInput) *testsuite.TestWorkflowEnvironment {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestWorkflowEnvironment()
	env.RegisterWorkflow(workflows.Retention)
	env.RegisterActivity(&activities.Retention{})
	var r *activities.Retention
	env.OnActivity(r.Redact, mock.Anything, mock.Anything).Return(c.redact)
	env.ExecuteWorkflow(workflows.Retention, in)
	require.True(t, env.IsWorkflowCompleted())
	return env
}

func newCellar(n int) *cellar {
	c := &cellar{gone: map[models.AccountID]int64{}}
	for i := range n {
		c.accounts = append(c.accounts, models.AccountID(rune('ā'+i)))
	}
	return c
}

func TestRetentionGoesOnUntilNothingOldIsLeft(t *testing.T) {
	t.Parallel()
	c := newCellar(3)
	c.failures = 2
	env := c.run(t, workflows.RetentionInput{})
	require.NoError(t, env.GetWorkflowError())
	var gone models.Redacted
	require.NoError(t, env.GetWorkflowResult(&gone))
	require.Equal(t, models.Redacted{Messages: 12, Inbound: 3}, gone)
	for _, id := range c.accounts {
		require.EqualValues(t, 5, c.gone[id], "each account once")
	}
}

func TestRetentionOfYearsContinuesAsNewWhereItWas(t *testing.T) {
	t.Parallel()
	c := newCellar(250)
	env := c.run(t, workflows.RetentionInput{})
	require.True(t, workflow.IsContinueAsNewError(env.GetWorkflowError()))
	require.Len(t, c.gone, 200)
	again := c.run(t, workflows.RetentionInput{After: c.accounts[199], Gone: models.Redacted{Messages: 800, Inbound: 200}})
	require.NoError(t, again.GetWorkflowError())
	var gone models.Redacted
	require.NoError(t, again.GetWorkflowResult(&gone))
	require.Equal(t, models.Redacted{Messages: 1000, Inbound: 250}, gone)
}
