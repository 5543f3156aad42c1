package place_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/rules/phone"
	"trackly/rules/place"
)

const (
	eastern  = "America/New_York"
	central  = "America/Chicago"
	mountain = "America/Denver"
	pacific  = "America/Los_Angeles"
)

// with reads the phone as the product does and adds what else is known.
func with(t *testing.T, raw string, f place.Facts) place.Facts {
	t.Helper()
	n, err := phone.Parse(raw, "US")
	require.NoError(t, err)
	f.Phone, f.Region, f.PhoneZones = n.E164, n.Region, n.Zones
	return f
}

func TestWhatIsKnownBestDecides(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		raw  string
		more place.Facts
		key  string
		from string
	}{
		"the area code alone":                   {"3055550100", place.Facts{}, "US-FL " + eastern, place.SourceAreaCode},
		"an area cut by a border is whole":      {"8505550100", place.Facts{}, "US-FL " + central + "," + eastern, place.SourceAreaCode},
		"also where the exchange is known":      {"8504325550", place.Facts{}, "US-FL " + central + "," + eastern, place.SourceAreaCode},
		"a ZIP code settles the border":         {"8505550100", place.Facts{Postal: "32501"}, "US-FL " + central, place.SourcePostal},
		"a ZIP code on the border does not":     {"8505550100", place.Facts{Postal: "32456-0001"}, "US-FL " + central + "," + eastern, place.SourcePostal},
		"a zone settles everything but law":     {"8505550100", place.Facts{Zone: pacific}, "US-FL " + pacific, place.SourceZone},
		"zone, state and ZIP each for its own":  {"8505550100", place.Facts{Zone: mountain, State: "WA", Postal: "98101"}, "US-WA " + mountain, place.SourceZone},
		"a state has all its zones":             {"2125550100", place.Facts{State: "TX"}, "US-TX " + central + "," + mountain, place.SourceState},
		"an area in the state narrows them":     {"9155550100", place.Facts{State: "TX"}, "US-TX " + mountain, place.SourceState},
		"an area of another state does not":     {"9315550100", place.Facts{State: "TX"}, "US-TX " + central + "," + mountain, place.SourceState},
		"a state by name, carelessly written":   {"2125550100", place.Facts{State: " new mexico "}, "US-NM " + mountain, place.SourceState},
		"a ZIP of another state is not heard":   {"2125550100", place.Facts{State: "UT", Postal: "33101"}, "US-UT " + mountain, place.SourceState},
		"a ZIP of the state is":                 {"2125550100", place.Facts{State: "TX", Postal: "79901"}, "US-TX " + mountain, place.SourcePostal},
		"a ZIP moves a person":                  {"2125550100", place.Facts{Postal: "36101"}, "US-AL " + central, place.SourcePostal},
		"a ZIP of two states has both laws":     {"2125550100", place.Facts{Postal: "06390"}, "US-CT,NY " + eastern, place.SourcePostal},
		"the Navajo Nation":                     {"4805550100", place.Facts{Postal: "86515"}, "US-AZ " + mountain + ",America/Phoenix", place.SourcePostal},
		"the rest of Arizona":                   {"4805550100", place.Facts{Postal: "85001"}, "US-AZ America/Phoenix", place.SourcePostal},
		"an island of the Aleutians":            {"9075550100", place.Facts{Postal: "99546"}, "US-AK America/Adak", place.SourcePostal},
		"a territory lives under federal law":   {"7875550100", place.Facts{}, "US-PR America/Puerto_Rico", place.SourceAreaCode},
		"a zone that does not exist":            {"3055550100", place.Facts{Zone: "America/Miami"}, "US-FL " + eastern, place.SourceAreaCode},
		"a clock that is no place":              {"3055550100", place.Facts{Zone: "UTC"}, "US-FL " + eastern, place.SourceAreaCode},
		"a clock of ships":                      {"3055550100", place.Facts{Zone: "Etc/GMT+5"}, "US-FL " + eastern, place.SourceAreaCode},
		"the server's own clock":                {"3055550100", place.Facts{Zone: "Local"}, "US-FL " + eastern, place.SourceAreaCode},
		"a state that does not exist":           {"3055550100", place.Facts{State: "ZZ"}, "US-FL " + eastern, place.SourceAreaCode},
		"a ZIP that does not exist":             {"3055550100", place.Facts{Postal: "00000"}, "US-FL " + eastern, place.SourceAreaCode},
		"a ZIP with a letter in it":             {"3055550100", place.Facts{Postal: "9000I"}, "US-FL " + eastern, place.SourceAreaCode},
		"toll-free":                             {"8885550100", place.Facts{}, "US unknown", place.SourceNone},
		"toll-free with a state":                {"8885550100", place.Facts{State: "HI"}, "US-HI Pacific/Honolulu", place.SourceState},
		"toll-free with a zone":                 {"8335550100", place.Facts{Zone: pacific}, "US " + pacific, place.SourceZone},
		"personal numbers live nowhere":         {"5005550100", place.Facts{}, "US unknown", place.SourceNone},
		"Toronto":                               {"4165550100", place.Facts{}, "CA-ON America/Toronto", place.SourceAreaCode},
		"Nova Scotia and the island share one":  {"9025550100", place.Facts{}, "CA-NS,PE America/Halifax", place.SourceAreaCode},
		"Kenora, by half a postal code":         {"8075550100", place.Facts{Postal: "p9n"}, "CA-ON America/Toronto,America/Winnipeg", place.SourcePostal},
		"Vancouver, by a whole one":             {"4165550100", place.Facts{Postal: "V6B 1A1"}, "CA-BC America/Vancouver", place.SourcePostal},
		"a Canadian who lives in Maine":         {"5065550100", place.Facts{State: "ME"}, "US-ME " + eastern, place.SourceState},
		"London":                                {"+442079460958", place.Facts{}, "GB Europe/London", place.SourceAreaCode},
		"an Australian WA is not Washington":    {"+61891234567", place.Facts{State: "WA"}, "AU Australia/Adelaide,Australia/Perth", place.SourceAreaCode},
		"a zone is heard abroad":                {"+61891234567", place.Facts{Zone: "Australia/Sydney"}, "AU Australia/Sydney", place.SourceZone},
		"Jamaica shares the code, not the land": {"8765550100", place.Facts{State: "FL"}, "JM America/Jamaica", place.SourceAreaCode},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := place.Of(with(t, tc.raw, tc.more))
			require.Equal(t, tc.key, got.Key())
			require.Equal(t, tc.from, got.Source)
			require.Equal(t, len(got.Zones) == 0, got.Unknown)
		})
	}
}

