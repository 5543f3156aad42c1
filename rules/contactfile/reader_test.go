package contactfile_test

import (
	"errors"
	"io"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/rules/contactfile"
	"trackly/rules/field"
)

// all reads text to its end and wants no file error.
func all(t *testing.T, text string) []contactfile.Row {
	t.Helper()
	rows, err := read(strings.NewReader(text), contactfile.Options{NewFields: true})
	require.NoError(t, err)
	return rows
}

func read(r io.Reader, o contactfile.Options) (rows []contactfile.Row, err error) {
	file, err := contactfile.NewReader(r, o)
	if err != nil {
		return nil, err
	}
	for {
		row, err := file.Next()
		if errors.Is(err, io.EOF) {
			return rows, nil
		}
		if err != nil {
			return rows, err
		}
		rows = append(rows, row)
	}
}

func TestARowBecomesAContact(t *testing.T) {
	t.Parallel()
	got := all(t, "\xef\xbb\xbfMobile Number,First Name,last-name,STATE,Postal Code,opted_in_date,Plan Interest,Email,名前\r\n"+
		"(212) 555-0123, \"José, Jr.\",O'Neil,new york,10001,11/02/2026 3:04 PM,auto,j@example.com,x\r\n"+
		"+442079460958,,,Kent,,,,,\r\n")
	require.Equal(t, []contactfile.Row{
		{
			Line: 2, Phone: "+12125550123", Region: "US", Zones: []string{"America/New_York"}, FirstName: "José, Jr.", LastName: "O'Neil", State: "NY", Zip: "10001",
			Consent: contactfile.Consent{At: time.Date(2026, 11, 2, 15, 4, 0, 0, time.UTC)},
			Fields:  field.Values{"plan_interest": "auto", "email": "j@example.com"},
		},
		{Line: 3, Phone: "+442079460958", Region: "GB", Zones: []string{"Europe/London"}, State: "Kent"},
	}, got)
}

func TestEveryDelimiterIsRecognised(t *testing.T) {
	t.Parallel()
	for _, text := range []string{
		"phone,state\n2125550123,NY\n", "phone;state\n2125550123;NY\n", "phone\tstate\tx\n2125550123\tNY\t\n", "phone|state\n2125550123|NY",
		"sep=;\r\nphone;state\r\n2125550123;NY\r\n", "\n\nphone,state\n2125550123,NY\n", "\"a;b;c\",phone,state\n,2125550123,NY\n",
	} {
		got := all(t, text)
		require.Len(t, got, 1, text)
		require.Empty(t, got[0].Refusals, text)
		require.Equal(t, "NY", got[0].State, text)
	}
}

func TestLinesAreThoseOfTheFile(t *testing.T) {
	t.Parallel()
	got := all(t, "sep=,\nphone,note\n\n2125550123,\"two\nlines\"\n,,\n2125550124,x\n")
	require.Equal(t, 4, got[0].Line)
	require.Equal(t, "two\nlines", got[0].Fields["note"])
	require.Equal(t, 7, got[1].Line)
	require.Len(t, got, 2, "a row without any value is no row")
}

func TestRefusalsNameLineColumnValueAndReason(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		row, column, value string
		reason             contactfile.Reason
	}{
		"bad phone":            {"12345,A,NY,", "Phone", "12345", contactfile.BadPhone},
		"letters":              {"212-555-CALL,A,NY,", "Phone", "212-555-CALL", contactfile.BadPhone},
		"empty phone":          {",A,NY,", "Phone", "", contactfile.EmptyPhone},
		"bad state":            {"2125550124,A,ZZ,", "state", "ZZ", contactfile.BadState},
		"province of Canada":   {"2125550124,A,Ontario,", "state", "Ontario", contactfile.BadState},
		"too few cells":        {"2125550124,A", "", "", contactfile.RaggedRow},
		"too many cells":       {"2125550124,A,NY,,x", "", "", contactfile.RaggedRow},
		"invalid UTF-8":        {"2125550124,Jos\xe9,NY,", "first_name", "Jos\uFFFD", contactfile.BadEncoding},
		"invalid UTF-8 phone":  {"212555\xff,A,NY,", "Phone", "212555\uFFFD", contactfile.BadEncoding},
		"stray quote":          {"2125550124,A \"B\" C,NY,", "", "", contactfile.BadQuotes},
		"quote closed early":   {"2125550124,\"A\" C,NY,", "", "", contactfile.BadQuotes},
		"seen before":          {"+1 212 555 0123,A,NY,", "Phone", "+12125550123", contactfile.DuplicateInFile},
		"day before month":     {"2125550124,A,NY,13/02/2026", "consent_date", "13/02/2026", contactfile.BadConsentDate},
		"not a year":           {"2125550124,A,NY,0001-01-01", "consent_date", "0001-01-01", contactfile.BadConsentDate},
		"a name without end":   {"2125550124," + strings.Repeat("é", 257) + ",NY,", "first_name", strings.Repeat("é", 80), contactfile.TooLong},
		"a state without end":  {"2125550124,A," + strings.Repeat("x", 65) + ",", "state", strings.Repeat("x", 65), contactfile.TooLong},
		"name of exactly 256 ": {"12," + strings.Repeat("é", 256) + ",NY,", "Phone", "12", contactfile.BadPhone},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := all(t, "\xef\xbb\xbfPhone,first_name,state,consent_date\n2125550123,A,NY,\n"+tc.row+"\n2125550125,A,NY,\n")
			require.Len(t, got, 3)
			require.Empty(t, got[1].Phone)
			require.Len(t, got[1].Refusals, 1)
			r := got[1].Refusals[0]
			require.Equal(t, []any{3, tc.column, tc.value, tc.reason}, []any{r.Line, r.Column, r.Value, r.Reason})
			require.Regexp(t, `^[A-Z].*\.$`, r.Message)
			require.Equal(t, "+12125550125", got[2].Phone, "the next row is not harmed")
		})
	}
}

