package quiethours_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/rules/place"
	"trackly/rules/quiethours"
)

const (
	eastern  = "America/New_York"
	central  = "America/Chicago"
	mountain = "America/Denver"
	pacific  = "America/Los_Angeles"
	phoenix  = "America/Phoenix"
)

func shipped(tb testing.TB) *quiethours.Table {
	tb.Helper()
	table, err := quiethours.Default()
	require.NoError(tb, err)
	return table
}

func in(state string, zones ...string) place.Place {
	return place.Place{Country: "US", States: []string{state}, Zones: zones}
}

// local reads "2026-12-01 19:59:59 America/New_York".
func local(tb testing.TB, s string) time.Time {
	tb.Helper()
	var zone string
	for i := range s {
		if s[i] == ' ' {
			zone = s[i+1:]
		}
	}
	loc, ok := place.Location(zone)
	require.True(tb, ok, zone)
	at, err := time.ParseInLocation("2006-01-02 15:04:05", s[:len(s)-len(zone)-1], loc)
	require.NoError(tb, err)
	return at
}

// The first moment that is too late, and the first that is not too early.
func TestEdgesThatCostMoney(t *testing.T) {
	t.Parallel()
	unknown := place.Place{Country: "US", Unknown: true}
	for name, tc := range map[string]struct {
		at    string
		place place.Place
		until string // open until
		next  string // closed until
	}{
		"Florida, a second before eight":         {"2026-12-01 19:59:59 " + eastern, in("FL", eastern), "2026-12-01 20:00:00 " + eastern, ""},
		"Florida at eight":                       {"2026-12-01 20:00:00 " + eastern, in("FL", eastern), "", "2026-12-02 08:00:00 " + eastern},
		"Florida in the morning":                 {"2026-12-01 08:00:00 " + eastern, in("FL", eastern), "2026-12-01 20:00:00 " + eastern, ""},
		"Georgia has an hour more":               {"2026-12-01 20:30:00 " + eastern, in("GA", eastern), "2026-12-01 21:00:00 " + eastern, ""},
		"850 waits for Central":                  {"2026-12-01 08:30:00 " + eastern, in("FL", central, eastern), "", "2026-12-01 08:00:00 " + central},
		"850 ends with Eastern":                  {"2026-12-01 19:30:00 " + central, in("FL", central, eastern), "", "2026-12-02 08:00:00 " + central},
		"850 in between":                         {"2026-12-01 12:00:00 " + central, in("FL", central, eastern), "2026-12-01 20:00:00 " + eastern, ""},
		"Alabama on Saturday night":              {"2026-12-05 20:00:00 " + central, in("AL", central), "", "2026-12-07 08:00:00 " + central},
		"Alabama on Sunday":                      {"2026-12-06 12:00:00 " + central, in("AL", central), "", "2026-12-07 08:00:00 " + central},
		"Alabama on Juneteenth, a Friday":        {"2026-06-19 12:00:00 " + central, in("AL", central), "", "2026-06-20 08:00:00 " + central},
		"Mississippi works on holidays":          {"2026-11-26 12:00:00 " + central, in("MS", central), "2026-11-26 20:00:00 " + central, ""},
		"Louisiana from Thanksgiving to Sat":     {"2026-11-26 12:00:00 " + central, in("LA", central), "", "2026-11-28 08:00:00 " + central},
		"Louisiana, New Year's Eve observed":     {"2027-12-31 12:00:00 " + central, in("LA", central), "", "2028-01-03 08:00:00 " + central},
		"Texas on Sunday morning":                {"2026-11-29 11:59:59 " + central, in("TX", central), "", "2026-11-29 12:00:00 " + central},
		"Texas on Sunday evening":                {"2026-11-29 20:59:59 " + central, in("TX", central), "2026-11-29 21:00:00 " + central, ""},
		"Texas on Monday morning":                {"2026-11-30 08:59:59 " + central, in("TX", central), "", "2026-11-30 09:00:00 " + central},
		"Texas before its law":                   {"2025-08-31 08:30:00 " + central, in("TX", central), "2025-08-31 21:00:00 " + central, ""},
		"Texas on the day of its law":            {"2025-09-01 08:30:00 " + central, in("TX", central), "", "2025-09-01 09:00:00 " + central},
		"Rhode Island on a weekday":              {"2026-11-24 18:00:00 " + eastern, in("RI", eastern), "", "2026-11-25 09:00:00 " + eastern},
		"Rhode Island on Saturday":               {"2026-11-28 09:30:00 " + eastern, in("RI", eastern), "", "2026-11-28 10:00:00 " + eastern},
		"two states, the later opening":          {"2026-12-01 08:30:00 " + eastern, place.Place{Country: "US", States: []string{"CT", "NY"}, Zones: []string{eastern}}, "", "2026-12-01 09:00:00 " + eastern},
		"Arizona in summer":                      {"2026-07-01 08:00:00 " + phoenix, in("AZ", phoenix), "2026-07-01 21:00:00 " + phoenix, ""},
		"the Navajo Nation closes earlier":       {"2026-07-01 20:30:00 " + phoenix, in("AZ", mountain, phoenix), "", "2026-07-02 08:00:00 " + phoenix},
		"Arizona in winter is one":               {"2026-12-01 20:30:00 " + phoenix, in("AZ", mountain, phoenix), "2026-12-01 21:00:00 " + phoenix, ""},
		"Hawaii":                                 {"2026-07-01 07:59:59 Pacific/Honolulu", in("HI", "Pacific/Honolulu"), "", "2026-07-01 08:00:00 Pacific/Honolulu"},
		"unknown waits for Hawaii":               {"2026-12-01 12:30:00 " + eastern, unknown, "", "2026-12-01 08:00:00 Pacific/Honolulu"},
		"unknown ends with New York":             {"2026-12-01 08:00:00 Pacific/Honolulu", unknown, "2026-12-01 21:00:00 " + eastern, ""},
		"a zone nobody knows makes it unknown":   {"2026-12-01 12:30:00 " + eastern, in("GA", "America/Atlanta"), "", "2026-12-01 08:00:00 Pacific/Honolulu"},
		"the night the clocks go forward":        {"2026-03-07 22:00:00 " + eastern, in("FL", eastern), "", "2026-03-08 08:00:00 " + eastern},
		"the evening after":                      {"2026-03-08 20:00:00 " + eastern, in("FL", eastern), "", "2026-03-09 08:00:00 " + eastern},
		"the night they go back":                 {"2026-10-31 22:00:00 " + eastern, in("FL", eastern), "", "2026-11-01 08:00:00 " + eastern},
		"the evening after that":                 {"2026-11-01 19:59:59 " + eastern, in("FL", eastern), "2026-11-01 20:00:00 " + eastern, ""},
		"France at night":                        {"2026-12-01 21:30:00 Europe/Paris", place.Place{Country: "FR", Zones: []string{"Europe/Paris"}}, "2026-12-01 22:00:00 Europe/Paris", ""},
		"France over Christmas and a Sunday":     {"2026-12-24 22:00:00 Europe/Paris", place.Place{Country: "FR", Zones: []string{"Europe/Paris"}}, "", "2026-12-26 08:00:00 Europe/Paris"},
		"Germany on Sunday":                      {"2026-11-29 20:00:00 Europe/Berlin", place.Place{Country: "DE", Zones: []string{"Europe/Berlin"}}, "2026-11-29 21:00:00 Europe/Berlin", ""},
		"a country without a rule":               {"2026-11-29 21:00:00 Asia/Tokyo", place.Place{Country: "JP", Zones: []string{"Asia/Tokyo"}}, "", "2026-11-30 08:00:00 Asia/Tokyo"},
		"the seconds of the last minute counted": {"2026-12-01 07:59:59 " + pacific, in("WA", pacific), "", "2026-12-01 08:00:00 " + pacific},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := shipped(t).Judge(tc.place, quiethours.Policy{}, local(t, tc.at))
			require.Equal(t, tc.until != "", v.Open, v.Why)
			if v.Open {
				require.WithinDuration(t, local(t, tc.until), v.Until, 0)
				require.Zero(t, v.Next)
				return
			}
			require.WithinDuration(t, local(t, tc.next), v.Next, 0)
			require.Zero(t, v.Until)
			require.Equal(t, time.UTC, v.Next.Location())
		})
	}
}

