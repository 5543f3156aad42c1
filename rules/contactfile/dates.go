package contactfile

import (
	"strconv"
	"strings"
	"time"
)

// Zones by name are missing: what Go makes of "CST" depends on the machine. So are years
// of two digits, which leave a century to guess.
const (
	clearDates = "2006-01-02|2006-01-02T15:04:05.999999999Z07:00|2006-01-02 15:04:05|2006-01-02T15:04:05|2006-01-02T15:04|" +
		"2006-01-02 15:04|2006-01-02 15:04:05Z07:00|2006-01-02 15:04:05 -0700|2006-01-02 15:04:05 -07:00|" +
		"2006/1/2|2006/1/2 15:04|2006/1/2 15:04:05|2.1.2006|2.1.2006 15:04|2.1.2006 15:04:05|" +
		"Jan 2, 2006|January 2, 2006|2 Jan 2006|2 January 2006|2-Jan-2006"
	monthFirst = "1/2/2006|1/2/2006 15:04|1/2/2006 15:04:05|1/2/2006 3:04 PM|1/2/2006 3:04:05 PM"
	dayFirst   = "2/1/2006|2/1/2006 15:04|2/1/2006 15:04:05|2/1/2006 3:04 PM|2/1/2006 3:04:05 PM"

	// monthFirstIn are the countries where 02/03/2026 is the third of February.
	monthFirstIn = "US PR GU VI AS MP CA PH"
)

// dates are the ways to write a day or a time, tried in order. The other reading of
// 02/03/2026 is refused wherever it can be told, from the 13th on.
type dates []string

func datesOf(region string) dates {
	slashed := dayFirst
	if strings.Contains(monthFirstIn, strings.ToUpper(region)) {
		slashed = monthFirst
	}
	return strings.Split(clearDates+"|"+slashed, "|")
}

// read tries the way with the number first before the others: the dates of a column are
// all written alike. It gives the number of the one that fits. What names no zone is in
// UTC. A year outside 1900 to 2199 is a number which only looks like a date.
func (d dates) read(s string, first int) (at time.Time, way int, ok bool) {
	s = strings.TrimSuffix(s, " UTC")
	at, err := time.Parse(d[first], s)
	for way = first; err != nil; {
		if way = (way + 1) % len(d); way == first {
			return time.Time{}, first, false
		}
		at, err = time.Parse(d[way], s)
	}
	return at, way, at.Year() >= 1900 && at.Year() < 2200
}

// isDay is true of a day without a time of day, which a date would lose.
func (d dates) isDay(s string) bool {
	_, _, ok := d.read(s, 0)
	return ok && !strings.Contains(s, ":")
}

// sinceEpoch reads seconds or milliseconds since 1970, as databases export times.
func sinceEpoch(s string) (time.Time, bool) {
	if len(s) != 10 && len(s) != 13 || !allDigits(s) {
		return time.Time{}, false
	}
	n, err := strconv.ParseInt(s, 10, 64)
	if len(s) == 10 {
		return time.Unix(n, 0).UTC(), err == nil
	}
	return time.UnixMilli(n).UTC(), err == nil
}
