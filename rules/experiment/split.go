// Package experiment splits the members of a campaign over its variants, exactly and in
// the same way every time it is asked. It does not judge which variant won and knows
// no contacts: a member is a position from 0.
package experiment

import (
	"cmp"
	"slices"
	"strconv"

	"trackly/internal/fault"
)

// Check is an Invalid fault with every complaint about the percentages of the variants:
// each from 1 to 100, together 100.
func Check(percents []int) error {
	var bad fault.Problems
	sum := 0
	for i, p := range percents {
		if p < 1 || p > 100 {
			bad.Add(place(i), "must be between 1 and 100")
		}
		sum += min(max(p, 0), 101) // far-off values must not wrap round to 100
	}
	if sum != 100 {
		bad.Add("variants", "percentages must sum to 100")
	}
	return bad.Err("the split")
}

// place names a percentage the way a client wrote it.
func place(i int) string { return "variants[" + strconv.Itoa(i) + "].percent" }

// Sizes gives how many of n members each variant gets: the whole part of its share, and
// one of the members left over to the variants with the largest fractions, the earlier
// one first. The sizes sum to n and each is within one of its share. The percentages
// must have passed Check; n below 0 counts as 0.
func Sizes(n int64, percents []int) []int64 {
	n = max(n, 0)
	sizes, order := make([]int64, len(percents)), make([]int, len(percents))
	left := n
	for i, p := range percents {
		// The hundreds apart, so that no n overflows.
		sizes[i] = n/100*int64(p) + n%100*int64(p)/100
		left -= sizes[i]
		order[i] = i
	}
	slices.SortStableFunc(order, func(a, b int) int {
		return cmp.Compare(fraction(n, percents[b]), fraction(n, percents[a]))
	})
	for _, i := range order[:min(left, int64(len(order)))] {
		sizes[i]++
	}
	return sizes
}

// fraction is the part of a share behind the point, in hundredths.
func fraction(n int64, percent int) int64 { return n % 100 * int64(percent) % 100 }
