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

// suburb is a world of link domains: so many pages of 16, each with a dead one.
type suburb struct{ pages, failures, looked int }

func (s *suburb) check(_ context.Context, in activities.CheckDomainsInput) (activities.CheckDomainsResult, error) {
	if s.failures > 0 {
		s.failures--
		return activities.CheckDomainsResult{}, errors.New("the database failed")
	}
	s.looked++
	return activities.CheckDomainsResult{Checked: 16, Down: 1, After: in.After + "x", Done: len(in.After)+1 == s.pages}, nil
}

func (s *suburb) run(t *testing.T, in workflows.DomainsInput) *testsuite.TestWorkflowEnvironment {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestWorkflowEnvironment()
	env.RegisterWorkflow(workflows.Domains)
	env.RegisterActivity(&activities.Domains{})
	var d *activities.Domains
	env.OnActivity(d.CheckDomains, mock.Anything, mock.Anything).Return(s.check)
	env.ExecuteWorkflow(workflows.Domains, in)
	require.True(t, env.IsWorkflowCompleted())
	return env
}

func TestDomainsAreAskedUntilAllWere(t *testing.T) {
	t.Parallel()
	s := &suburb{pages: 3, failures: 2}
	env := s.run(t, workflows.DomainsInput{})
	require.NoError(t, env.GetWorkflowError())
	var found workflows.DomainsFound
	require.NoError(t, env.GetWorkflowResult(&found))
	require.Equal(t, workflows.DomainsFound{Checked: 48, Down: 3}, found)
}

func TestVeryManyDomainsContinueAsNew(t *testing.T) {
	t.Parallel()
	s := &suburb{pages: 150}
	env := s.run(t, workflows.DomainsInput{})
	require.True(t, workflow.IsContinueAsNewError(env.GetWorkflowError()))
	require.Equal(t, 100, s.looked)
}
