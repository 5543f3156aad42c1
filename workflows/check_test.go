package workflows_test

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"trackly/activities"
	"trackly/workflows"
)

// checked runs a check whose steps answer like this, and says how long it took.
func checked(t *testing.T, login func() (activities.CheckResult, error), look func(n int) activities.CheckResult) (res activities.CheckResult, gaveUp *activities.GiveUpInput, took time.Duration) {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestWorkflowEnvironment()
	env.RegisterActivity(&activities.Checks{})
	in := workflows.CheckInput{AccountID: "a", ListID: "l", RouteID: "r", MessageID: 7}
	want := activities.CheckInput{AccountID: "a", ListID: "l", RouteID: "r", MessageID: 7}
	var c *activities.Checks
	env.OnActivity(c.Login, mock.Anything, want).Return(func(context.Context, activities.CheckInput) (activities.CheckResult, error) { return login() })
	looks := 0
	env.OnActivity(c.Look, mock.Anything, want).Return(func(context.Context, activities.CheckInput) (activities.CheckResult, error) {
		looks++
		return look(looks), nil
	}).Maybe()
	env.OnActivity(c.GiveUp, mock.Anything, mock.Anything).Return(func(_ context.Context, in activities.GiveUpInput) (activities.CheckResult, error) {
		gaveUp = &in
		require.Equal(t, want, in.CheckInput)
		return activities.CheckResult{Done: true, Problem: "given up"}, nil
	}).Maybe()
	began := env.Now()
	env.ExecuteWorkflow(workflows.Check, in)
	require.True(t, env.IsWorkflowCompleted())
	require.NoError(t, env.GetWorkflowError())
	require.NoError(t, env.GetWorkflowResult(&res))
	return res, gaveUp, env.Now().Sub(began)
}

func fine() (activities.CheckResult, error) { return activities.CheckResult{}, nil }

func TestACheckPasses(t *testing.T) {
	t.Parallel()
	res, gaveUp, took := checked(t, fine, func(n int) activities.CheckResult { return activities.CheckResult{Done: n == 4} })
	require.Equal(t, activities.CheckResult{Done: true}, res)
	require.Nil(t, gaveUp)
	require.Less(t, took, 10*time.Second)
}

func TestACheckFailsAtItsFirstStep(t *testing.T) {
	t.Parallel()
	t.Run("the credentials are wrong", func(t *testing.T) {
		t.Parallel()
		bad := activities.CheckResult{Done: true, Problem: "the credentials do not work"}
		res, gaveUp, _ := checked(t, func() (activities.CheckResult, error) { return bad, nil }, nil)
		require.Equal(t, bad, res)
		require.Nil(t, gaveUp)
	})
	t.Run("nobody answers at that address", func(t *testing.T) {
		t.Parallel()
		away := temporal.NewApplicationError("the provider could not be reached", "broken")
		res, gaveUp, took := checked(t, func() (activities.CheckResult, error) { return activities.CheckResult{}, away }, nil)
		require.True(t, res.Done)
		require.Contains(t, gaveUp.Problem, "the provider could not be reached")
		require.Less(t, took, 2*time.Minute, "somebody waits at a screen")
		require.Greater(t, took, 10*time.Second, "a short absence is waited out")
	})
	t.Run("a short absence of the provider", func(t *testing.T) {
		t.Parallel()
		tries := 0
		res, _, _ := checked(t, func() (activities.CheckResult, error) {
			if tries++; tries < 4 {
				return activities.CheckResult{}, temporal.NewApplicationError("busy", "throttled")
			}
			return fine()
		}, func(int) activities.CheckResult { return activities.CheckResult{Done: true} })
		require.Equal(t, activities.CheckResult{Done: true}, res)
	})
}

func TestACheckFailsAtItsTestText(t *testing.T) {
	t.Parallel()
	bad := activities.CheckResult{Done: true, Problem: "the test text did not go out"}
	res, _, _ := checked(t, fine, func(n int) activities.CheckResult {
		if n < 3 {
			return activities.CheckResult{}
		}
		return bad
	})
	require.Equal(t, bad, res)
}

func TestACheckGivesUp(t *testing.T) {
	t.Parallel()
	res, gaveUp, took := checked(t, fine, func(int) activities.CheckResult { return activities.CheckResult{} })
	require.Equal(t, "given up", res.Problem)
	require.Empty(t, gaveUp.Problem, "what is missing is for the activity to say")
	require.Greater(t, took, 2*time.Minute)
	require.Less(t, took, 5*time.Minute)
}
