package workers

import (
	"context"
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/worker"

	"trackly/internal/fault"
)

// through gives what a workflow sees of an activity's error, with the interceptor every
// worker of ours has.
func through(t *testing.T, err error) *temporal.ApplicationError {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestActivityEnvironment()
	env.SetWorkerOptions(worker.Options{Interceptors: []interceptor.WorkerInterceptor{&faults{}}})
	fail := func(context.Context) error { return err }
	env.RegisterActivity(fail)
	_, got := env.ExecuteActivity(fail)
	var app *temporal.ApplicationError
	require.ErrorAs(t, got, &app)
	return app
}

func TestAFaultKeepsItsMeaning(t *testing.T) {
	t.Parallel()
	for kind, final := range map[fault.Kind]bool{
		fault.Invalid: true, fault.NotFound: true, fault.Conflict: true, fault.Forbidden: true,
		fault.Throttled: false, fault.Broken: false, fault.Internal: false,
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			app := through(t, fault.New(kind, "no %s", "luck"))
			require.Equal(t, string(kind), app.Type())
			require.Equal(t, final, app.NonRetryable())
			require.Equal(t, "no luck", app.Message())
		})
	}
	t.Run("with the time to stay away", func(t *testing.T) {
		t.Parallel()
		require.Equal(t, time.Minute, through(t, fault.After(time.Minute, "busy")).NextRetryDelay())
	})
	t.Run("joined with another error", func(t *testing.T) {
		t.Parallel()
		app := through(t, errors.Join(fault.New(fault.Broken, "first"), errors.New("second")))
		require.Equal(t, "broken", app.Type())
	})
}

// History is permanent and public to operators; a driver's words may quote a row.
func TestTheCauseStaysAtHome(t *testing.T) {
	t.Parallel()
	app := through(t, fault.Wrap(errors.New("Key (phone)=(+12125550123) exists"), fault.Conflict, "this contact already exists"))
	require.Equal(t, "this contact already exists", app.Message())
	require.NotContains(t, app.Error(), "5550123")
	require.NoError(t, app.Unwrap())
}

func TestAnErrorNobodyClassifiedStaysAtHomeToo(t *testing.T) {
	t.Parallel()
	app := through(t, errors.New("Key (phone)=(+12125550123) exists"))
	require.Equal(t, "internal", app.Type())
	require.False(t, app.NonRetryable())
	require.NotContains(t, app.Error(), "5550123")
}

func TestAnErrorOfTheContextIsLeftAlone(t *testing.T) {
	t.Parallel()
	require.Equal(t, context.Canceled, forTemporal(context.Canceled))
	require.NoError(t, forTemporal(nil))
}
