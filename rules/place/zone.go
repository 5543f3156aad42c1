package place

import (
	"strings"
	"sync"
	"time"
)

// zones keeps what was found; names that do not exist are not kept, so nobody can fill it.
var zones sync.Map // string to *time.Location

// Location finds the zone of an IANA name that stands for a place on earth. "UTC", "EST"
// and "Etc/GMT+5" are clocks of machines and not of people, and "Local" is the server's.
//
// The answer depends on the zone data of the machine, so it belongs into activities: a
// workflow that asked twice could be told two stories.
func Location(name string) (*time.Location, bool) {
	if known, ok := zones.Load(name); ok {
		return known.(*time.Location), true
	}
	if len(name) > 64 || !strings.Contains(name, "/") || strings.HasPrefix(name, "Etc/") {
		return nil, false
	}
	loc, err := time.LoadLocation(name) //nolint:forbidigo // asked by activities only, see above
	if err != nil {
		return nil, false
	}
	zones.Store(name, loc)
	return loc, true
}

func validZone(name string) bool {
	if name == "" {
		return false
	}
	_, ok := Location(name)
	return ok
}
