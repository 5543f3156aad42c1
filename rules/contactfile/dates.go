package contactfile

import (
	"strings"
	"time"
)

// dateLayouts are tried in order. 02/03/2026 is the third of February: these are US files,
// and the day first is refused wherever it can be told, from the 13th on. Zones by name
// are missing: what Go makes of "CST" depends on the machine.
var dateLayouts = []string{ //nolint:gochecknoglobals // never written
	time.DateOnly, time.RFC3339Nano, time.DateTime, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04",
	"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 -07:00",
	"1/2/2006", "1/2/2006 15:04", "1/2/2006 15:04:05", "1/2/2006 3:04 PM", "1/2/2006 3:04:05 PM",
	"Jan 2, 2006", "January 2, 2006", "2 Jan 2006",
}

// dateOf reads a day or a time; what names no zone is in UTC. A year outside 1900 to 2199
// is a number which only looks like a date.
func dateOf(s string) (time.Time, bool) {
	at, _, ok := dateLike(s, 0)
	return at, ok
}

// dateLike tries the layout with the number first before the others: the dates of a
// column are all written alike. It gives the number of the one that fits.
func dateLike(s string, first int) (at time.Time, layout int, ok bool) {
	s = strings.TrimSuffix(s, " UTC")
	at, err := time.Parse(dateLayouts[first], s)
	for layout = first; err != nil; {
		if layout = (layout + 1) % len(dateLayouts); layout == first {
			return time.Time{}, first, false
		}
		at, err = time.Parse(dateLayouts[layout], s)
	}
	return at, layout, at.Year() >= 1900 && at.Year() < 2200
}
