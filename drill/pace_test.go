package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// evenly gives a text every so often for so long.
func evenly(every, long time.Duration) (times []time.Time) {
	for at := time.Duration(0); at <= long; at += every {
		times = append(times, noon.Add(at))
	}
	return times
}

func TestAnEvenPaceIsKept(t *testing.T) {
	t.Parallel()
	p := measurePace(evenly(10*time.Millisecond, 50*time.Second))
	require.True(t, p.kept(), "%+v", p)
	require.Equal(t, 1000, p.WindowMin)
	require.Equal(t, 1000, p.WindowMax)
	require.InDelta(t, 1, p.Share, 0.001)
	require.Equal(t, 361, p.Windows, "from the 2nd to the 48th second")
}

func TestAPaceIsBroken(t *testing.T) {
	t.Parallel()
	burst := evenly(10*time.Millisecond, 50*time.Second)
	for range 30 { // at one moment in the middle
		burst = append(burst[:2501], burst[2500:]...)
	}
	for name, times := range map[string][]time.Time{
		"too fast":           evenly(9*time.Millisecond, 50*time.Second),
		"too slow":           evenly(11*time.Millisecond, 50*time.Second),
		"a burst":            burst,
		"too short to judge": evenly(10*time.Millisecond, 13*time.Second),
		"nothing sent":       nil,
	} {
		p := measurePace(times)
		require.False(t, p.kept(), "%s: %+v", name, p)
	}
	late := measurePace(evenly(10*time.Millisecond, 50*time.Second))
	late.Trouble = "not sent in time"
	require.False(t, late.kept())
}
