package contactfile_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/rules/contactfile"
	"trackly/rules/field"
)

// column makes a file of one column behind a phone and gives what it is taken for.
func column(t *testing.T, known field.Set, header string, values ...string) contactfile.Column {
	t.Helper()
	var text strings.Builder
	text.WriteString("phone," + header + "\n")
	for i, v := range values {
		fmt.Fprintf(&text, "2125550%03d,%s\n", i, v)
	}
	layout, err := contactfile.Propose([]byte(text.String()), "", known)
	require.NoError(t, err)
	return layout.Columns[1]
}

func TestHeadersOfOtherSystemsAreKnown(t *testing.T) {
	t.Parallel()
	for header, want := range map[string]contactfile.Meaning{
		"Consent_Date": contactfile.ConsentedAt, "Opted In Date": contactfile.ConsentedAt, "consent-ip": contactfile.ConsentIP,
		"Opt-In URL": contactfile.ConsentURL, "Disclosure": contactfile.ConsentText, "opt_in_method": contactfile.ConsentMethod,
		"Consent User Agent": contactfile.ConsentUserAgent, "Province": contactfile.State, "Time Zone": contactfile.Zone,
		"ZIP Code": contactfile.Zip, "First Name:": contactfile.FirstName, "\ufeffsurname": contactfile.LastName,
	} {
		got := column(t, nil, header)
		require.Equal(t, want, got.Meaning, header)
		require.Equal(t, contactfile.ByHeader, got.Found, header)
	}
	for _, header := range []string{"PHONE", "Phone Number", "msisdn", "Mobile", "Phone (Mobile)"} {
		layout, err := contactfile.Propose([]byte(header+"\n"), "", nil)
		require.NoError(t, err)
		require.Equal(t, contactfile.Phone, layout.Columns[0].Meaning, header)
	}
}

func TestContentSpeaksWhereTheHeaderDoesNot(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		values []string
		want   contactfile.Meaning
	}{
		"states":              {[]string{"TX", "fl", "New York", "TX", "CA"}, contactfile.State},
		"OK is no state":      {[]string{"OK", "OK", "OK", "OK"}, contactfile.Ignored},
		"one in five is none": {[]string{"TX", "FL", "NY", "CA", "?"}, contactfile.State},
		"two in five are":     {[]string{"TX", "FL", "NY", "?", "?"}, contactfile.Ignored},
		"zones":               {[]string{"America/New_York", "America/Denver"}, contactfile.Zone},
		"paths":               {[]string{"a/b", "America/b"}, contactfile.Ignored},
		"ZIP codes":           {[]string{"02134", "10001", "75001"}, contactfile.Zip},
		"ZIP+4":               {[]string{"10001-1234"}, contactfile.Zip},
		"amounts of loans":    {[]string{"10000", "25000"}, contactfile.Ignored},
		"nothing":             {nil, contactfile.Ignored},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := column(t, nil, "x", tc.values...)
			require.Equal(t, tc.want, got.Meaning)
			require.Equal(t, tc.want != contactfile.Ignored, got.Found == contactfile.ByContent)
		})
	}
}

func TestADateIsConsentByItsHeaderOnly(t *testing.T) {
	t.Parallel()
	got := column(t, nil, "when", "2026-11-01", "11/02/2026")
	require.Equal(t, contactfile.Ignored, got.Meaning)
	require.Equal(t, field.Date, got.Type)
}

func TestThePhoneIsFoundByContent(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		text  string
		phone int // -1: the uploader must say
		found contactfile.Found
	}{
		"the only column of phones":      {"a,b\nx,2125550123\ny,(212) 555-0124\n", 1, contactfile.ByContent},
		"four in five":                   {"a\n2125550123\n2125550124\n2125550125\n2125550126\n12\n", 0, contactfile.ByContent},
		"two in three":                   {"a\n2125550123\n2125550124\n12\n", -1, ""},
		"two columns of phones":          {"a,b\n2125550123,2125550124\n", -1, ""},
		"a weak header of the two":       {"a,contact\n2125550123,2125550124\n", 1, contactfile.ByHeader},
		"a weak header, other content":   {"number,b\n12,2125550124\n", 1, contactfile.ByContent},
		"a weak header, no phones":       {"number\n12\n", -1, ""},
		"a header that says so, content": {"phone,b\n12,2125550124\n", 0, contactfile.ByHeader},
		"no rows":                        {"a,number\n", 1, contactfile.ByHeader},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			layout, err := contactfile.Propose([]byte(tc.text), "US", nil)
			require.NoError(t, err)
			at := -1
			for i, c := range layout.Columns {
				if c.Meaning == contactfile.Phone {
					at = i
					require.Equal(t, tc.found, c.Found)
				}
			}
			require.Equal(t, tc.phone, at)
			_, err = contactfile.Options{}.Settle(layout.Columns)
			require.Equal(t, tc.phone >= 0, err == nil, "%v", err)
		})
	}
}

