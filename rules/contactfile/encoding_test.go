package contactfile_test

import (
	"io"
	"strings"
	"testing"
	"testing/iotest"

	"github.com/stretchr/testify/require"

	"trackly/rules/contactfile"
)

func TestOneTextInEveryEncoding(t *testing.T) {
	t.Parallel()
	text := "phone;first_name;Größe\r\n2125550123;Zoë;50\r\n2125550124;José;51\r\n"
	latin := strings.NewReplacer("ö", "\xf6", "ß", "\xdf", "ë", "\xeb", "é", "\xe9").Replace(text)
	for name, tc := range map[string]struct {
		data string
		want contactfile.Encoding
	}{
		"UTF-8":                {text, contactfile.UTF8},
		"UTF-8 with a mark":    {"\xef\xbb\xbf" + text, contactfile.UTF8},
		"UTF-16 little":        {"\xff\xfe" + wide(text, 0), contactfile.UTF16LE},
		"UTF-16 big":           {"\xfe\xff" + wide(text, 1), contactfile.UTF16BE},
		"UTF-16 without mark":  {wide(text, 0), contactfile.UTF16LE},
		"UTF-16 big, no mark":  {wide(text, 1), contactfile.UTF16BE},
		"Windows-1252":         {latin, contactfile.Windows1252},
		"Macintosh line ends":  {strings.ReplaceAll(text, "\r\n", "\r"), contactfile.UTF8},
		"Macintosh and hint":   {"sep=;\r" + strings.ReplaceAll(text, "\r\n", "\r"), contactfile.UTF8},
		"UTF-16 and Macintosh": {"\xff\xfe" + wide(strings.ReplaceAll(text, "\r\n", "\r"), 0), contactfile.UTF16LE},
		"UTF-16 and hint":      {"\xff\xfe" + wide("sep=;\r\n"+text, 0), contactfile.UTF16LE},
		"hint in quotes":       {"\"sep=;\"\r\n" + text, contactfile.UTF8},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			layout, err := contactfile.Propose([]byte(tc.data), "US", nil)
			require.NoError(t, err)
			require.Equal(t, tc.want, layout.Encoding)
			require.Equal(t, ";", layout.Delimiter)
			require.Equal(t, "Größe", layout.Columns[2].Header)
			require.Equal(t, []string{"Zoë", "José"}, layout.Columns[1].Samples)

			rows, err := read(iotest.OneByteReader(strings.NewReader(tc.data)), contactfile.Options{})
			require.NoError(t, err)
			require.Len(t, rows, 2)
			require.Equal(t, "+12125550123 Zoë", rows[0].Phone+" "+rows[0].FirstName)
			require.Equal(t, "+12125550124 José", rows[1].Phone+" "+rows[1].FirstName)
			first := 2 + strings.Count(tc.data[:min(len(tc.data), 16)], "=") // the hint is a line
			require.Equal(t, []int{first, first + 1}, []int{rows[0].Line, rows[1].Line})
		})
	}
}

// The head of a large file may be ASCII throughout: then the first other cell decides.
func TestTheFirstCellBeyondASCIIDecidesLate(t *testing.T) {
	t.Parallel()
	plain := strings.Repeat("12,x\n", contactfile.HeadBytes/4)
	for name, tc := range map[string]struct {
		first, second string
		want          contactfile.Encoding
		names         string
	}{
		"Windows-1252": {"Jos\xe9", "Zo\xeb", contactfile.Windows1252, "José Zoë"},
		"UTF-8":        {"José", "Zo\xeb", contactfile.UTF8, "José "},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			text := "phone,first_name\n" + plain + "2125550123," + tc.first + "\n2125550124," + tc.second + "\n"
			layout, err := contactfile.Propose([]byte(text[:contactfile.HeadBytes]), "US", nil)
			require.NoError(t, err)
			require.Equal(t, contactfile.UTF8, layout.Encoding)
			file, err := contactfile.NewReader(strings.NewReader(text), contactfile.Options{})
			require.NoError(t, err)
			var names []string
			for row, err := file.Next(); err == nil; row, err = file.Next() {
				if row.Phone != "" || row.Refusals[0].Reason == contactfile.BadEncoding {
					names = append(names, row.FirstName)
				}
			}
			require.Equal(t, tc.names, strings.Join(names, " "))
			require.Equal(t, tc.want, file.Encoding())
		})
	}
}

