package contactfile_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"io"
	"strings"
	"testing"
	"testing/iotest"
	"unicode/utf16"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/rules/contactfile"
)

func TestFilesWhichAreNoCSVAreNamed(t *testing.T) {
	t.Parallel()
	csv := "phone,first_name\n2125550123,Ann\n"
	for name, tc := range map[string]struct{ data, says string }{
		"empty":               {"", "file is empty"},
		"only a mark":         {"\xef\xbb\xbf", "file is empty"},
		"only line ends":      {"\n\r\n\n", "file is empty"},
		"zip":                 {zipped(t, "contacts.csv"), "ZIP archive"},
		"workbook":            {zipped(t, "[Content_Types].xml"), "Excel workbook (XLSX)"},
		"old workbook":        {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "XLS"},
		"pdf":                 {"%PDF-1.7\n", "PDF"},
		"gzip":                {gzipped(t, csv), "gzip"},
		"UTF-16 little":       {"\xff\xfe" + wide(csv, 0), "UTF-16"},
		"UTF-16 big":          {"\xfe\xff" + wide(csv, 1), "UTF-16"},
		"UTF-16 without mark": {wide(csv, 0), "UTF-16"},
		"UTF-16 big, no mark": {wide(csv, 1), "UTF-16"},
		"NUL bytes":           {"phone\n21255\x0050123\n", "NUL bytes"},
		"web page":            {"\n <!DOCTYPE html><html>", "web page"},
		"JSON":                {`[{"phone":"x"}]`, "JSON"},
		"old Macintosh":       {"phone\r2125550123\r", "CR only"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := contactfile.NewReader(strings.NewReader(tc.data), contactfile.Options{NewFields: true})
			require.Equal(t, fault.Invalid, fault.KindOf(err))
			require.ErrorContains(t, err, tc.says)
		})
	}
}

func TestABrokenUploadIsNotTheFilesFault(t *testing.T) {
	t.Parallel()
	cause := errors.New("connection reset")
	_, err := contactfile.NewReader(iotest.ErrReader(cause), contactfile.Options{NewFields: true})
	require.Equal(t, fault.Broken, fault.KindOf(err))
	require.ErrorIs(t, err, cause)

	text := "phone\n" + strings.Repeat("2125550123\n", 10_000)
	rows, err := read(io.MultiReader(strings.NewReader(text), iotest.ErrReader(cause)), contactfile.Options{NewFields: true})
	require.Equal(t, fault.Broken, fault.KindOf(err))
	require.ErrorIs(t, err, cause)
	require.Len(t, rows, 10_000, "what came before is not lost")
}

func TestAByteAtATimeGivesTheSame(t *testing.T) {
	t.Parallel()
	text := "sep=;\nphone;note\n2125550123;\"a\nb\"\n\n212;x\n2125550124;\"y\" z\n"
	want := all(t, text)
	got, err := read(iotest.OneByteReader(strings.NewReader(text)), contactfile.Options{NewFields: true})
	require.NoError(t, err)
	require.Equal(t, want, got)
}

func zipped(t *testing.T, name string) string {
	t.Helper()
	var b bytes.Buffer
	w := zip.NewWriter(&b)
	_, err := w.Create(name)
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

func gzipped(t *testing.T, text string) string {
	t.Helper()
	var b bytes.Buffer
	w := gzip.NewWriter(&b)
	_, err := w.Write([]byte(text))
	require.NoError(t, err)
	require.NoError(t, w.Close())
	return b.String()
}

// wide writes UTF-16, high = 0 with the low byte first, high = 1 with the high byte first.
func wide(text string, high int) string {
	var b []byte
	for _, u := range utf16.Encode([]rune(text)) {
		pair := [2]byte{byte(u), byte(u >> 8)}
		b = append(b, pair[high], pair[1-high])
	}
	return string(b)
}
