package workers

import (
	"context"
	"errors"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/temporal"

	"trackly/internal/fault"
)

// faults translates our errors for Temporal, in one place: no activity ever builds a
// Temporal error. Go error values do not survive the trip to the server; the type
// string does.
type faults struct {
	interceptor.WorkerInterceptorBase
}

// InterceptActivity implements interceptor.WorkerInterceptor.
func (*faults) InterceptActivity(_ context.Context, next interceptor.ActivityInboundInterceptor) interceptor.ActivityInboundInterceptor {
	i := &activityFaults{}
	i.Next = next
	return i
}

type activityFaults struct {
	interceptor.ActivityInboundInterceptorBase
}

// ExecuteActivity implements interceptor.ActivityInboundInterceptor.
func (i *activityFaults) ExecuteActivity(ctx context.Context, in *interceptor.ExecuteActivityInput) (any, error) {
	res, err := i.Next.ExecuteActivity(ctx, in)
	told := forTemporal(err)
	if err != nil && told.Error() != err.Error() {
		// Only here: what goes to the engine has no cause in it.
		activity.GetLogger(ctx).Warn("activity failed", "told", told, "error", err)
	}
	return res, told
}

// forTemporal keeps the kind as the type, and says whether and when to try again. The
// cause is not sent: history is permanent, and a driver's words may quote a row.
func forTemporal(err error) error {
	var f *fault.Fault
	var sdk *temporal.ApplicationError
	switch {
	case errors.As(err, &f):
	case err == nil, errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded), errors.As(err, &sdk),
		errors.Is(err, activity.ErrResultPending), temporal.IsCanceledError(err):
		return err // these already mean something to Temporal
	default:
		f = fault.New(fault.Internal, "an error nobody classified; the worker's log has it")
	}
	return temporal.NewApplicationErrorWithOptions(f.Message, string(f.Kind), temporal.ApplicationErrorOptions{
		NonRetryable:   f.Kind.Final(),
		NextRetryDelay: f.RetryAfter,
	})
}