func TestAMomentBeforeTheSecondIsStillClosed(t *testing.T) {
	t.Parallel()
	eight := local(t, "2026-12-01 08:00:00 "+eastern)
	require.False(t, shipped(t).Judge(in("FL", eastern), quiethours.Policy{}, eight.Add(-1)).Open)
	require.True(t, shipped(t).Judge(in("FL", eastern), quiethours.Policy{}, eight.Add(12*time.Hour-1)).Open)
}

func TestCapsAndNamesAreThoseInForce(t *testing.T) {
	t.Parallel()
	noon := local(t, "2026-12-01 12:00:00 "+eastern)
	for name, tc := range map[string]struct {
		place  place.Place
		policy quiethours.Policy
		rules  []string
		most   int
	}{
		"Florida":               {in("FL", eastern), quiethours.Policy{}, []string{"US-FL", "US"}, 3},
		"Maryland and Virginia": {place.Place{Country: "US", States: []string{"MD", "VA"}, Zones: []string{eastern}}, quiethours.Policy{}, []string{"US-MD", "US-VA", "US"}, 3},
		"Georgia":               {in("GA", eastern), quiethours.Policy{SkipDays: []time.Weekday{0}}, []string{"US", "account"}, 0},
		"Canada":                {place.Place{Country: "CA", States: []string{"ON"}, Zones: []string{"America/Toronto"}}, quiethours.Policy{}, []string{"CA"}, 0},
		"nowhere":               {place.Place{Unknown: true}, quiethours.Policy{UnknownZones: []string{eastern}}, []string{"*"}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := shipped(t).Judge(tc.place, tc.policy, noon)
			require.Equal(t, tc.rules, v.Rules)
			require.Equal(t, tc.most, v.Cap)
		})
	}
	closed := shipped(t).Judge(in("OK", central), quiethours.Policy{}, noon.Add(12*time.Hour))
	require.False(t, closed.Open)
	require.Equal(t, 3, closed.Cap, "the cap of a closed place is known too")
	texas := shipped(t).Judge(in("TX", central), quiethours.Policy{}, local(t, "2025-08-31 12:00:00 "+central))
	require.Equal(t, []string{"US"}, texas.Rules)
}

