package pace_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/rules/pace"
)

var noon = time.Date(2026, 11, 24, 12, 0, 0, 0, time.UTC)

func ask(now time.Time, hurried bool, segments ...int) pace.Request {
	return pace.Request{Now: now, Day: now.Format(time.DateOnly), Tomorrow: noon.Add(12 * time.Hour), Hurried: hurried, Segments: segments}
}

func ones(n int) []int {
	all := make([]int, n)
	for i := range all {
		all[i] = 1
	}
	return all
}

func TestWithoutALimitEverythingGoesNow(t *testing.T) {
	t.Parallel()
	l := &pace.Lane{}
	g := pace.Reserve(ask(noon, false, ones(500)...), l)
	require.Len(t, g.Offsets, 500)
	require.Equal(t, noon, g.Start)
	require.Zero(t, g.Offsets[499])
	require.Zero(t, l.Tail)
	require.Equal(t, 500, l.Used)
}

func TestTextsStandInLine(t *testing.T) {
	t.Parallel()
	l := &pace.Lane{Limit: pace.Limit{MessagesPerSecond: 100}}
	g := pace.Reserve(ask(noon, false, ones(500)...), l)
	require.Len(t, g.Offsets, 100, "one quantum of them")
	require.Equal(t, 990*time.Millisecond, g.Offsets[99])
	again := pace.Reserve(ask(noon, false, 1), l)
	require.Empty(t, again.Offsets, "the line is longer than the horizon")
	require.Equal(t, noon.Add(750*time.Millisecond), again.Again)
	next := pace.Reserve(ask(noon.Add(600*time.Millisecond), false, 1), l)
	require.Equal(t, noon.Add(time.Second), next.Start)
}

func TestWhatHurriesOvertakesWhatIsNotPlacedYet(t *testing.T) {
	t.Parallel()
	l := &pace.Lane{Limit: pace.Limit{MessagesPerSecond: 100}}
	pace.Reserve(ask(noon, false, ones(500)...), l)
	g := pace.Reserve(ask(noon, true, 1), l)
	require.Equal(t, noon.Add(time.Second), g.Start, "behind one quantum, before the 400 others")
}

func TestLongTextsTakeMoreTime(t *testing.T) {
	t.Parallel()
	l := &pace.Lane{Limit: pace.Limit{MessagesPerSecond: 100, SegmentsPerSecond: 100}}
	g := pace.Reserve(ask(noon, false, 1, 3, 1), l)
	require.Equal(t, []time.Duration{0, 10 * time.Millisecond, 40 * time.Millisecond}, g.Offsets)
	require.Equal(t, noon.Add(50*time.Millisecond), l.Tail)
}

func TestADayHasItsCap(t *testing.T) {
	t.Parallel()
	l := &pace.Lane{Limit: pace.Limit{MessagesPerDay: 3}}
	require.Len(t, pace.Reserve(ask(noon, false, 1, 1), l).Offsets, 2)
	require.Len(t, pace.Reserve(ask(noon, false, 1, 1), l).Offsets, 1)
	full := pace.Reserve(ask(noon, true, 1), l)
	require.Empty(t, full.Offsets, "nobody overtakes a cap")
	require.Equal(t, noon.Add(12*time.Hour), full.Again)
	require.Len(t, pace.Reserve(ask(noon.Add(24*time.Hour), false, 1, 1), l).Offsets, 2, "a new day")
}

func TestARetryAfterHoldsItsListAlone(t *testing.T) {
	t.Parallel()
	slow := &pace.Lane{SlowUntil: noon.Add(7 * time.Second)}
	g := pace.Reserve(ask(noon, false, 1), slow)
	require.Empty(t, g.Offsets)
	require.True(t, g.Again.After(noon.Add(6*time.Second)))
	require.Len(t, pace.Reserve(ask(noon.Add(7*time.Second), false, 1), slow).Offsets, 1)
}

func TestListsOfOneGroupShareItsPace(t *testing.T) {
	t.Parallel()
	group := &pace.Lane{Limit: pace.Limit{MessagesPerSecond: 10}}
	a, b := &pace.Lane{}, &pace.Lane{Limit: pace.Limit{MessagesPerSecond: 1000}}
	pace.Reserve(ask(noon, false, 1, 1, 1), a, group)
	g := pace.Reserve(ask(noon, false, 1), b, group)
	require.Equal(t, noon.Add(300*time.Millisecond), g.Start)
}

// In no second are there more texts than the limit allows, whoever asks when.
func TestNoWindowIsEverOverfull(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rate := rapid.Float64Range(0.5, 500).Draw(t, "rate")
		l := &pace.Lane{Limit: pace.Limit{MessagesPerSecond: rate}}
		now, places := noon, []time.Time{}
		for range rapid.IntRange(1, 60).Draw(t, "asks") {
			now = now.Add(time.Duration(rapid.IntRange(0, 900).Draw(t, "ms")) * time.Millisecond)
			g := pace.Reserve(ask(now, rapid.Bool().Draw(t, "hurried"), ones(rapid.IntRange(1, 80).Draw(t, "n"))...), l)
			for _, o := range g.Offsets {
				places = append(places, g.Start.Add(o))
				require.False(t, g.Start.Before(now))
			}
		}
		const window = 10 * time.Second
		most := int(rate*window.Seconds()) + 1
		for i := range places {
			if j := i + most; j < len(places) {
				require.GreaterOrEqual(t, places[j].Sub(places[i]), window-time.Millisecond)
			}
		}
	})
}
