package place

import (
	"fmt"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/nyaruka/phonenumbers"
	"github.com/stretchr/testify/require"

	"trackly/rules/phone"
)

func TestEveryRowOfTheDataIsRead(t *testing.T) {
	t.Parallel()
	d, err := load()
	require.NoError(t, err)
	require.Len(t, d.states, 56+13)
	require.Greater(t, len(d.areas), 400)
	require.Greater(t, len(d.postal), 900)
	for name, table := range map[string]map[string]ground{"area": d.areas, "postal": d.postal} {
		for code, g := range table {
			require.NotEmpty(t, g.states, "%s %s", name, code)
			require.NotEmpty(t, g.zones, "%s %s", name, code)
			for _, s := range g.states {
				require.Equal(t, g.country, d.states[s].country, "%s %s", name, code)
			}
			for _, z := range g.zones {
				require.True(t, slices.ContainsFunc(g.states, func(s string) bool {
					return slices.Contains(d.states[s].zones, z)
				}), "%s %s: %s is in none of its states", name, code, z)
			}
		}
	}
	for code, s := range d.states {
		require.Equal(t, code, d.names[strings.ToUpper(s.name)])
		for _, z := range s.zones {
			_, ok := Location(z)
			require.True(t, ok, z)
		}
	}
}

// A new area code shows here with the next update of the numbering data.
func TestEveryGeographicAreaCodeIsInTheTable(t *testing.T) {
	t.Parallel()
	compared := 0
	for code := 200; code < 1000; code++ {
		n, err := phone.Parse(fmt.Sprintf("+1%03d5550100", code), "")
		if err != nil || plan(n.Region) == "" || len(n.Zones) > mostZones {
			continue
		}
		g, ok := data().areas[fmt.Sprint(code)]
		require.True(t, ok, "area code %d is missing", code)
		require.Equal(t, plan(n.Region), g.country, "%d", code)
		if len(n.Zones) == 1 && code != 474 { // 474 overlays Saskatchewan, which is not on Winnipeg's time
			requireSameClock(t, n.Zones[0], g.zones, code)
			compared++
		}
	}
	require.Greater(t, compared, 380)
}

// requireSameClock asks for a zone which shows the same time all year round: the numbering
// data says America/North_Dakota/Center where Chicago does as well.
func requireSameClock(t *testing.T, zone string, ours []string, code int) {
	t.Helper()
	same := func(other string) bool {
		a, _ := Location(zone)
		b, _ := Location(other)
		for day := range 365 {
			at := time.Date(2026, 1, 1+day, 12, 0, 0, 0, time.UTC)
			_, x := at.In(a).Zone()
			_, y := at.In(b).Zone()
			if x != y {
				return false
			}
		}
		return true
	}
	require.True(t, slices.ContainsFunc(ours, same), "%d is in %s, the table says %v", code, zone, ours)
}

// The numbering data describes many prefixes by their state: "Idaho", "Pensacola, FL".
func TestStatesOfAreaCodesAreThoseOfTheNumberingData(t *testing.T) {
	t.Parallel()
	compared := 0
	for code, g := range data().areas {
		votes := map[string]int{}
		for office := 200; office < 1000; office += 7 {
			n, err := phonenumbers.Parse(fmt.Sprintf("+1%s%03d0100", code, office), "US")
			require.NoError(t, err)
			described, err := phonenumbers.GetGeocodingForNumber(n, "en")
			require.NoError(t, err)
			described = described[strings.LastIndex(described, ", ")+1:]
			if s := stateGround(strings.TrimSuffix(described, " State")); s.known() {
				votes[s.states[0]]++
			}
		}
		for s, n := range votes {
			if n > 5 { // a border town or two is served from the other side
				require.Contains(t, g.states, s, code)
				compared++
			}
		}
	}
	require.Greater(t, compared, 370)
}

func TestARowThatIsNoRangeIsRefused(t *testing.T) {
	t.Parallel()
	for _, codes := range []string{"350 350", "350-abc", "abc-abd", "359-350", "350-9999", "123456"} {
		require.Error(t, spread(map[string]ground{}, []string{"US", "AL", "America/Chicago", codes}), codes)
	}
}
