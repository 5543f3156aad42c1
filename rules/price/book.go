package price

import (
	"math"
	"strconv"

	"trackly/internal/fault"
)

// Tier is a price and where it begins.
type Tier struct {
	From       int64  // segments used before in the 360-day cycle
	PerSegment Micros // what each segment from there on costs
}

// Book is a list of tiers in rising order, the first from 0. The last has no end.
type Book struct{ Tiers []Tier }

// DefaultBook is the published price list: the first 1,000,000 segments of a cycle at
// $0.0045, the rest at $0.0030.
func DefaultBook() Book {
	return Book{Tiers: []Tier{{From: 0, PerSegment: 4500}, {From: 1_000_000, PerSegment: 3000}}}
}

// Check is an Invalid fault with every complaint about a book somebody configured.
func (b Book) Check() error {
	var bad fault.Problems
	if len(b.Tiers) == 0 {
		bad.Add("tiers", "must not be empty")
	}
	for i, t := range b.Tiers {
		where := "tiers[" + strconv.Itoa(i) + "]."
		if i == 0 && t.From != 0 {
			bad.Add(where+"from", "must be 0 in the first tier")
		}
		if i > 0 && t.From <= b.Tiers[i-1].From {
			bad.Add(where+"from", "must be above the tier before")
		}
		if t.PerSegment < 0 || t.PerSegment > Unit {
			bad.Add(where+"per_segment", "must be between 0 and %s", Unit)
		}
	}
	return bad.Err("the price book")
}

// Cost is the price of segments when before segments were already used in the cycle.
// Segments on both sides of a border each cost the price of their side. Numbers below 0
// count as 0; a cost beyond 9*10^12 units of the currency sticks there. The book must
// have passed Check; an empty one costs nothing.
func (b Book) Cost(before, segments int64) Micros {
	before, segments = max(before, 0), max(segments, 0)
	after := before + min(segments, math.MaxInt64-before)
	sum := Micros(0)
	for i, t := range b.Tiers {
		end := int64(math.MaxInt64)
		if i+1 < len(b.Tiers) {
			end = b.Tiers[i+1].From
		}
		if n := min(after, end) - max(before, t.From); n > 0 {
			sum = sum.plus(t.PerSegment.times(n))
		}
	}
	return sum
}