func TestTheSmallestCapOfAllCandidatesCounts(t *testing.T) {
	t.Parallel()
	table, err := quiethours.Parse(strings.NewReader(head + rest +
		"US,,daily,08:00,21:00,none,9,,,s,2026-11-24,\n" +
		"US,FL,mon-fri,08:00,21:00,none,3,,,s,2026-11-24,\nUS,FL,sat,08:00,21:00,none,4,,,s,2026-11-24,\n" +
		"US,GA,daily,08:00,21:00,none,5,,,s,2026-11-24,\n"))
	require.NoError(t, err)
	for states, want := range map[string]int{"": 9, "FL": 3, "GA": 5, "FL GA": 3, "GA FL": 3} {
		p := place.Place{Country: "US", States: strings.Fields(states), Zones: []string{eastern}}
		require.Equal(t, want, table.Judge(p, quiethours.Policy{}, local(t, "2026-12-01 12:00:00 "+eastern)).Cap, states)
	}
}

func TestAVerdictExplainsItself(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		at     string
		place  place.Place
		policy quiethours.Policy
		why    string
	}{
		"at night":           {"2026-12-01 22:00:00 " + eastern, in("FL", eastern), quiethours.Policy{}, "Closed in Florida until 08:00 (America/New_York)"},
		"by day":             {"2026-12-01 12:00:00 " + central, in("FL", central, eastern), quiethours.Policy{}, "Open until 20:00 (America/New_York)"},
		"on a holiday":       {"2026-11-26 12:00:00 " + central, in("LA", central), quiethours.Policy{}, "Closed in Louisiana on Thanksgiving Day until Saturday 28 November 08:00 (America/Chicago)"},
		"federal":            {"2026-12-01 21:00:00 " + eastern, in("GA", eastern), quiethours.Policy{}, "Closed in the United States until 08:00 (America/New_York)"},
		"by the account":     {"2026-12-01 10:00:00 " + eastern, in("GA", eastern), quiethours.Policy{From: 660, To: 900}, "Closed by the account's own hours until 11:00 (America/New_York)"},
		"for good":           {"2026-12-01 10:00:00 " + eastern, in("GA", eastern), quiethours.Policy{From: 1300, To: 1400}, "Closed by the account's own hours for more than 14 days (America/New_York)"},
		"unknown":            {"2026-12-01 09:00:00 " + eastern, place.Place{Country: "US", Unknown: true}, quiethours.Policy{}, "Closed in the United States until 08:00 (Pacific/Honolulu); the whereabouts are unknown, so every zone counts"},
		"the last to open":   {"2026-12-01 08:30:00 " + eastern, in("FL", central, eastern), quiethours.Policy{}, "Closed in Florida until 08:00 (America/Chicago)"},
		"the first to close": {"2026-12-01 19:30:00 " + central, in("FL", central, eastern), quiethours.Policy{}, "Closed in Florida until 09:00 (America/New_York)"},
		"no such rule":       {"2026-12-01 22:00:00 Asia/Tokyo", place.Place{Country: "JP", Zones: []string{"Asia/Tokyo"}}, quiethours.Policy{}, "Closed in this country until 08:00 (Asia/Tokyo)"},
		"by letters":         {"2026-12-01 22:00:00 Europe/Rome", place.Place{Country: "IT", Zones: []string{"Europe/Rome"}}, quiethours.Policy{}, "Closed in IT until 08:00 (Europe/Rome)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.why, shipped(t).Judge(tc.place, tc.policy, local(t, tc.at)).Why)
		})
	}
}

func BenchmarkJudge(b *testing.B) {
	table := shipped(b)
	for name, p := range map[string]place.Place{
		"one zone":  in("FL", eastern),
		"Louisiana": in("LA", central),
		"unknown":   {Country: "US", Unknown: true},
	} {
		for when, at := range map[string]string{"open": "2026-12-01 15:00:00 ", "closed": "2026-12-01 23:00:00 "} {
			b.Run(name+" "+when, func(b *testing.B) {
				now := local(b, at+eastern)
				b.ReportAllocs()
				for b.Loop() {
					table.Judge(p, quiethours.Policy{}, now)
				}
			})
		}
	}
}
