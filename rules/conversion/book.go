// Package conversion computes what an event earns and what a transaction's events leave of
// each other. It knows neither offers nor people, and nobody is credited here.
package conversion

import (
	"cmp"
	"slices"
	"time"

	"trackly/rules/price"
)

// Event is what somebody told of a transaction. A transaction has one event of a kind.
type Event struct {
	Kind     string
	Reverses bool
	At       time.Time
	Earned   price.Micros // not negative; of a reversal: what it takes back
	Whole    bool         // a reversal that takes back all that is left, whatever Earned says
}

// Entry is what the books make of an event.
type Entry struct {
	Event
	Booked  price.Micros // signed
	Counted int          // 1 for one that pays, -1 for a reversal that leaves nothing, else 0
	Waiting bool         // it takes back what nobody told of yet
}

// Book works a transaction out from all its events. What pays comes first, so that the
// first entry is the original; both parts are in the order of time, which is the order in
// which reversals take. Together they never take more than was earned. The result depends
// on the set of events alone, not on how or how often they arrived.
func Book(events []Event) []Entry {
	sorted := slices.Clone(events)
	slices.SortFunc(sorted, before)
	entries := make([]Entry, 0, len(sorted))
	var left price.Micros
	pays, reversed := false, false
	for i, e := range sorted {
		if slices.ContainsFunc(sorted[:i], func(o Event) bool { return o.Kind == e.Kind }) {
			continue
		}
		entry := Entry{Event: e}
		switch {
		case !e.Reverses:
			pays, left = true, left+e.Earned
			entry.Booked, entry.Counted = e.Earned, 1
		case !pays:
			entry.Waiting = true
		default:
			taken := min(e.Earned, left)
			if e.Whole {
				taken = left
			}
			left -= taken
			entry.Booked = -taken
			if left == 0 && !reversed {
				entry.Counted, reversed = -1, true
			}
		}
		entries = append(entries, entry)
	}
	return entries
}

// before is a total order: two tellings of one kind that differ give the same books too.
func before(a, b Event) int {
	return cmp.Or(
		compareBool(a.Reverses, b.Reverses),
		a.At.Compare(b.At),
		cmp.Compare(a.Kind, b.Kind),
		cmp.Compare(a.Earned, b.Earned),
		compareBool(a.Whole, b.Whole),
	)
}

func compareBool(a, b bool) int {
	switch {
	case a == b:
		return 0
	case b:
		return -1
	}
	return 1
}
