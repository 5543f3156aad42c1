package quiethours_test

import (
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/rules/place"
	"trackly/rules/quiethours"
)

// holidays are written down by hand from printed calendars, to the end of what the
// property looks at. A day observed on another closes both.
func holidays() map[string][]string {
	return map[string][]string{
		"US": {
			"2026-01-01", "2026-01-19", "2026-02-16", "2026-05-25", "2026-06-19", "2026-07-03", "2026-07-04",
			"2026-09-07", "2026-10-12", "2026-11-11", "2026-11-26", "2026-12-25",
			"2027-01-01", "2027-01-18", "2027-02-15", "2027-05-31", "2027-06-18", "2027-06-19", "2027-07-04", "2027-07-05",
			"2027-09-06", "2027-10-11", "2027-11-11", "2027-11-25", "2027-12-24", "2027-12-25", "2027-12-31",
			"2028-01-01",
		},
		"US-AL": {"2026-02-17", "2026-04-27", "2026-06-01", "2027-02-09", "2027-04-26", "2027-06-07"},
		"US-LA": {
			"2026-01-08", "2026-02-17", "2026-04-03", "2026-08-30", "2026-11-01", "2026-11-03", "2026-11-27",
			"2027-01-08", "2027-02-09", "2027-03-26", "2027-08-30", "2027-11-01", "2027-11-26", "2028-01-08",
		},
		"FR": {
			"2026-01-01", "2026-04-06", "2026-05-01", "2026-05-08", "2026-05-14", "2026-05-25", "2026-07-14", "2026-08-15",
			"2026-11-01", "2026-11-11", "2026-12-25",
			"2027-01-01", "2027-03-29", "2027-05-01", "2027-05-08", "2027-05-06", "2027-05-17", "2027-07-14", "2027-08-15",
			"2027-11-01", "2027-11-11", "2027-12-25", "2028-01-01",
		},
	}
}

// Every day of two years at noon: closed exactly on Sundays and the days of the list.
func TestHolidaysAreThoseOfTheCalendar(t *testing.T) {
	t.Parallel()
	table := shipped(t)
	for name, zone := range map[string]string{"US-AL": central, "US-LA": central, "FR": "Europe/Paris"} {
		country, state, _ := strings.Cut(name, "-")
		p := place.Place{Country: country, Zones: []string{zone}}
		closed := holidays()[country]
		if state != "" {
			p.States = []string{state}
			closed = append(slices.Clone(closed), holidays()[name]...)
		}
		loc, _ := place.Location(zone)
		for d := time.Date(2026, 1, 1, 12, 0, 0, 0, loc); d.Year() < 2028; d = d.AddDate(0, 0, 1) {
			want := d.Weekday() != time.Sunday && !slices.Contains(closed, d.Format(time.DateOnly))
			v := table.Judge(p, quiethours.Policy{}, d)
			require.Equal(t, want, v.Open, "%s on %s: %s", name, d.Format(time.DateOnly), v.Why)
		}
	}
}