func TestARowHearsAllItsFaultsAtOnce(t *testing.T) {
	t.Parallel()
	got := all(t, "\xef\xbb\xbfphone,first_name,consent_date\n12,\xff,soon\n")
	var reasons []contactfile.Reason
	for _, r := range got[0].Refusals {
		reasons = append(reasons, r.Reason)
	}
	require.ElementsMatch(t, []contactfile.Reason{contactfile.BadEncoding, contactfile.BadConsentDate, contactfile.BadPhone}, reasons)
}

func TestARefusedRowDoesNotMakeTheNextADuplicate(t *testing.T) {
	t.Parallel()
	got := all(t, "phone,state\n2125550123,ZZ\n2125550123,NY\n2125550123,NY\n")
	require.Equal(t, contactfile.BadState, got[0].Refusals[0].Reason)
	require.Empty(t, got[1].Refusals)
	require.Equal(t, contactfile.DuplicateInFile, got[2].Refusals[0].Reason)
	require.Contains(t, got[2].Refusals[0].Message, "line 3")
}

func TestCustomFieldsHaveRoomForFourKilobytes(t *testing.T) {
	t.Parallel()
	kilobyte := strings.Repeat("x", 1023)
	most := kilobyte + "," + kilobyte + "," + kilobyte + "," + kilobyte
	got := all(t, "phone,a,b,c,d\n2125550123,"+most+"\n2125550124,"+most+"y\n")
	require.Empty(t, got[0].Refusals)
	require.Equal(t, contactfile.FieldsTooBig, got[1].Refusals[0].Reason)
}

func TestAQuoteOverLinesNamesTheLinesItSwallowed(t *testing.T) {
	t.Parallel()
	got := all(t, "phone,note\n2125550123,\"open\n2125550124,x\n2125550125,\"y\"\n2125550126,z\n")
	require.Equal(t, contactfile.BadQuotes, got[0].Refusals[0].Reason)
	require.Equal(t, 2, got[0].Line)
	require.Contains(t, got[0].Refusals[0].Message, "line 4")
	require.Equal(t, "+12125550126", got[1].Phone)
}

func TestAnUnclosedQuoteIsAFaultOfTheFile(t *testing.T) {
	t.Parallel()
	rows, err := read(strings.NewReader("phone,note\n2125550123,a\n2125550124,\"open\n2125550125,x\n"), contactfile.Options{})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	require.ErrorContains(t, err, "line 3 is never closed")
	require.Len(t, rows, 1)
}

// A zone decides when a person may be texted: one that nobody knows is refused, not guessed.
func TestAZoneIsKeptOrRefused(t *testing.T) {
	t.Parallel()
	rows, err := read(strings.NewReader(
		"phone,Time Zone,zip\n+12125550123,America/Denver,80202\n+12125550124,Mountain,\n+12125550125,,\n"), contactfile.Options{})
	require.NoError(t, err)
	require.Len(t, rows, 3)
	require.Equal(t, "America/Denver 80202", rows[0].Zone+" "+rows[0].Zip)
	require.Len(t, rows[1].Refusals, 1)
	require.Equal(t, contactfile.BadZone, rows[1].Refusals[0].Reason)
	require.Empty(t, rows[2].Refusals)
	require.Empty(t, rows[2].Zone)
}
