package models

import (
	"fmt"
	"time"

	"trackly/rules/offer"
)

// OfferRoom is what an offer of a campaign's variant can still take today.
type OfferRoom struct {
	Variant int
	OfferID OfferID
	Name    string
	Zone    string // of the network's days
	Open    bool   // neither paused, archived nor ended
	offer.Demand
}

// Full says why no text should be spent on the offer; empty: it has room.
func (r OfferRoom) Full(now time.Time) string {
	if !r.Open {
		return fmt.Sprintf("offer %q takes no clicks: it is paused or has ended", r.Name)
	}
	if r.Cap == 0 || r.Left() > 0 {
		return ""
	}
	until := "tomorrow"
	if z, err := time.LoadLocation(r.Zone); err == nil {
		day := now.In(z)
		until = time.Date(day.Year(), day.Month(), day.Day()+1, 0, 0, 0, 0, z).Format("2006-01-02 15:04") + " " + r.Zone
	}
	return fmt.Sprintf("offer %q has no room for conversions until %s: %d of %d a day are in, and %d more are expected; resume then, or raise its cap",
		r.Name, until, r.Standing, r.Cap, r.Expected())
}

// Watches reports whether the campaign asks what its offers can still take.
func (c Campaign) Watches() bool { return c.OnFull == FullPauses || c.OnFull == FullSwaps }

// Swap gives what is queued for one variant to another one.
type Swap struct {
	From, To int
	Why      string
}

// Heed says what so much room in its offers makes of a campaign that watches: why it must
// pause, or what goes to the spare variant. It is never both, and nothing goes to an offer
// that is full itself: those texts would be spent in vain too.
func (c Campaign) Heed(rooms []OfferRoom, now time.Time) (halt string, swaps []Swap) {
	if !c.Watches() {
		return "", nil
	}
	full := map[int]string{} // by variant
	for _, r := range rooms {
		if why := r.Full(now); why != "" && full[r.Variant] == "" {
			full[r.Variant] = why
		}
	}
	spare, has := c.Spare()
	for _, v := range c.Variants {
		why := full[v.Number]
		switch {
		case why == "" || v.Spare:
		case c.OnFull == FullPauses || !has:
			return why, nil
		case full[spare.Number] != "":
			return fmt.Sprintf("%s; and for the spare creative: %s", why, full[spare.Number]), nil
		default:
			swaps = append(swaps, Swap{
				From: v.Number, To: spare.Number,
				Why: fmt.Sprintf("campaign %q sends %q instead of %q: %s", c.Name, spare.Name, v.Name, why),
			})
		}
	}
	return "", swaps
}
