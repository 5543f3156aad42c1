package offer

import (
	"sync"
	"time"
)

// zones keeps what was found; names that do not exist are not kept, so nobody can fill it.
var zones sync.Map // string to *time.Location

// Day is the day of a network's zone, at midnight UTC as dates are. An unknown zone is UTC.
// The answer depends on the zone data of the machine: no workflow may ask.
func Day(at time.Time, zone string) time.Time {
	y, m, d := at.In(location(zone)).Date()
	return time.Date(y, m, d, 0, 0, 0, 0, time.UTC)
}

func location(zone string) *time.Location {
	if known, ok := zones.Load(zone); ok {
		return known.(*time.Location)
	}
	loc, err := time.LoadLocation(zone) //nolint:forbidigo // asked by the store only, see Day
	if err != nil || zone == "Local" {
		return time.UTC
	}
	zones.Store(zone, loc)
	return loc
}
