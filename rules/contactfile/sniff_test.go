package contactfile_test

import (
	"archive/zip"
	"bytes"
	"compress/gzip"
	"errors"
	"fmt"
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
		"empty":                    {"", "file is empty"},
		"only a mark":              {"\xef\xbb\xbf", "file is empty"},
		"only line ends":           {"\n\r\n\n", "file is empty"},
		"zip":                      {zipped(t, "contacts.csv"), "ZIP archive"},
		"workbook":                 {zipped(t, "[Content_Types].xml"), "Excel workbook (XLSX)"},
		"old workbook":             {"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "XLS"},
		"pdf":                      {"%PDF-1.7\n", "PDF"},
		"gzip":                     {gzipped(t, csv), "gzip"},
		"UTF-32 little":            {"\xff\xfe\x00\x00p\x00\x00\x00", "UTF-32"},
		"UTF-32 big":               {"\x00\x00\xfe\xff\x00\x00\x00p", "UTF-32"},
		"UTF-32 without mark":      {spread(csv, "%c\x00\x00\x00"), "UTF-32"},
		"UTF-32 big, no mark":      {spread(csv, "\x00\x00\x00%c"), "UTF-32"},
		"open document":            {zipped(t, "mimetypeapplication/vnd.oasis.opendocument.spreadsheet"), "OpenDocument"},
		"RTF":                      {"{\\rtf1\\ansi", "RTF"},
		"XML":                      {"<?xml version=\"1.0\"?><Workbook/>", "XML"},
		"control characters":       {strings.Repeat("\x01\x02ab\n", 20), "control characters"},
		"UTF-16 web page":          {"\xff\xfe" + wide("<html>", 0), "web page"},
		"UTF-16 with a mark, JSON": {"\xfe\xff" + wide("{\"a\":1}", 1), "JSON"},
		"vCard":                    {"BEGIN:VCARD\r\nVERSION:4.0\r\n", "vCard"},
		"NUL bytes":                {"phone\n21255\x0050123\n", "NUL bytes"},
		"web page":                 {"\n <!DOCTYPE html><html>", "web page"},
		"JSON":                     {`[{"phone":"x"}]`, "JSON"},
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

// spread writes every character of text by format.
func spread(text, format string) string {
	var b strings.Builder
	for _, r := range text {
		fmt.Fprintf(&b, format, r)
	}
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
