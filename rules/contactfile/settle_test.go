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

const mapped = "phone,mobile,plan,age,carrier\n2125550123,2125550124,auto,41,x\n"

func proposed(t *testing.T, text string, known field.Set) []contactfile.Column {
	t.Helper()
	layout, err := contactfile.Propose([]byte(text), "US", known)
	require.NoError(t, err)
	return layout.Columns
}

// problems are the complaints of err as "where: message".
func problems(t *testing.T, err error) string {
	t.Helper()
	var f *fault.Fault
	require.ErrorAs(t, err, &f)
	require.Equal(t, fault.Invalid, f.Kind)
	var all []string
	for _, p := range f.Problems {
		all = append(all, p.Where+": "+p.Message)
	}
	return strings.Join(all, "\n")
}

func TestAUserCorrectsTheMapping(t *testing.T) {
	t.Parallel()
	found := proposed(t, mapped, nil)
	_, err := contactfile.Options{}.Settle(found)
	require.Contains(t, problems(t, err), `columns[1]: "phone" and "mobile" mean the same (phone)`)

	wanted := proposed(t, mapped, nil)
	wanted[0] = contactfile.Column{Header: "phone", Meaning: contactfile.Ignored}
	wanted[3].Meaning, wanted[3].Type = contactfile.Custom, field.Text
	wanted[4] = contactfile.Column{Header: "carrier", Meaning: contactfile.Custom, Field: "network"}
	settled, err := contactfile.Options{Columns: wanted}.Settle(found)
	require.NoError(t, err)
	var got []string
	for _, c := range settled {
		got = append(got, fmt.Sprint(c.Meaning, " ", c.Field, " ", c.Type, " ", c.Found))
		require.NotEmpty(t, c.Samples)
	}
	require.Equal(t, []string{"ignored   user", "phone   header", "ignored plan text ", "custom age text user", "custom network text user"}, got)

	rows, err := read(strings.NewReader(mapped), contactfile.Options{Columns: settled})
	require.NoError(t, err)
	require.Equal(t, "+12125550124", rows[0].Phone)
	require.Equal(t, field.Values{"age": "41", "network": "x"}, rows[0].Fields)
}

func TestNewFieldsAreTakenWhereNobodySaidIgnore(t *testing.T) {
	t.Parallel()
	text := "phone,plan,age,x\n2125550123,auto,41,y\n"
	wanted := proposed(t, text, nil)
	wanted[1].Field = ""
	wanted[3].Found = contactfile.ByUser
	settled, err := contactfile.Options{Columns: wanted, NewFields: true}.Settle(proposed(t, text, nil))
	require.NoError(t, err)
	rows, err := read(strings.NewReader(text), contactfile.Options{Columns: settled, NewFields: true})
	require.NoError(t, err)
	require.Equal(t, field.Values{"age": "41"}, rows[0].Fields)

	rows, err = read(strings.NewReader(text), contactfile.Options{})
	require.NoError(t, err)
	require.Nil(t, rows[0].Fields)
}

func TestEveryComplaintAboutAMappingComesAtOnce(t *testing.T) {
	t.Parallel()
	known := field.Set{"age": field.Number, "plan": field.Text}
	wanted := []contactfile.Column{
		{Header: "phone", Meaning: contactfile.Custom, Field: "Plan"},
		{Header: "mobil", Meaning: contactfile.Ignored},
		{Header: "plan", Meaning: "postcode"},
		{Header: "age", Meaning: contactfile.Custom, Field: "age", Type: field.Text},
		{Header: "carrier", Meaning: contactfile.Custom, Field: "carrier"},
	}
	_, err := contactfile.Options{Columns: wanted, Known: known}.Settle(proposed(t, mapped, known))
	got := problems(t, err)
	for _, want := range []string{
		"columns: no column for the phone number", `columns[0]: needs the name of a field`, `columns[1]: is for the header "mobil"; in the file it is "mobile"`,
		"columns[2]: has no meaning that exists", `columns[3]: cannot be text: the account has the field "age" as number`, `columns[4]: cannot become the field "carrier"`,
	} {
		require.Contains(t, got, want)
	}
	require.Len(t, strings.Split(got, "\n"), 6)
}

func TestOtherMappingsThatAreRefused(t *testing.T) {
	t.Parallel()
	phone := contactfile.Column{Header: "phone", Meaning: contactfile.Phone}
	custom := func(header, name string, t field.Type) contactfile.Column {
		return contactfile.Column{Header: header, Meaning: contactfile.Custom, Field: name, Type: t}
	}
	known := make(field.Set, field.Most)
	for i := range field.Most - 1 {
		known[fmt.Sprintf("f%d", i)] = field.Text
	}
	for name, tc := range map[string]struct {
		columns []contactfile.Column
		says    string
	}{
		"too few columns": {[]contactfile.Column{phone}, "columns: has 1 columns; the file has 3"},
		"no type":         {[]contactfile.Column{phone, custom("a", "a", "money"), {Header: "b", Meaning: contactfile.Ignored}}, "columns[1]: has no type that exists"},
		"one name twice":  {[]contactfile.Column{phone, custom("a", "x", ""), custom("b", "x", "")}, `columns[2]: "a" and "b" mean the same (x)`},
		"a state twice":   {[]contactfile.Column{phone, {Header: "a", Meaning: contactfile.State}, {Header: "b", Meaning: contactfile.State}}, "mean the same (state)"},
		"too many fields": {[]contactfile.Column{phone, custom("a", "x", ""), custom("b", "y", "")}, "2 columns would become new custom fields; the account has 63"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			o := contactfile.Options{Columns: tc.columns, Known: known}
			_, err := o.Settle(proposed(t, "phone,a,b\n", known))
			require.Contains(t, problems(t, err), tc.says)
			_, err = contactfile.NewReader(strings.NewReader("phone,a,b\n"), o)
			require.Contains(t, problems(t, err), tc.says, "the reader holds the mapping against the file too")
		})
	}
	o := contactfile.Options{Known: known, Columns: []contactfile.Column{phone, custom("a", "x", ""), custom("b", "f1", "")}}
	settled, err := o.Settle(proposed(t, "phone,a,b\n", known))
	require.NoError(t, err, "64 fields are allowed")
	require.Equal(t, field.Text, settled[2].Type)
}
