package contactfile_test

import (
	"bytes"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/rules/contactfile"
	"trackly/rules/field"
	"trackly/rules/phone"
)

// seeds are files of every kind and encoding, whole and broken.
func seeds() []string {
	text := "phone;first_name;state;born;vip;age;consent_ip;opt_in_date\r\n" +
		"2125550123;Zoë;NY;1980-11-02;yes;41;203.0.113.7;02/03/2026\r\n2125550124;José;ZZ;x;x;x;x;x\r\n"
	latin := strings.NewReplacer("ë", "\xeb", "é", "\xe9").Replace(text)
	return []string{
		text, "\xef\xbb\xbf" + text, latin, "\xef\xbb\xbf" + latin, strings.ReplaceAll(text, "\r\n", "\r"),
		"\xff\xfe" + wide(text, 0), "\xfe\xff" + wide(text, 1), wide(text, 0), wide(text, 1), wide(text, 0) + "x",
		"\xff\xfe\x00\xd8\n\x00", spread(text, "%c\x00\x00\x00"), text[:len(text)-9],
		"phone,state\n2125550123,NY\n", "sep=;\nphone;x\n1;\"a\nb\"\n", "phone\n\"", "phone\tx\n\t\t\n", "\xef\xbb\xbfphone|a|b\n|\xff|",
		"phone,a\n2125550123,\"x\ny\n", "PK\x03\x04", "number\r\n+12125550123\r\n\r\n,,,\r\n", "a\n2125550123\n", "x,\n02134,\n",
	}
}

// fields are an account's, one of each type.
func fields() field.Set {
	return field.Set{"born": field.Date, "vip": field.Boolean, "age": field.Number, "note": field.Text}
}

func FuzzReader(f *testing.F) {
	for _, text := range seeds() {
		f.Add([]byte(text), "US", true)
	}
	f.Fuzz(func(t *testing.T, data []byte, region string, newFields bool) {
		o := contactfile.Options{Region: region, MaxLine: 200, Known: fields(), NewFields: newFields}
		file, err := contactfile.NewReader(bytes.NewReader(data), o)
		if err != nil {
			require.Equal(t, fault.Invalid, fault.KindOf(err))
			return
		}
		types := fields()
		for _, c := range file.Columns() {
			if c.Meaning == contactfile.Custom {
				types[c.Field] = c.Type
			}
		}
		line, seen := 1, map[string]bool{}
		for row, err := file.Next(); err == nil; row, err = file.Next() {
			require.Greater(t, row.Line, line, "rows come in the order of the file, behind the header")
			line = row.Line
			require.Equal(t, row.Phone == "", len(row.Refusals) > 0)
			require.False(t, row.Phone != "" && seen[row.Phone], "a phone comes once")
			seen[row.Phone] = true
			checkRefusals(t, row)
			checkGood(t, row, types)
		}
	})
}

func checkRefusals(t *testing.T, row contactfile.Row) {
	t.Helper()
	for _, r := range row.Refusals {
		require.Equal(t, row.Line, r.Line)
		require.LessOrEqual(t, utf8.RuneCountInString(r.Value), 80)
		require.True(t, utf8.ValidString(r.Value))
		require.Contains(t, contactfile.Reasons(), r.Reason)
		require.NotEmpty(t, r.Message)
	}
}

// checkGood wants everything Postgres and the rules will take for granted.
func checkGood(t *testing.T, row contactfile.Row, types field.Set) {
	t.Helper()
	if len(row.Refusals) > 0 {
		return
	}
	n, err := phone.Parse(row.Phone, "")
	require.NoError(t, err)
	require.Equal(t, []any{n.E164, n.Region, n.Zones}, []any{row.Phone, row.Region, row.Zones})
	for name, value := range row.Fields {
		canonical, err := field.Parse(types[name], value)
		require.NoError(t, err)
		require.Equal(t, canonical, value)
	}
	require.LessOrEqual(t, row.Fields.Bytes(), field.MostBytes)
	c := row.Consent
	require.True(t, c.At.IsZero() || c.At.Year() >= 1989 && c.At.Location() == time.UTC)
	for _, s := range []string{row.FirstName, row.LastName, row.State, row.Zip, row.Zone, c.IP, c.PageURL, c.Disclosure, c.Method, c.UserAgent} {
		require.True(t, utf8.ValidString(s) && !strings.ContainsRune(s, 0))
	}
}

func FuzzPropose(f *testing.F) {
	for _, text := range seeds() {
		f.Add([]byte(text))
	}
	f.Fuzz(func(t *testing.T, head []byte) {
		layout, err := contactfile.Propose(head, "US", fields())
		if err != nil {
			require.Equal(t, fault.Invalid, fault.KindOf(err))
			return
		}
		require.Contains(t, ",;|\t", layout.Delimiter)
		for _, c := range layout.Columns {
			require.Contains(t, contactfile.Meanings(), c.Meaning)
			require.LessOrEqual(t, len(c.Samples), 3)
			require.True(t, utf8.ValidString(c.Header+strings.Join(c.Samples, "")))
		}
		o := contactfile.Options{Known: fields(), NewFields: true}
		settled, err := o.Settle(layout.Columns)
		if err != nil {
			require.Equal(t, fault.Invalid, fault.KindOf(err))
			return
		}
		o.Columns = settled
		again, err := o.Settle(layout.Columns)
		require.NoError(t, err)
		if len(head) < contactfile.HeadBytes {
			file, err := contactfile.NewReader(bytes.NewReader(head), o)
			require.NoError(t, err, "a mapping fits the file it was made for")
			for i, c := range file.Columns() {
				require.Equal(t, []any{settled[i].Meaning, settled[i].Field, settled[i].Type}, []any{c.Meaning, c.Field, c.Type})
				require.Equal(t, settled[i].Meaning, again[i].Meaning)
			}
		}
	})
}
