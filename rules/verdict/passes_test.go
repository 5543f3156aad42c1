package verdict_test

import (
	"cmp"
	"fmt"
	"net/netip"
	"slices"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/rules/verdict"
)

// drawn makes clicks that are close enough to say something of each other.
func drawn(t *rapid.T) []verdict.Click {
	address := rapid.SampledFrom([]string{"198.51.100.7", "198.51.100.7", "198.51.100.8", "10.0.0.1", "2001:db8::1", "2001:db8::2"})
	owns := rapid.SampledFrom([]verdict.Finding{
		{Is: verdict.Human, Why: verdict.NothingSpeaksAgainst},
		{Is: verdict.Human, Why: verdict.NothingSpeaksAgainst},
		{Is: verdict.Bot, Why: verdict.Head},
		{Is: verdict.Bot, Why: verdict.Preview},
		{Is: verdict.Unsure, Why: verdict.DataCentre},
	})
	n := rapid.IntRange(0, 120).Draw(t, "clicks")
	apart := rapid.SampledFrom([]int{1, 200, 1000, 3000}).Draw(t, "apart")
	people := rapid.IntRange(1, 60).Draw(t, "people")
	agents := rapid.SampledFrom([]int{1, 1, 2, 30}).Draw(t, "agents")
	all := make([]verdict.Click, n)
	for i := range all {
		f := owns.Draw(t, "own")
		if rapid.IntRange(0, 3).Draw(t, "plain") > 0 {
			f = verdict.Finding{Is: verdict.Human, Why: verdict.NothingSpeaksAgainst}
		}
		// Whole steps, so that some clicks are of the same moment.
		at := rapid.IntRange(0, n).Draw(t, "at") * apart
		all[i] = tap(at, of(rapid.Int64Range(1, int64(people)).Draw(t, "of")), on(rapid.IntRange(1, 3).Draw(t, "link")), own(f.Is, f.Why),
			by(fmt.Sprint(rapid.IntRange(1, agents).Draw(t, "agent"))), handedOver(rapid.IntRange(0, 4000).Draw(t, "sent")*apart))
		all[i].Address = netip.MustParseAddr(address.Draw(t, "address"))
	}
	return all
}

func TestTheOrderOfClicksMakesNoDifference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := drawn(t)
		want := verdict.Revise(all)
		order := make([]int, len(all))
		for i := range order {
			order[i] = i
		}
		order = rapid.Permutation(order).Draw(t, "order")
		mixed := make([]verdict.Click, len(all))
		for i, j := range order {
			mixed[i] = all[j]
		}
		for i, f := range verdict.Revise(mixed) {
			require.Equal(t, want[order[i]], f)
		}
	})
}

// However the passes fall, and however late within Late a click is stored, after the last
// pass each has the verdict that all of them together give it.
func TestThePassesMakeNoDifference(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		all := drawn(t)
		stored := make([]time.Time, len(all))
		last := start
		for i, c := range all {
			stored[i] = c.At.Add(time.Duration(rapid.IntRange(0, int(verdict.Late.Milliseconds())).Draw(t, "late")) * time.Millisecond)
			if c.At.After(last) {
				last = c.At
			}
		}
		now := start
		seen := start
		got := make([]verdict.Finding, len(all))
		for i, c := range all {
			got[i] = verdict.Finding{Is: c.Own, Why: c.OwnReason}
		}
		for seen.Before(last.Add(2 * (verdict.Reach + verdict.Late))) {
			now = now.Add(time.Duration(rapid.IntRange(1, 100_000).Draw(t, "wait")) * time.Millisecond)
			// A pass that has much to do stops before now.
			to := seen.Add(time.Duration(float64(now.Sub(seen)) * rapid.SampledFrom([]float64{1, 1, 0.5}).Draw(t, "share")))
			pass(all, stored, got, seen, to, now)
			seen = to
		}
		require.Equal(t, verdict.Revise(all), got)
	})
}

func pass(all []verdict.Click, stored []time.Time, got []verdict.Finding, seen, to, now time.Time) {
	read, judge := verdict.Span(seen)
	var window []verdict.Click
	var index []int
	for i, c := range all {
		if !stored[i].After(now) && !c.At.Before(read) && !c.At.After(to) {
			window, index = append(window, c), append(index, i)
		}
	}
	for i, f := range verdict.Revise(window) {
		if !window[i].At.Before(judge) {
			got[index[i]] = f
		}
	}
}

// A machine by itself stays one, and nobody becomes more of a person than the request says.
func TestRevisingOnlyDoubts(t *testing.T) {
	t.Parallel()
	doubt := []verdict.Is{verdict.Human, verdict.Unsure, verdict.Bot}
	rapid.Check(t, func(t *rapid.T) {
		all := drawn(t)
		for i, f := range verdict.Revise(all) {
			require.LessOrEqual(t, cmp.Compare(slices.Index(doubt, all[i].Own), slices.Index(doubt, f.Is)), 0)
			if all[i].Own == verdict.Bot {
				require.Equal(t, all[i].OwnReason, f.Why)
			}
		}
	})
}

// The first of a slow walk is judged again when the last has come, a minute later.
func TestAWalkIsSeenFromItsBeginning(t *testing.T) {
	t.Parallel()
	all := many(40, 1500)
	stored, got := make([]time.Time, len(all)), make([]verdict.Finding, len(all))
	for i, c := range all {
		stored[i] = c.At.Add(verdict.Late)
	}
	for seen := start; seen.Before(start.Add(5 * time.Minute)); seen = seen.Add(2 * time.Second) {
		pass(all, stored, got, seen, seen.Add(2*time.Second), seen.Add(2*time.Second))
	}
	require.Equal(t, verdict.Revise(all), got)
	require.Equal(t, verdict.Walk, got[0].Why)
}
