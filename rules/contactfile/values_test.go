package contactfile_test

import (
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/rules/contactfile"
	"trackly/rules/field"
)

func TestValuesAreKeptInTheirCanonicalForm(t *testing.T) {
	t.Parallel()
	known := field.Set{"age": field.Number, "vip": field.Boolean, "born": field.Date, "note": field.Text}
	for name, tc := range map[string]struct {
		cells string
		want  field.Values
		bad   string // the header of the refused column
	}{
		"each":                    {"007.50,YES,11/02/1980,x", field.Values{"age": "7.5", "vip": "true", "born": "1980-11-02", "note": "x"}, ""},
		"a time is cut to a day":  {",,1980-11-02T23:00:00-05:00,", field.Values{"born": "1980-11-02"}, ""},
		"empty is no value":       {", ,,", nil, ""},
		"no number":               {"41 years,,,", nil, "Age"},
		"no boolean":              {",maybe,,", nil, "VIP"},
		"no date":                 {",,13/13/1980,", nil, "born"},
		"a text of two kilobytes": {",,," + strings.Repeat("x", 2048), nil, "note"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows, err := read(strings.NewReader("phone,Age,VIP,born,note\n2125550123,"+tc.cells+"\n"), contactfile.Options{Known: known})
			require.NoError(t, err)
			if tc.bad == "" {
				require.Empty(t, rows[0].Refusals)
				require.Equal(t, tc.want, rows[0].Fields)
				return
			}
			require.Len(t, rows[0].Refusals, 1)
			r := rows[0].Refusals[0]
			require.Equal(t, []any{contactfile.BadValue, tc.bad}, []any{r.Reason, r.Column})
			require.NotEmpty(t, r.Value)
			require.Regexp(t, `^The value (is|has) .*\.$`, r.Message)
		})
	}
}

func TestAFormulaAroundACodeIsTakenAway(t *testing.T) {
	t.Parallel()
	got := all(t, "phone,zip,code,note\n\"=\"\"2125550123\"\"\",\"=\"\"02134\"\"\",\"=\"\"007\"\"\",=A1\n")
	require.Empty(t, got[0].Refusals)
	require.Equal(t, []any{"+12125550123", "02134", field.Values{"code": "007", "note": "=A1"}}, []any{got[0].Phone, got[0].Zip, got[0].Fields})
}

func TestAConsentIsRead(t *testing.T) {
	t.Parallel()
	got := all(t, "phone,consent_date,consent_ip,consent_url,consent_text,consent_method,consent_user_agent\n"+
		"2125550123,2026-11-02 10:00:00 -05:00,2001:DB8::1,https://example.com/join,I agree to texts,web form,"+strings.Repeat("M", 600)+"\n"+
		"2125550124,1762095600,,,,,\n2125550125,1762095600000,,,,,\n2125550126,,localhost,,,,\n2125550127,,fe80::1%eth0,,,,\n"+
		"2125550128,,,"+strings.Repeat("x", 2049)+",,,\n")
	at := time.Date(2026, 11, 2, 15, 0, 0, 0, time.UTC)
	require.Equal(t, contactfile.Consent{
		At: at, IP: "2001:db8::1", PageURL: "https://example.com/join", Disclosure: "I agree to texts",
		Method: "web form", UserAgent: strings.Repeat("M", 512),
	}, got[0].Consent)
	require.Equal(t, at.AddDate(-1, 0, 0), got[1].Consent.At, "seconds since 1970")
	require.Equal(t, got[1].Consent.At, got[2].Consent.At, "milliseconds")
	require.Equal(t, contactfile.BadValue, got[3].Refusals[0].Reason)
	require.Equal(t, contactfile.BadValue, got[4].Refusals[0].Reason)
	require.Equal(t, contactfile.TooLong, got[5].Refusals[0].Reason)
}

// Who imports for Britain writes the day first; everybody may write what nobody misreads.
func TestDatesAreReadAsTheRegionWritesThem(t *testing.T) {
	t.Parallel()
	for written, want := range map[string][2]string{
		"02/03/2026": {"2026-02-03", "2026-03-02"}, "25/12/2026": {"", "2026-12-25"}, "12/25/2026": {"2026-12-25", ""},
		"02.03.2026": {"2026-03-02", "2026-03-02"}, "2026/3/2": {"2026-03-02", "2026-03-02"}, "2-Mar-2026": {"2026-03-02", "2026-03-02"},
	} {
		for i, region := range []string{"US", "GB"} {
			rows, err := read(strings.NewReader("phone,opt_in_date\n+12125550123,"+written+"\n"), contactfile.Options{Region: region})
			require.NoError(t, err)
			got := ""
			if !rows[0].Consent.At.IsZero() {
				got = rows[0].Consent.At.Format(time.DateOnly)
			}
			require.Equal(t, want[i], got, "%s in %s", written, region)
			require.Equal(t, got == "", len(rows[0].Refusals) == 1)
		}
	}
}
