package quiethours_test

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/rules/place"
	"trackly/rules/quiethours"
)

// watch is a slow and simple reading of the rules: it looks at one minute at a time.
type watch struct {
	rows   []quiethours.Row
	place  place.Place
	policy quiethours.Policy
	zones  []*time.Location
}

func watchOf(table *quiethours.Table, p place.Place, policy quiethours.Policy) watch {
	w := watch{rows: table.Rows(), place: p, policy: policy}
	names := p.Zones
	if p.Unknown {
		names = policy.UnknownZones
	}
	for _, name := range names {
		loc, _ := place.Location(name)
		w.zones = append(w.zones, loc)
	}
	return w
}

func (w watch) open(at time.Time) bool {
	for _, loc := range w.zones {
		for _, state := range append([]string{""}, w.place.States...) {
			if !w.lawOpen(at, loc, state) {
				return false
			}
		}
		if !w.accountOpen(at, loc) {
			return false
		}
	}
	return true
}

func (w watch) lawOpen(at time.Time, loc *time.Location, state string) bool {
	today := at.In(loc).Format(time.DateOnly)
	inForce := func(country string) (rows []quiethours.Row) {
		for _, r := range w.rows {
			if r.Country == country && r.State == state &&
				(r.Effective.IsZero() || r.Effective.Format(time.DateOnly) <= today) &&
				(r.Until.IsZero() || r.Until.Format(time.DateOnly) >= today) {
				rows = append(rows, r)
			}
		}
		return rows
	}
	rows := inForce(w.place.Country)
	if rows == nil && state == "" {
		rows = inForce("*")
	}
	for _, r := range rows {
		if !slices.Contains(r.Days, at.In(loc).Weekday()) {
			continue
		}
		closed := r.Holidays != quiethours.HolidaysNone && slices.Contains(holidays()[r.Country], today) ||
			r.Holidays == quiethours.HolidaysState && slices.Contains(holidays()[r.Name()], today)
		return !closed && between(at, loc, r.From, r.To)
	}
	return rows == nil
}

func (w watch) accountOpen(at time.Time, loc *time.Location) bool {
	today := at.In(loc).Weekday()
	if slices.Contains(w.policy.SkipDays, today) {
		return false
	}
	if w.policy.Strict && (!between(at, loc, 11*60, 20*60) || today == time.Sunday && !between(at, loc, 12*60, 20*60)) {
		return false
	}
	return w.policy.To == 0 || between(at, loc, w.policy.From, w.policy.To)
}

// between reads the clock on the wall. Around a change of the clocks it also asks that
// they have not yet read the end on this day, and will not read earlier than the start
// again.
func between(at time.Time, loc *time.Location, from, to int) bool {
	wall := reading(at, loc)
	start := wall.Truncate(24 * time.Hour).Add(time.Duration(from) * time.Minute)
	end := wall.Truncate(24 * time.Hour).Add(time.Duration(to) * time.Minute)
	if wall.Before(start) || !wall.Before(end) {
		return false
	}
	_, before := at.Add(-4 * time.Hour).In(loc).Zone()
	_, after := at.Add(4 * time.Hour).In(loc).Zone()
	if before == after {
		return true
	}
	for m := range 4 * 60 {
		step := time.Duration(m) * time.Minute
		if !reading(at.Add(-step), loc).Before(end) || reading(at.Add(step), loc).Before(start) {
			return false
		}
	}
	return true
}

// reading is what the wall shows, as if it were UTC.
func reading(at time.Time, loc *time.Location) time.Time {
	l := at.In(loc)
	return time.Date(l.Year(), l.Month(), l.Day(), l.Hour(), l.Minute(), l.Second(), 0, time.UTC)
}

// Zones with every trick: half hours, no daylight time, changes at midnight and by half an
// hour, both halves of the world.
func testZones() []string {
	return []string{
		eastern, central, mountain, phoenix, pacific, "America/Adak", "Pacific/Honolulu", "America/St_Johns", "America/Halifax",
		"Europe/London", "Europe/Paris", "Asia/Kolkata", "Asia/Kathmandu", "Australia/Lord_Howe", "America/Santiago",
		"America/Havana", "Africa/Cairo", "Asia/Beirut", "Africa/Casablanca", "Pacific/Kiritimati", "Pacific/Pago_Pago", "Atlantic/Azores",
	}
}

func drawPlace(t *rapid.T) place.Place {
	country := rapid.SampledFrom([]string{"US", "US", "US", "FR", "DE", "JP", ""}).Draw(t, "country")
	p := place.Place{Country: country, Unknown: rapid.IntRange(0, 9).Draw(t, "unknown") == 0}
	if country == "US" {
		p.States = rapid.SliceOfNDistinct(rapid.SampledFrom([]string{"AL", "CT", "FL", "GA", "KY", "LA", "MS", "RI", "TX"}), 0, 2, rapid.ID[string]).Draw(t, "states")
	}
	if !p.Unknown {
		p.Zones = rapid.SliceOfNDistinct(rapid.SampledFrom(testZones()), 1, 3, rapid.ID[string]).Draw(t, "zones")
	}
	return p
}

func drawPolicy(t *rapid.T) quiethours.Policy {
	p := quiethours.Policy{UnknownZones: []string{eastern, pacific}}
	if rapid.Bool().Draw(t, "hours") {
		p.From = rapid.IntRange(0, 90).Draw(t, "from") * 15
		p.To = p.From + rapid.IntRange(1, (1440-p.From)/15).Draw(t, "length")*15
	}
	p.SkipDays = rapid.SliceOfNDistinct(rapid.Map(rapid.IntRange(0, 6), func(d int) time.Weekday { return time.Weekday(d) }), 0, 2, rapid.ID[time.Weekday]).Draw(t, "skip")
	p.Strict = rapid.IntRange(0, 4).Draw(t, "strict") == 0
	return p
}

