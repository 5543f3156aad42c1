package workflows_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"trackly/activities"
	"trackly/internal/fault"
	"trackly/models"
	"trackly/workflows"
)

// fair is a world of networks: each has some pages of ten, and some are in a mood.
type fair struct {
	mu      sync.Mutex
	stands  []models.ConnectionID
	pages   int
	blocked models.ConnectionID
	away    models.ConnectionID
	waits   map[models.ConnectionID]int // how often one asks for patience
	ended   map[models.ConnectionID]activities.EndPullInput
	asked   map[models.ConnectionID]int
}

func (f *fair) plan(_ context.Context, in activities.PlanPullsInput) (plans []activities.PullPlan, err error) {
	for _, id := range f.stands {
		if in.ConnectionID == id || in.ConnectionID == "" && id > in.After && len(plans) < 3 {
			plans = append(plans, activities.PullPlan{ConnectionID: id})
		}
	}
	return plans, nil
}

func (f *fair) read(_ context.Context, in activities.PullPagesInput) (activities.PullPagesResult, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	id := in.ConnectionID
	f.asked[id]++
	switch {
	case id == f.blocked:
		return activities.PullPagesResult{Done: true, Blocked: true}, nil
	case id == f.away:
		return activities.PullPagesResult{}, errors.New("no answer")
	case f.waits[id] > 0:
		f.waits[id]--
		return activities.PullPagesResult{}, temporal.NewApplicationErrorWithOptions("patience", string(fault.Throttled), temporal.ApplicationErrorOptions{NextRetryDelay: time.Minute})
	}
	at := time.Unix(int64(100-in.Page), 0).UTC()
	return activities.PullPagesResult{Pulled: models.Pulled{Rows: 10, New: 1}, Next: in.Page + 1, Done: in.Page == f.pages, PendingFrom: &at}, nil
}

func (f *fair) end(_ context.Context, in activities.EndPullInput) (struct{}, error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.ended[in.ConnectionID] = in
	return struct{}{}, nil
}

func (f *fair) run(t *testing.T, in workflows.PullInput) *testsuite.TestWorkflowEnvironment {
	t.Helper()
	f.ended, f.asked = map[models.ConnectionID]activities.EndPullInput{}, map[models.ConnectionID]int{}
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestWorkflowEnvironment()
	env.RegisterWorkflow(workflows.Pull)
	env.RegisterActivity(&activities.Pulls{})
	var p *activities.Pulls
	env.OnActivity(p.PlanPulls, mock.Anything, mock.Anything).Return(f.plan)
	env.OnActivity(p.PullPages, mock.Anything, mock.Anything).Return(f.read)
	env.OnActivity(p.EndPull, mock.Anything, mock.Anything).Return(f.end)
	env.ExecuteWorkflow(workflows.Pull, in)
	require.True(t, env.IsWorkflowCompleted())
	return env
}

func TestOneNetworksTroubleIsNotTheOthers(t *testing.T) {
	t.Parallel()
	f := &fair{stands: []models.ConnectionID{"a", "b", "c", "d", "e"}, pages: 3, blocked: "b", away: "c", waits: map[models.ConnectionID]int{"d": 2}}
	env := f.run(t, workflows.PullInput{})
	require.NoError(t, env.GetWorkflowError())
	var sum models.Pulled
	require.NoError(t, env.GetWorkflowResult(&sum))
	require.Equal(t, models.Pulled{Rows: 90, New: 9}, sum)
	require.Len(t, f.ended, 4)
	require.NotContains(t, f.ended, models.ConnectionID("b"), "whose key is refused is noted already")
	require.True(t, f.ended["a"].Complete)
	require.Equal(t, time.Unix(97, 0).UTC(), *f.ended["a"].PendingFrom, "the earliest of all pages")
	require.False(t, f.ended["c"].Complete)
	require.NotEmpty(t, f.ended["c"].Problem)
	require.Equal(t, 8, f.asked["c"], "given up: it is asked again soon")
	require.True(t, f.ended["d"].Complete)
}

func TestAPullByHandIsOfOneConnection(t *testing.T) {
	t.Parallel()
	f := &fair{stands: []models.ConnectionID{"a", "b"}, pages: 1}
	env := f.run(t, workflows.PullInput{ConnectionID: "b"})
	require.NoError(t, env.GetWorkflowError())
	require.Len(t, f.ended, 1)
	require.Contains(t, f.ended, models.ConnectionID("b"))
	env = f.run(t, workflows.PullInput{ConnectionID: "gone"})
	require.NoError(t, env.GetWorkflowError())
	require.Empty(t, f.ended)
}

func TestVeryManyConnectionsContinueAsNew(t *testing.T) {
	t.Parallel()
	f := &fair{pages: 1}
	for i := range 70 {
		f.stands = append(f.stands, models.ConnectionID(rune('ā'+i)))
	}
	env := f.run(t, workflows.PullInput{})
	require.True(t, workflow.IsContinueAsNewError(env.GetWorkflowError()))
	require.Len(t, f.ended, 60)
	env = f.run(t, workflows.PullInput{After: f.stands[59], Pulled: models.Pulled{Rows: 600, New: 60}})
	require.NoError(t, env.GetWorkflowError())
	var sum models.Pulled
	require.NoError(t, env.GetWorkflowResult(&sum))
	require.Equal(t, models.Pulled{Rows: 700, New: 70}, sum)
}
