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