// drawInstant is any second of two years, half of the time one near a change of the clocks
// in one of the zones.
func drawInstant(t *rapid.T, zones []string) time.Time {
	at := time.Unix(rapid.Int64Range(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC).Unix(), time.Date(2027, 12, 31, 0, 0, 0, 0, time.UTC).Unix()).Draw(t, "at"), 0)
	if rapid.Bool().Draw(t, "near a change") {
		loc, _ := place.Location(rapid.SampledFrom(zones).Draw(t, "zone"))
		if _, change := at.In(loc).ZoneBounds(); !change.IsZero() && change.Year() < 2028 {
			at = change.Add(time.Duration(rapid.IntRange(-40*60, 4*60).Draw(t, "minutes")) * time.Minute)
		}
	}
	return at
}

// drawTable mixes the shipped rules with odd ones, some of which open or close in the very
// hours in which clocks change.
func drawTable(t *rapid.T) *quiethours.Table {
	if rapid.Bool().Draw(t, "shipped") {
		return shippedTable(t)
	}
	var b strings.Builder
	b.WriteString("# version: 2026-11-24\ncountry,state,days,from,to,holidays,cap,effective_from,effective_until,source,reviewed,note\n")
	b.WriteString(hours(t, "*,,daily") + "none,,,,s,2026-11-24,\n")
	b.WriteString(hours(t, "US,,mon-sat") + "none,9,,,s,2026-11-24,\n")
	b.WriteString(hours(t, "US,,sun") + "federal,,,,s,2026-11-24,\n")
	b.WriteString(hours(t, "US,LA,daily") + "state,4,,2026-10-31,s,2026-11-24,\n")
	b.WriteString(hours(t, "US,LA,thu-tue") + "none,,2026-11-01,,s,2026-11-24,\n")
	b.WriteString(hours(t, "US,TX,daily") + "none,,2026-05-05,2027-03-14,s,2026-11-24,\n")
	b.WriteString(hours(t, "FR,,sat sun") + "federal,,2026-11-01,,s,2026-11-24,\n")
	table, err := quiethours.Parse(strings.NewReader(b.String()))
	require.NoError(t, err)
	return table
}

func hours(t *rapid.T, days string) string {
	from := rapid.SampledFrom([]int{0, 0, 30, 60, 90, 105, 120, 150, 480, 540}).Draw(t, "opens")
	to := rapid.SampledFrom([]int{1440, 1440, 1425, 1380, 1260, 180, 165, 155}).Draw(t, "closes")
	if to <= from {
		to = 1440
	}
	return fmt.Sprintf("%s,%02d:%02d,%02d:%02d,", days, from/60, from%60, to/60, to%60)
}

func shippedTable(t require.TestingT) *quiethours.Table {
	table, err := quiethours.Default()
	require.NoError(t, err)
	return table
}

// No message is ever claimed outside its window, and none waits longer than it must.
func TestAVerdictIsTrueMinuteByMinute(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		table, p, policy := drawTable(t), drawPlace(t), drawPolicy(t)
		at := drawInstant(t, append(testZones(), p.Zones...))
		w := watchOf(table, p, policy)
		v := table.Judge(p, policy, at)
		require.Equal(t, w.open(at), v.Open, v.Why)

		end := v.Next
		if v.Open {
			end = v.Until
			require.Zero(t, v.Next)
		} else {
			require.Zero(t, v.Until)
		}
		if end.IsZero() {
			end = at.Add(14 * 24 * time.Hour)
		} else if end.Before(at.Add(14 * 24 * time.Hour)) {
			require.True(t, end.After(at))
			require.Equal(t, !v.Open, w.open(end), "%s must be the edge: %s", end, v.Why)
		}
		for m := at.Truncate(time.Minute).Add(time.Minute); m.Before(end); m = m.Add(time.Minute) {
			if w.open(m) != v.Open {
				require.Equal(t, v.Open, w.open(m), "%s lies before %s: %s", m, end, v.Why)
			}
		}
		require.NotEmpty(t, v.Rules)
		require.NotEmpty(t, v.Why)
	})
}

// An account, a second zone or a second state can only take away.
func TestWishingMoreNeverOpensAnything(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		table, p, policy := drawTable(t), drawPlace(t), drawPolicy(t)
		at := drawInstant(t, testZones())
		narrow := table.Judge(p, policy, at)
		plain := table.Judge(p, quiethours.Policy{UnknownZones: policy.UnknownZones}, at)
		require.False(t, narrow.Open && !plain.Open)
		if narrow.Open {
			require.False(t, narrow.Until.After(plain.Until))
		}
		if len(p.Zones) > 1 {
			p.Zones = p.Zones[:1]
		}
		if len(p.States) > 1 {
			p.States = p.States[:1]
		}
		fewer := table.Judge(p, policy, at)
		require.False(t, narrow.Open && !fewer.Open)
		if !narrow.Open && !narrow.Next.IsZero() && !fewer.Open {
			require.False(t, narrow.Next.Before(fewer.Next))
		}
		require.True(t, fewer.Cap == 0 || narrow.Cap > 0 && narrow.Cap <= fewer.Cap)
	})
}
