package engine

import (
	"context"
	"errors"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/api/serviceerror"

	"trackly/internal/fault"
)

func TestTheEnginesErrorsBecomeFaults(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		err  error
		kind fault.Kind
	}{
		"no such workflow":       {serviceerror.NewNotFound("workflow not found for ID: campaign/1"), fault.Conflict},
		"nobody answers":         {serviceerror.NewUnavailable("connection refused"), fault.Broken},
		"too slow":               {serviceerror.NewDeadlineExceeded("late"), fault.Broken},
		"our own patience ended": {context.DeadlineExceeded, fault.Broken},
		"anything else":          {errors.New("odd"), fault.Broken},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.kind, fault.KindOf(explain(tc.err)))
		})
	}
	require.NoError(t, explain(nil))
	require.Equal(t, context.Canceled, explain(context.Canceled), "the caller has gone; that is no failure of the engine")
}
