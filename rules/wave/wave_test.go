package wave_test

import (
	"testing"
	"time"
	_ "time/tzdata"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/internal/fault"
	"trackly/rules/wave"
)

func wall(t require.TestingT, text string) wave.Wall {
	w, err := wave.Parse(text)
	require.NoError(t, err)
	require.Equal(t, text, w.String())
	return w
}

func zone(t require.TestingT, name string) *time.Location {
	loc, err := time.LoadLocation(name)
	require.NoError(t, err)
	return loc
}

func TestOnlyATimeOnTheWallIsRead(t *testing.T) {
	t.Parallel()
	for _, bad := range []string{
		"", "2026-11-26", "09:00", "2026-11-26T09:00:00", "2026-11-26T09:00Z", "2026-11-26T09:00-05:00", "2026-11-26 09:00",
		"2026-02-29T09:00", "2026-11-26T24:00", "2026-11-26T9:00", "1999-11-26T09:00", "2201-11-26T09:00", "2026-11-26T09:00 ",
	} {
		_, err := wave.Parse(bad)
		require.Equal(t, fault.Invalid, fault.KindOf(err), bad)
	}
	wall(t, "2028-02-29T23:59")
}

func TestATimeComesWhenTheClocksSaySo(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		wall  string
		zones []string
		want  string
	}{
		"one zone":                                   {"2026-11-26T09:00", []string{"America/New_York"}, "2026-11-26T14:00:00Z"},
		"the latest of several":                      {"2026-11-26T09:00", []string{"America/Denver", "America/New_York", "America/Chicago"}, "2026-11-26T16:00:00Z"},
		"in summer":                                  {"2026-07-01T09:00", []string{"America/New_York"}, "2026-07-01T13:00:00Z"},
		"leapt over in spring: with the leap":        {"2026-03-08T02:30", []string{"America/New_York"}, "2026-03-08T07:00:00Z"},
		"shown twice in autumn: the second":          {"2026-11-01T01:30", []string{"America/New_York"}, "2026-11-01T06:30:00Z"},
		"before the second begins":                   {"2026-11-01T00:59", []string{"America/New_York"}, "2026-11-01T04:59:00Z"},
		"an hour that is two of Lord Howe's leaps":   {"2026-10-04T02:15", []string{"Australia/Lord_Howe"}, "2026-10-03T15:30:00Z"},
		"a day that Samoa never had":                 {"2011-12-30T12:00", []string{"Pacific/Apia"}, "2011-12-30T10:00:00Z"},
		"the furthest east":                          {"2026-11-26T09:00", []string{"Pacific/Kiritimati"}, "2026-11-25T19:00:00Z"},
		"no zone: the home's":                        {"2026-11-26T09:00", nil, "2026-11-26T15:00:00Z"},
		"no such zone: the home's":                   {"2026-11-26T09:00", []string{"Mars/Olympus", "UTC"}, "2026-11-26T15:00:00Z"},
		"a zone that is none beside one that is one": {"2026-11-26T09:00", []string{"Mars/Olympus", "America/Denver"}, "2026-11-26T16:00:00Z"},
	} {
		require.Equal(t, tc.want, wall(t, tc.wall).Of(tc.zones, "America/Chicago").Format(time.RFC3339), name)
	}
	require.Equal(t, "2026-11-26T09:00:00Z", wall(t, "2026-11-26T09:00").Of(nil, "").Format(time.RFC3339))
}

// Before the instant the clock shows an earlier time, and from it on never again.
func TestTheLawOfWaves(t *testing.T) {
	t.Parallel()
	names := []string{
		"America/New_York", "America/Los_Angeles", "America/St_Johns", "America/Phoenix", "Australia/Lord_Howe", "Africa/Casablanca",
		"Pacific/Chatham", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Europe/Dublin", "Asia/Kathmandu", "America/Havana", "Pacific/Apia",
	}
	anyTime := rapid.Custom(func(r *rapid.T) wave.Wall {
		at := time.Date(rapid.IntRange(2010, 2037).Draw(r, "year"), time.January, 1, 0, 0, 0, 0, time.UTC)
		if rapid.Bool().Draw(r, "near a change") { // of the United States' clocks, or a few days off
			at = time.Date(at.Year(), rapid.SampledFrom([]time.Month{3, 4, 10, 11}).Draw(r, "month"), 1, 0, 0, 0, 0, time.UTC)
			return wall(r, at.Add(time.Duration(rapid.IntRange(0, 14*24*60).Draw(r, "minute"))*time.Minute).Format("2006-01-02T15:04"))
		}
		return wall(r, at.Add(time.Duration(rapid.IntRange(0, 365*24*60-1).Draw(r, "minute"))*time.Minute).Format("2006-01-02T15:04"))
	})
	rapid.Check(t, func(r *rapid.T) {
		w, name := anyTime.Draw(r, "wall"), rapid.SampledFrom(names).Draw(r, "zone")
		loc := zone(r, name)
		shown := func(at time.Time) string { return at.In(loc).Format("2006-01-02T15:04:05") }
		at := w.In(loc)
		require.Less(r, shown(at.Add(-time.Second)), w.String()+":00", "just before")
		for after := time.Duration(0); after < 49*time.Hour; after += 5 * time.Minute {
			require.GreaterOrEqual(r, shown(at.Add(after)), w.String()+":00", "%s later", after)
		}
		require.False(r, at.Before(w.First()))
		require.False(r, at.After(w.Last().Add(26*time.Hour)), "a leap is a day at most")

		zones := rapid.SliceOfN(rapid.SampledFrom(names), 1, 4).Draw(r, "zones")
		of := w.Of(zones, name)
		among := false
		for _, z := range zones {
			one := w.In(zone(r, z))
			require.False(r, of.Before(one), "nobody is too early")
			among = among || of.Equal(one)
		}
		require.True(r, among, "and nobody later than the latest")
	})
}

func FuzzParse(f *testing.F) {
	for _, text := range []string{"2026-11-26T09:00", "", "2026-11-26T09:00Z", "9999-99-99T99:99"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		if w, err := wave.Parse(text); err == nil {
			require.Equal(t, text, w.String())
			require.True(t, w.First().Before(w.Last()))
		}
	})
}
