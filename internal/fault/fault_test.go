package fault_test

import (
	"errors"
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
)

func TestAKindSaysWhetherTryingAgainMayHelp(t *testing.T) {
	t.Parallel()
	for kind, final := range map[fault.Kind]bool{
		fault.Invalid: true, fault.NotFound: true, fault.Conflict: true, fault.Forbidden: true,
		fault.Throttled: false, fault.Broken: false, fault.Internal: false, "": false,
	} {
		require.Equal(t, final, kind.Final(), "%q", kind)
	}
}

func TestTheKindIsFoundBehindOtherErrors(t *testing.T) {
	t.Parallel()
	err := fmt.Errorf("while sending: %w", fault.New(fault.Conflict, "it is %s", "paused"))
	require.Equal(t, fault.Conflict, fault.KindOf(err))
	require.Equal(t, fault.Internal, fault.KindOf(errors.New("nobody classed this")))
}

func TestACauseIsKeptForTheLogAndNotInTheMessage(t *testing.T) {
	t.Parallel()
	cause := errors.New("connection refused")
	err := fault.Wrap(cause, fault.Broken, "the database does not answer")
	require.Equal(t, "the database does not answer", err.Message)
	require.EqualError(t, err, "the database does not answer: connection refused")
	require.ErrorIs(t, err, cause)
	require.NoError(t, fault.New(fault.Broken, "x").Unwrap())
}

func TestAThrottleSaysHowLong(t *testing.T) {
	t.Parallel()
	f := fault.After(time.Minute, "busy")
	require.Equal(t, fault.Throttled, f.Kind)
	require.Equal(t, time.Minute, f.RetryAfter)
}

func TestProblemsAreToldAllAtOnce(t *testing.T) {
	t.Parallel()
	var p fault.Problems
	require.NoError(t, p.Err("the list"))
	p.Add("name", "is empty")
	p.Add("variants[1].percent", "is %d", 101)
	err := p.Err("the campaign")
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	require.EqualError(t, err, "the campaign cannot be accepted; name: is empty; variants[1].percent: is 101")
}
