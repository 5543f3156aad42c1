package contactfile

import (
	"strings"
	"time"
)

// dateLayouts are tried in order. 02/03/2026 is the third of February: these are US files,
// and the day first is refused wherever it can be told, from the 13th on. Zones by name
// are missing: what Go makes of "CST" depends on the machine.
func dateLayouts() []string {
	return []string{
		time.DateOnly, time.RFC3339Nano, time.DateTime, "2006-01-02T15:04:05", "2006-01-02T15:04", "2006-01-02 15:04",
		"2006-01-02 15:04:05Z07:00", "2006-01-02 15:04:05 -0700", "2006-01-02 15:04:05 -07:00",
		"1/2/2006", "1/2/2006 15:04", "1/2/2006 15:04:05", "1/2/2006 3:04 PM", "1/2/2006 3:04:05 PM",
		"Jan 2, 2006", "January 2, 2006", "2 Jan 2006",
	}
}

// dateOf reads when somebody consented, in UTC. A year outside 1990 to 2199 is a number
// which only looks like a date.
func dateOf(s string) (time.Time, bool) {
	s = strings.TrimSuffix(s, " UTC")
	for _, layout := range dateLayouts() {
		if at, err := time.Parse(layout, s); err == nil {
			return at.UTC(), at.Year() >= 1990 && at.Year() < 2200
		}
	}
	return time.Time{}, false
}