func TestNothingKnownIsUnknown(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		facts place.Facts
		key   string
	}{
		"no facts":                    {place.Facts{}, "? unknown"},
		"only a country":              {place.Facts{Region: "us"}, "US unknown"},
		"another country, no zones":   {place.Facts{Region: "fr", Phone: "+33612345678"}, "FR unknown"},
		"no country, foreign number":  {place.Facts{Phone: "+33612345678"}, "? unknown"},
		"a state without a number":    {place.Facts{State: "AL"}, "US-AL America/Chicago"},
		"the number alone is read":    {place.Facts{Phone: "+12055550100"}, "US-AL America/Chicago"},
		"a number that is none":       {place.Facts{Phone: "+1205555010x"}, "? unknown"},
		"a code newer than the table": {place.Facts{Phone: "+12995550100", Region: "US", PhoneZones: []string{central}}, "US " + central},
		"forty zones say as much as none": {place.Facts{Phone: "+18005550100", Region: "US", PhoneZones: []string{
			eastern, central, mountain, pacific, "America/Anchorage", "Pacific/Honolulu", "America/Toronto",
		}}, "US unknown"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.key, place.Of(tc.facts).Key())
		})
	}
}

func TestAPlaceBelongsToTheCaller(t *testing.T) {
	t.Parallel()
	f := place.Facts{Phone: "+18505550100", Region: "US"}
	first := place.Of(f)
	first.States[0], first.Zones[0] = "ZZ", "Mars/Olympus"
	require.Equal(t, "US-FL "+central+","+eastern, place.Of(f).Key())

	abroad := place.Facts{Region: "RU", PhoneZones: []string{"Europe/Moscow", "Asia/Omsk"}}
	require.Equal(t, []string{"Asia/Omsk", "Europe/Moscow"}, place.Of(abroad).Zones)
	require.Equal(t, "Europe/Moscow", abroad.PhoneZones[0], "the facts are left alone")
}

func TestStatesHaveNames(t *testing.T) {
	t.Parallel()
	require.Equal(t, "Louisiana", place.StateName("LA"))
	require.Equal(t, "ZZ", place.StateName("ZZ"))
	require.True(t, place.KnownState("CA", "ON"))
	require.False(t, place.KnownState("US", "ON"))
}

func FuzzOf(f *testing.F) {
	f.Add("+18505550100", "US", "America/Chicago", "FL", "32501-1234")
	f.Add("+14165550100", "CA", "Etc/GMT+5", "québec", "h2x 1y4")
	f.Add("+1é5550100xx", "", "../etc/passwd", "\xff", "V1\x00")
	f.Fuzz(func(t *testing.T, number, region, zone, state, postal string) {
		p := place.Of(place.Facts{Phone: number, Region: region, Zone: zone, State: state, Postal: postal})
		require.Equal(t, len(p.Zones) == 0, p.Unknown)
		for _, z := range p.Zones {
			_, ok := place.Location(z)
			require.True(t, ok)
		}
		for _, s := range p.States {
			require.True(t, place.KnownState(p.Country, s))
		}
	})
}

func BenchmarkOf(b *testing.B) {
	f := place.Facts{Phone: "+18505550100", Region: "US", Postal: "32501"}
	b.ReportAllocs()
	for b.Loop() {
		place.Of(f)
	}
}
