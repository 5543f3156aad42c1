package phone

import (
	"fmt"
	"slices"
	"testing"

	"github.com/nyaruka/phonenumbers"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

// shapes are ways to write a US number which quick may answer; the last ones it must not
// answer differently from the library.
func shapes() []string {
	return []string{
		"+1%s%s%s", "1%s%s%s", "%s%s%s", "(%s) %s-%s", "(%s)%s-%s", "%s-%s-%s", "%s.%s.%s", "1 (%s) %s %s",
		"+1 (%s) %s-%s", "1-%s-%s-%s", "+1-%s-%s-%s", "(%s%s-%s", "+%s%s%s", "%s)%s-%s", "+1+%s%s%s", "11%s%s%s", "%s--%s-%s",
	}
}

func TestQuickGivesExactlyTheAnswersOfTheLibrary(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := fmt.Sprintf(
			rapid.SampledFrom(shapes()).Draw(t, "shape"),
			rapid.StringMatching(`[0-9]{3}`).Draw(t, "area"),
			rapid.StringMatching(`[0-9]{3}|555`).Draw(t, "office"),
			rapid.StringMatching(`[0-9]{3,5}`).Draw(t, "line"),
		)
		region := rapid.SampledFrom([]string{"US", "US", "CA", "GB", ""}).Draw(t, "region")
		requireSame(t, s, region)
	})
}

// Every area code of the table, at both ends and in the middle: an update of the numbering
// data which splits an area code has to show here.
func TestEveryAreaOfTheTableIsStillWholeInTheLibrary(t *testing.T) {
	t.Parallel()
	known, corrected := 0, []int{364, 448, 458, 689, 930}
	for code, zones := range areas {
		if zones == nil {
			continue
		}
		known++
		for _, rest := range []string{"2000000", "2111234", "3334567", "4440000", "5550100", "5550199", "6661212", "7779876", "8880001", "9999999"} {
			raw := fmt.Sprintf("+1%03d%s", code, rest)
			requireSame(t, raw, "US")
			n, err := phonenumbers.Parse(raw, "US")
			require.NoError(t, err)
			if !slices.Contains(corrected, code) {
				require.Equal(t, libraryZones(n), zones, "area code %d", code)
				continue
			}
			require.NotEqual(t, libraryZones(n), zones, "the library learned about %d: drop the correction", code)
		}
	}
	require.Greater(t, known, 330)
}

// Numbers reserved for fiction are the demo's contacts, so all of them must be real to us.
func TestNumbersReservedForFictionAreValidInEveryUSArea(t *testing.T) {
	t.Parallel()
	valid := 0
	for code := 200; code < 1000; code++ {
		raw := fmt.Sprintf("+1%03d5550100", code)
		n, err := Parse(raw, "US")
		if err != nil || n.Region != "US" {
			require.Nil(t, areas[code], "a US area code must accept fiction")
			continue
		}
		valid++
		last, err := Parse(fmt.Sprintf("(%03d) 555-0199", code), "US")
		require.NoError(t, err)
		require.Equal(t, "US", last.Region)
	}
	require.Greater(t, valid, 370)
}

// An overlay covers the same ground as the code it overlays.
func TestOverlaysHaveAtLeastTheZonesOfTheCodeTheyOverlay(t *testing.T) {
	t.Parallel()
	for overlay, old := range map[string]string{"689": "407", "364": "270", "448": "850", "458": "541", "930": "812"} {
		a, err := Parse(overlay+"5550123", "US")
		require.NoError(t, err)
		b, err := Parse(old+"5550123", "US")
		require.NoError(t, err)
		require.Subset(t, a.Zones, b.Zones, overlay)
	}
}

func requireSame(t require.TestingT, s, region string) {
	fast, ok := quick(s, region)
	if !ok {
		return
	}
	slow, err := thorough(s, region)
	require.NoError(t, err, "quick accepted what the library refuses")
	require.Equal(t, slow, fast)
}

func TestQuickAnswersTheShapesOfRealFiles(t *testing.T) {
	t.Parallel()
	for _, shape := range shapes()[:11] {
		_, ok := quick(fmt.Sprintf(shape, "212", "555", "0123"), "US")
		require.True(t, ok, shape)
	}
	for _, shape := range shapes()[11:] {
		_, ok := quick(fmt.Sprintf(shape, "212", "555", "0123"), "US")
		require.False(t, ok, shape)
	}
}

func BenchmarkParse(b *testing.B) {
	for name, raw := range map[string]string{"quick": "(212) 555-0123", "library": "850-555-0123"} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			for b.Loop() {
				if _, err := Parse(raw, "US"); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
