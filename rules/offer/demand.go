package offer

// Demand is what is known about the conversions of an offer with a cap on them.
type Demand struct {
	Cap       int // conversions a day; 0: none
	Standing  int // today, by the network's clock
	Clicks    int // people's first clicks of the last days
	Converted int // how many of them converted
	Pending   int // how many have not, and are not older than a day
}

// Expected is how many conversions are still on their way: people who clicked and have not
// converted yet, at the rate at which those of the last days did, rounded up. Clicks of a
// day's age still count in full, so it is rather too many than too few: what is spent
// beyond a cap is lost, and what waits is not. An offer that never converted expects none.
func (d Demand) Expected() int {
	if d.Clicks <= 0 || d.Converted <= 0 || d.Pending <= 0 {
		return 0
	}
	converted := min(d.Converted, d.Clicks)
	return (d.Pending*converted + d.Clicks - 1) / d.Clicks
}

// Left is how many more conversions a cap leaves room for; never below 0.
func (d Demand) Left() int { return max(d.Cap-max(d.Standing, 0)-d.Expected(), 0) }