func TestTypesAreGuessedFromTheValues(t *testing.T) {
	t.Parallel()
	for want, columns := range map[field.Type][][]string{
		field.Boolean: {{"yes", "no"}, {"TRUE"}, {"y", "", "N"}},
		field.Number:  {{"1", "2.5", "-3"}, {"0", "1"}, {"2125550123", "7"}, {"0.5"}},
		field.Date:    {{"2026-11-01"}, {"11/02/2026", "2026-11-03"}},
		field.Text: {
			{"007"}, {"1234567890123456"}, {"a"}, {"1", "n/a"}, {"2026-11-01 10:00"}, {"13/02/2026"}, {"yes", "1", "perhaps"}, {}, {"1.234,50"},
		},
	} {
		for _, values := range columns {
			got := column(t, nil, "x", values...)
			require.Equal(t, want, got.Type, "%v", values)
			require.Equal(t, "x", got.Field)
		}
	}
}

func TestAFieldOfTheAccountIsFoundByItsName(t *testing.T) {
	t.Parallel()
	known := field.Set{"plan_interest": field.Text, "region": field.Text, "age": field.Number, "mobile": field.Text, "zip": field.Text}
	for header, want := range map[string]contactfile.Column{
		"Plan Interest": {Header: "Plan Interest", Meaning: contactfile.Custom, Field: "plan_interest", Type: field.Text, Found: contactfile.ByField},
		"age":           {Header: "age", Meaning: contactfile.Custom, Field: "age", Type: field.Number, Found: contactfile.ByField},
		"Region":        {Header: "Region", Meaning: contactfile.Custom, Field: "region", Type: field.Text, Found: contactfile.ByField},
		"zip":           {Header: "zip", Meaning: contactfile.Zip, Found: contactfile.ByHeader},
		"mobile":        {Header: "mobile", Meaning: contactfile.Phone, Found: contactfile.ByHeader},
		"carrier":       {Header: "carrier", Meaning: contactfile.Ignored},
	} {
		require.Equal(t, want, column(t, known, header), header)
	}
}

func TestSamplesAreFewAndDifferent(t *testing.T) {
	t.Parallel()
	got := column(t, nil, "x", "a", "", "a", "b", strings.Repeat("é", 100), "d")
	require.Equal(t, []string{"a", "b", strings.Repeat("é", 80)}, got.Samples)
}

func TestAHeadCutAnywhereGivesTheSameColumns(t *testing.T) {
	t.Parallel()
	// Rows of 700 bytes: the cut falls into the sampled ones.
	row := "2125550123,\"é \"\"a\"\"\nb\",41," + strings.Repeat("é", 340) + "\n"
	for moved := range 40 {
		head := []byte("phone,note,age," + strings.Repeat("x", moved+1) + "\n" + strings.Repeat(row, contactfile.HeadBytes/len(row)+1))
		got, err := contactfile.Propose(head[:contactfile.HeadBytes], "US", nil)
		require.NoError(t, err)
		require.Equal(t, contactfile.UTF8, got.Encoding)
		require.Equal(t, field.Number, got.Columns[2].Type)
		for i, want := range []string{"2125550123", "é \"a\"\nb", "41"} {
			require.Equal(t, []string{want}, got.Columns[i].Samples, "%d", moved)
		}
		require.Len(t, got.Columns[3].Samples, 1)
	}
}

func TestADelimiterIsTheOneThatCutsAllLines(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]string{
		"Name (last, first);Phone\nLee;2125550123\nDoe;2125550124\n": ";",
		"phone;note\n2125550123;a, b, c\n":                           ";",
		"phone\tnote|x\n2125550123\ta\n":                             "\t",
		"phone|a|b\n2125550123|1,2,3|x\n":                            "|",
		"phone\n2125550123\n":                                        ",",
	} {
		layout, err := contactfile.Propose([]byte(text), "US", nil)
		require.NoError(t, err)
		require.Equal(t, want, layout.Delimiter, text)
	}
}

func TestAHeadThatIsNoFileOfContactsIsRefused(t *testing.T) {
	t.Parallel()
	for _, head := range []string{"", "PK\x03\x04", "2125550123,Ann\n", "%PDF-1.4", "a\"b,phone\n"} {
		_, err := contactfile.Propose([]byte(head), "US", nil)
		require.Equal(t, fault.Invalid, fault.KindOf(err), head)
	}
}

// Numbers from abroad take 25 microseconds each: twenty thousand of them would take half
// a second if all were looked at.
func TestAThousandColumnsOfPhonesAreNotAllLookedAt(t *testing.T) {
	t.Parallel()
	head := "c0"
	for i := range 999 {
		head += fmt.Sprintf(",c%d", i+1)
	}
	row := strings.Repeat("+442079460958,", 999) + "+442079460958\n"
	layout, err := contactfile.Propose([]byte(head+"\n"+strings.Repeat(row, 17)), "US", nil)
	require.NoError(t, err)
	require.Len(t, layout.Columns, 1000)
	for _, c := range layout.Columns {
		require.Equal(t, contactfile.Ignored, c.Meaning)
	}
}
