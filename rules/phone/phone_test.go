package phone_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/rules/phone"
)

func TestParseReadsWhatPeopleWrite(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ raw, region, e164, country string }{
		"E.164":                               {"+12125550123", "", "+12125550123", "US"},
		"E.164 read from abroad":              {"+12125550123", "GB", "+12125550123", "US"},
		"ten digits":                          {"2125550123", "US", "+12125550123", "US"},
		"region in small letters":             {"2125550123", "us", "+12125550123", "US"},
		"eleven digits":                       {"12125550123", "US", "+12125550123", "US"},
		"brackets":                            {"(212) 555-0123", "US", "+12125550123", "US"},
		"dots and a leading one":              {"1.212.555.0123", "US", "+12125550123", "US"},
		"spaces around":                       {"\t 212 555 0123\u00a0", "US", "+12125550123", "US"},
		"a tel link":                          {"tel:+1-212-555-0123", "US", "+12125550123", "US"},
		"an apostrophe from a spreadsheet":    {"'+12125550123", "US", "+12125550123", "US"},
		"full-width digits":                   {"２１２５５５０１２３", "US", "+12125550123", "US"},
		"a US number in an area of two zones": {"850-555-0123", "US", "+18505550123", "US"},
		"the exit code of the US":             {"011 44 20 7946 0958", "US", "+442079460958", "GB"},
		"London at home":                      {"020 7946 0958", "GB", "+442079460958", "GB"},
		"Toronto shares the country code":     {"416 555 0123", "US", "+14165550123", "CA"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := phone.Parse(tc.raw, tc.region)
			require.NoError(t, err)
			require.Equal(t, tc.e164, got.E164)
			require.Equal(t, tc.country, got.Region)
		})
	}
}

func TestParseRefusesWithoutRepeatingThePhone(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ raw, region, says string }{
		"empty":                   {"  ", "US", "is empty"},
		"only tel":                {"tel:", "US", "letters"},
		"too few digits":          {"212555012", "US", "too few digits"},
		"local without area":      {"555-0123", "US", "too few digits"},
		"too many digits":         {"2125550123999", "US", "too many digits"},
		"impossible area code":    {"123-555-0123", "US", "numbering plan"},
		"impossible office code":  {"212-155-0123", "US", "numbering plan"},
		"vanity letters":          {"1-800-FLOWERS", "US", "letters"},
		"words before the number": {"call 2125550123", "US", "letters"},
		"an extension in words":   {"212-555-0123 ext 5", "US", "letters"},
		"an extension by sign":    {"212-555-0123#5", "US", "extension"},
		"two numbers":             {"2125550123/2125550124", "US", "too many digits"},
		"scientific notation":     {"2.12555E+09", "US", "scientific notation"},
		"no region and no plus":   {"2125550123", "", "country code"},
		"unknown country code":    {"+999 2125550123", "US", "country code"},
		"international freephone": {"+800 1234 5678", "US", "no country"},
		"very long":               {strings.Repeat("2", 1000), "US", "longer than"},
		"invalid UTF-8":           {"\xff\xfe", "US", "not a phone number"},
		"a date":                  {"2026-11-23", "US", "too few digits"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := phone.Parse(tc.raw, tc.region)
			require.Error(t, err)
			require.Equal(t, fault.Invalid, fault.KindOf(err))
			require.Contains(t, err.Error(), tc.says)
			require.NotContains(t, err.Error(), "555", "the message must not carry the number")
			require.Empty(t, got)
		})
	}
}

func TestZonesAreAllTheDigitsAllow(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string][]string{
		"+12125550123":  {"America/New_York"},
		"+16025550123":  {"America/Phoenix"},
		"+19865550123":  {"America/Boise", "America/Los_Angeles"},
		"+19075550123":  {"America/Adak", "America/Anchorage"},
		"+442079460958": {"Europe/London"},
	} {
		got, err := phone.Parse(raw, "")
		require.NoError(t, err)
		require.Equal(t, want, got.Zones, raw)
	}
}

func TestZonesBelongToTheCaller(t *testing.T) {
	t.Parallel()
	first, err := phone.Parse("+19865550123", "")
	require.NoError(t, err)
	first.Zones[0] = "Mars/Olympus"
	again, err := phone.Parse("+19865550123", "")
	require.NoError(t, err)
	require.Equal(t, "America/Boise", again.Zones[0])
}

func FuzzParse(f *testing.F) {
	for _, raw := range []string{"+12125550123", "(212) 555-0123", "020 7946 0958", "tel:+1;phone-context=+44", "1-800-FLOWERS", "\xff+1", "2.1E+9"} {
		f.Add(raw, "US")
	}
	f.Add("020 7946 0958", "GB")
	f.Add("1", "XX")
	f.Fuzz(func(t *testing.T, raw, region string) {
		n, err := phone.Parse(raw, region)
		if err != nil {
			require.Equal(t, fault.Invalid, fault.KindOf(err))
			return
		}
		require.Regexp(t, `^\+[1-9][0-9]{1,14}$`, n.E164)
		require.Len(t, n.Region, 2)
	})
}
