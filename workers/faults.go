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
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.Unwrap() != nil {
		// Only here: what goes to the engine has no cause in it.
		activity.GetLogger(ctx).Warn("activity failed", "kind", f.Kind, "error", err)
	}
	return res, forTemporal(err)
}

// forTemporal keeps the kind as the type, and says whether and when to try again. The
// cause is not sent: history is permanent, and a driver's words may quote a row.
func forTemporal(err error) error {
	var f *fault.Fault
	if !errors.As(err, &f) {
		return err // context errors and SDK errors already mean something to Temporal
	}
	return temporal.NewApplicationErrorWithOptions(f.Message, string(f.Kind), temporal.ApplicationErrorOptions{
		NonRetryable:   f.Kind.Final(),
		NextRetryDelay: f.RetryAfter,
	})
}
