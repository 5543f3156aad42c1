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

func TestColumnsGetTheirMeaning(t *testing.T) {
	t.Parallel()
	r, err := contactfile.NewReader(strings.NewReader(
		"MSISDN;Number;Given Name;Surname;Region;ZIP;Opted In Date;Plan-Interest;2nd;;naïve;"+strings.Repeat("a", 65)+"\n"), contactfile.Options{NewFields: true})
	require.NoError(t, err)
	require.Equal(t, []contactfile.Column{
		{Header: "MSISDN", Meaning: contactfile.Phone, Found: contactfile.ByHeader},
		{Header: "Number", Meaning: contactfile.Custom, Field: "number", Type: field.Text},
		{Header: "Given Name", Meaning: contactfile.FirstName, Found: contactfile.ByHeader},
		{Header: "Surname", Meaning: contactfile.LastName, Found: contactfile.ByHeader},
		{Header: "Region", Meaning: contactfile.State, Found: contactfile.ByHeader},
		{Header: "ZIP", Meaning: contactfile.Zip, Found: contactfile.ByHeader},
		{Header: "Opted In Date", Meaning: contactfile.ConsentedAt, Found: contactfile.ByHeader},
		{Header: "Plan-Interest", Meaning: contactfile.Custom, Field: "plan_interest", Type: field.Text},
		{Header: "2nd", Meaning: contactfile.Ignored},
		{Header: "", Meaning: contactfile.Ignored},
		{Header: "naïve", Meaning: contactfile.Ignored},
		{Header: strings.Repeat("a", 65), Meaning: contactfile.Ignored},
	}, r.Columns())
}

func TestAWeakHeaderIsThePhoneOnlyWithoutABetterOne(t *testing.T) {
	t.Parallel()
	r, err := contactfile.NewReader(strings.NewReader("name,number\n"), contactfile.Options{NewFields: true})
	require.NoError(t, err)
	require.Equal(t, contactfile.Phone, r.Columns()[1].Meaning)
}

func TestHeadersWhichCannotBeRead(t *testing.T) {
	t.Parallel()
	many := make([]string, 65)
	for i := range many {
		many[i] = fmt.Sprintf("f%d", i)
	}
	for name, tc := range map[string]struct{ header, says string }{
		"no phone":           {"name,state", `found "name", "state"`},
		"two phones":         {"phone,mobile", `"phone" and "mobile" mean the same (phone)`},
		"two fields":         {"phone,Plan Type,plan_type", "mean the same (plan_type)"},
		"no header line":     {"2125550123,Ann,NY", "must hold the names"},
		"too many fields":    {"phone," + strings.Join(many, ","), "65 columns"},
		"too many columns":   {"phone" + strings.Repeat(",", 2000), "2001 columns"},
		"quote in the wrong": {"phone,a\"b", "quotation mark"},
		"everything at once": {"x,x", "mean the same (x)"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := contactfile.NewReader(strings.NewReader(tc.header+"\n2125550123,x,y\n"), contactfile.Options{NewFields: true})
			require.Equal(t, fault.Invalid, fault.KindOf(err))
			require.ErrorContains(t, err, tc.says)
			require.NotContains(t, err.Error(), "2125550123")
		})
	}
}
