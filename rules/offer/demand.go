package offer

// Demand is what is known about the conversions of an offer with a cap on them. Clicks are
// people's first ones.
type Demand struct {
	Cap            int // conversions a day; 0: none
	Standing       int // today, by the network's clock
	Clicks         int // of the days before the last: old enough to have converted
	Converted      int // how many of them did
	Young          int // of the last day: some of them will still convert
	YoungConverted int // how many have already
}

// Expected is how many conversions are still on their way: the young clicks that have not
// converted, at the rate of the older ones, rounded up. Young ones are kept out of that
// rate: in the first minutes of a campaign next to none of them has converted, and the rate
// would fall just when most conversions are still to come. Where the young ones convert
// better already, theirs is the rate. An offer that never converted expects none.
func (d Demand) Expected() int {
	pending := max(d.Young-max(d.YoungConverted, 0), 0)
	return max(share(pending, d.Converted, d.Clicks), share(pending, d.YoungConverted, d.Young))
}

// share is part/whole of n, rounded up, and never more than n.
func share(n, part, whole int) int {
	if whole <= 0 || part <= 0 {
		return 0
	}
	return (n*min(part, whole) + whole - 1) / whole
}

// Left is how many more conversions a cap leaves room for; never below 0.
func (d Demand) Left() int { return max(d.Cap-max(d.Standing, 0)-d.Expected(), 0) }
