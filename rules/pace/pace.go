// Package pace gives texts their places in time, so that a sending number never goes
// faster than it may, however many processes send from it. It is arithmetic on a row
// that the caller has locked; it neither waits nor reads a clock.
package pace

import (
	"math"
	"time"

	"trackly/internal/fault"
)

const (
	// Horizon is how far ahead a campaign may have its texts placed. What hurries waits
	// at most this long and one quantum behind it.
	Horizon = 500 * time.Millisecond
	// Quantum is how much time one reservation of a campaign may take up.
	Quantum = time.Second
	// fastest bounds a setting to what one process could ever do.
	fastest = 100_000
)

// Limit is a pace. 0 means no limit.
type Limit struct {
	MessagesPerSecond float64
	SegmentsPerSecond float64
	MessagesPerDay    int
}

// Problems complains of a limit that means nothing.
func (l Limit) Problems() (bad fault.Problems) {
	for name, v := range map[string]float64{"messages_per_second": l.MessagesPerSecond, "segments_per_second": l.SegmentsPerSecond} {
		// A text every hundred seconds is the slowest: below it a campaign never ends.
		if math.IsNaN(v) || v < 0 || v > fastest || (v > 0 && v < 0.01) {
			bad.Add(name, "must be 0 for no limit, or 0.01 to %d", fastest)
		}
	}
	if l.MessagesPerDay < 0 {
		bad.Add("messages_per_day", "must be 0 for no limit, or more")
	}
	return bad
}

// Free reports whether nothing is limited.
func (l Limit) Free() bool { return l == Limit{} }

// cost is how long a text of so many segments takes up. With both limits it is the
// longer of the two: a mix of short and long texts stays a little below the limits.
func (l Limit) cost(segments int) time.Duration {
	var d float64
	if l.MessagesPerSecond > 0 {
		d = 1 / l.MessagesPerSecond
	}
	if l.SegmentsPerSecond > 0 {
		d = max(d, float64(segments)/l.SegmentsPerSecond)
	}
	return time.Duration(d * float64(time.Second))
}

// Lane is one owner of a pace: a list, or a group of routes over one provider account.
type Lane struct {
	Limit
	Tail      time.Time // where the next text has its place, at the earliest
	SlowUntil time.Time // the provider asked for patience
	Day       string    // the day Used is of
	Used      int       // texts placed on Day
}

// Request asks for places.
type Request struct {
	Now      time.Time
	Day      string    // of Now, in the account's zone
	Tomorrow time.Time // when the next day begins
	Hurried  bool      // overtakes what is not placed yet
	Segments []int     // of each text, in their order
}

// Grant gives the first texts of a request their places.
type Grant struct {
	Start   time.Time
	Offsets []time.Duration // from Start, one for each text that got a place
	Again   time.Time       // without a place: when to ask again
}

// Reserve places as many of the texts as may be placed now and moves the lanes' tails
// behind them. A text has its place in every lane.
func Reserve(r Request, lanes ...*Lane) Grant {
	start, free, slow := r.Now, len(r.Segments), r.Now
	for _, l := range lanes {
		slow = latest(slow, l.SlowUntil)
		if l.cost(1) > 0 {
			start = latest(start, l.Tail)
		}
		if l.Day != r.Day {
			l.Day, l.Used = r.Day, 0
		}
		if l.MessagesPerDay > 0 {
			free = min(free, max(l.MessagesPerDay-l.Used, 0))
		}
	}
	start = latest(start, slow)
	switch {
	case free == 0:
		return Grant{Again: r.Tomorrow}
	case slow.Sub(r.Now) > Horizon: // no hurry overtakes what the provider asked for
		return Grant{Again: slow}
	case !r.Hurried && start.Sub(r.Now) > Horizon:
		return Grant{Again: start.Add(-Horizon / 2)}
	}
	return place(r, start, free, lanes)
}

func place(r Request, start time.Time, free int, lanes []*Lane) Grant {
	g := Grant{Start: start, Offsets: make([]time.Duration, 0, free)}
	var at time.Duration
	taken := make([]time.Duration, len(lanes))
	for _, segments := range r.Segments[:free] {
		if at >= Quantum {
			break
		}
		g.Offsets = append(g.Offsets, at)
		var step time.Duration
		for i, l := range lanes {
			c := l.cost(segments)
			taken[i] += c
			step = max(step, c)
		}
		at += step
	}
	for i, l := range lanes {
		l.Used += len(g.Offsets)
		if taken[i] > 0 {
			l.Tail = start.Add(taken[i])
		}
	}
	return g
}

func latest(a, b time.Time) time.Time {
	if b.After(a) {
		return b
	}
	return a
}

// Order asks for places for texts of a list, by name.
type Order struct {
	Account, List string
	Group         string // the group of the route they will go over; empty: none
	Limit         Limit  // the list's
	Zone          string // the account's; its days are counted
	Hurried       bool
	Segments      []int
}

// Places says when texts may go, measured from now on: every process has its own clock,
// and only the database's is everybody's.
type Places struct {
	Start   time.Duration   // until the first one
	Offsets []time.Duration // from Start, one for each text that got a place
	Again   time.Duration   // without a place: how long to stay away
}
