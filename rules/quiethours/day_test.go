package quiethours

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/rules/place"
)

// Readings in the hour that is skipped and in the one that comes twice, west and east of
// Greenwich, at midnight and by half an hour.
func TestHoursBeginLateAndEndEarlyWhereClocksChange(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ zone, wall, begins, ends string }{
		"an ordinary day":              {"America/New_York", "2026-12-01 08:00", "2026-12-01 13:00", "2026-12-01 13:00"},
		"no daylight time":             {"Pacific/Honolulu", "2026-07-01 08:00", "2026-07-01 18:00", "2026-07-01 18:00"},
		"the far east":                 {"Pacific/Kiritimati", "2026-07-01 08:00", "2026-06-30 18:00", "2026-06-30 18:00"},
		"skipped":                      {"America/New_York", "2026-03-08 02:30", "2026-03-08 07:00", "2026-03-08 07:00"},
		"skipped, its first minute":    {"America/New_York", "2026-03-08 02:00", "2026-03-08 07:00", "2026-03-08 07:00"},
		"after it":                     {"America/New_York", "2026-03-08 03:00", "2026-03-08 07:00", "2026-03-08 07:00"},
		"twice":                        {"America/New_York", "2026-11-01 01:30", "2026-11-01 06:30", "2026-11-01 05:30"},
		"twice, its first minute":      {"America/New_York", "2026-11-01 01:00", "2026-11-01 05:00", "2026-11-01 05:00"},
		"when both are over":           {"America/New_York", "2026-11-01 02:00", "2026-11-01 07:00", "2026-11-01 07:00"},
		"skipped, far west":            {"America/Adak", "2026-03-08 02:30", "2026-03-08 12:00", "2026-03-08 12:00"},
		"twice, far west":              {"America/Adak", "2026-11-01 01:30", "2026-11-01 11:30", "2026-11-01 10:30"},
		"skipped, in the east":         {"Europe/Paris", "2026-03-29 02:30", "2026-03-29 01:00", "2026-03-29 01:00"},
		"twice, in the east":           {"Europe/Paris", "2026-10-25 02:30", "2026-10-25 01:30", "2026-10-25 00:30"},
		"half an hour twice":           {"Australia/Lord_Howe", "2026-04-05 01:45", "2026-04-04 15:15", "2026-04-04 14:45"},
		"half an hour skipped":         {"Australia/Lord_Howe", "2026-10-04 02:15", "2026-10-03 15:30", "2026-10-03 15:30"},
		"a midnight that is skipped":   {"America/Havana", "2026-03-08 00:00", "2026-03-08 05:00", "2026-03-08 05:00"},
		"a midnight that comes twice":  {"America/Havana", "2026-11-01 00:30", "2026-11-01 05:30", "2026-11-01 04:30"},
		"a day the calendar left out":  {"Pacific/Apia", "2011-12-30 12:00", "2011-12-30 10:00", "2011-12-30 10:00"},
		"before there were time zones": {"Europe/London", "1800-01-01 00:00", "1800-01-01 00:01", "1800-01-01 00:01"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			loc, ok := place.Location(tc.zone)
			require.True(t, ok)
			wall, err := time.Parse("2006-01-02 15:04", tc.wall)
			require.NoError(t, err)
			shown := func(unix int64) string { return time.Unix(unix, 0).UTC().Format("2006-01-02 15:04") }
			require.Equal(t, tc.begins, shown(begins(loc, wall.Unix())), "begins")
			require.Equal(t, tc.ends, shown(ends(loc, wall.Unix())), "ends")
		})
	}
}

func TestDaysAreThoseOfTheWall(t *testing.T) {
	t.Parallel()
	loc, _ := place.Location("America/New_York")
	for at, want := range map[time.Time]day{
		time.Date(1970, 1, 1, 0, 0, 0, 0, loc):                      0,
		time.Date(1969, 12, 31, 23, 59, 59, 0, loc):                 -1,
		time.Date(1969, 12, 31, 0, 0, 0, 0, loc):                    -1,
		time.Date(2026, 11, 1, 23, 59, 59, 0, loc):                  dayOf(2026, 11, 1),
		time.Date(2026, 11, 2, 4, 59, 59, 0, time.UTC):              dayOf(2026, 11, 1),
		time.Date(2026, 11, 2, 4, 59, 59, 0, time.UTC).Add(1 << 30): dayOf(2026, 11, 2),
	} {
		require.Equal(t, want, localDay(loc, at.Unix()), at.String())
		require.Equal(t, at.In(loc).Weekday(), want.weekday())
	}
}

func TestADayOfTheYearIsReadOrRefused(t *testing.T) {
	t.Parallel()
	for text, want := range map[string][]string{ // 2026, 2027
		"07-04": {"2026-07-04", "2027-07-04"}, "3 mon 01": {"2026-01-19", "2027-01-18"}, "last mon 05": {"2026-05-25", "2027-05-31"},
		"last sun 12": {"2026-12-27", "2027-12-26"}, "4 thu 11 +1": {"2026-11-27", "2027-11-26"}, "easter": {"2026-04-05", "2027-03-28"},
		"easter -47": {"2026-02-17", "2027-02-09"}, "1 mon 11 +1 even": {"2026-11-03", ""},
	} {
		h, err := readHoliday(text)
		require.NoError(t, err, text)
		for i, year := range []int{2026, 2027} {
			got, ok := h.in(year)
			require.Equal(t, want[i] != "", ok, text)
			if ok {
				require.Equal(t, want[i], got.date().Format(time.DateOnly), text)
			}
		}
	}
	for _, bad := range []string{"", "even", "13-01", "02-30", "5 mon 01", "1 moon 01", "1 mon 13", "1 mon", "easter +x", "07-04 even twice 3"} {
		_, err := readHoliday(bad)
		require.Error(t, err, bad)
	}
	_, err := readCalendars("calendar,name,day,observed,source\nUS,x,never,no,s\n")
	require.ErrorContains(t, err, "x of US")
	_, err = readCalendars("calendar,\"name\n")
	require.Error(t, err)
}