func TestAFileThatLiesAboutItsEncoding(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ data, name, says string }{
		"Windows-1252 in UTF-8":           {"phone,first_name\n2125550122,Zoë\n2125550123,Jos\xe9\n", "", "not UTF-8"},
		"Windows-1252 behind a mark":      {"\xef\xbb\xbfphone,first_name\n1,1\n2125550123,Jos\xe9\n", "", "not UTF-8"},
		"UTF-8 in Windows-1252":           {"phone,first_name\n2125550121,\xe9\n2125550122,\xe9\n2125550123,José\n", "José", ""},
		"what Windows-1252 does not have": {"phone,first_name\n2125550121,\xe9\n2125550123,\x81\n", "", "no characters of Windows-1252"},
		"half a pair in UTF-16":           {"\xff\xfe" + wide("phone,first_name\n1,1\n2125550123,", 0) + "\x00\xd8x\x00\n\x00", "", "broken in UTF-16"},
		"an odd byte at the end":          {"\xff\xfe" + wide("phone,first_name\n1,1\n2125550123,x", 0) + "x", "", "broken in UTF-16"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows := all(t, tc.data)
			last := rows[len(rows)-1]
			require.Equal(t, tc.name, last.FirstName)
			if tc.says != "" {
				require.Equal(t, contactfile.BadEncoding, last.Refusals[0].Reason)
				require.Contains(t, last.Refusals[0].Message, tc.says)
				require.Contains(t, last.Refusals[0].Message, "save the file as CSV UTF-8")
			}
		})
	}
}

func TestAFileThatEndsInARowIsSuspected(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		tail   string
		reason contactfile.Reason
		cut    bool
	}{
		"no line end alone is ordinary":    {"2125550124,Ann,NY", "", false},
		"too few cells and no line end":    {"2125550124,An", contactfile.RaggedRow, true},
		"too few cells and a line end":     {"2125550124,An\n", contactfile.RaggedRow, false},
		"too many cells and no line end":   {"2125550124,Ann,NY,x", contactfile.RaggedRow, false},
		"in the phone, so that it is none": {"21255", contactfile.RaggedRow, true},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			rows := all(t, "phone,first_name,state\n2125550123,Ann,NY\n"+tc.tail)
			require.Len(t, rows, 2)
			if tc.reason == "" {
				require.Empty(t, rows[1].Refusals)
				return
			}
			require.Equal(t, tc.reason, rows[1].Refusals[0].Reason)
			require.Equal(t, tc.cut, strings.Contains(rows[1].Refusals[0].Message, "probably cut off"))
		})
	}
}

// forgetful fails once and then pretends that all is over.
type forgetful struct{ failed bool }

func (f *forgetful) Read([]byte) (int, error) {
	if f.failed {
		return 0, io.EOF
	}
	f.failed = true
	return 0, io.ErrUnexpectedEOF
}

func TestAnErrorMetWhileLookingIsNotForgotten(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"phone\n2125550123\n", "phone\r2125550123\r", "\xff\xfe" + wide("phone\n2125550123\n", 0)} {
		rows, err := read(io.MultiReader(strings.NewReader(text), &forgetful{}), contactfile.Options{})
		require.ErrorIs(t, err, io.ErrUnexpectedEOF)
		require.Len(t, rows, 1)
	}
}

func TestAFileOfTheMacintoshMayGoOnWithOtherLineEnds(t *testing.T) {
	t.Parallel()
	text := "phone\r" + strings.Repeat("12\r", contactfile.HeadBytes/2) + "2125550123\r\n2125550124\n2125550125\r"
	rows := all(t, text)
	last := rows[len(rows)-3:]
	require.Equal(t, "+12125550123 +12125550124 +12125550125", last[0].Phone+" "+last[1].Phone+" "+last[2].Phone)
	require.Equal(t, contactfile.HeadBytes/2+4, last[2].Line, "two bytes may be one line end")
}
