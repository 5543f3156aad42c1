package contactfile

import (
	"bytes"
	"strings"

	"trackly/internal/fault"
)

// signature is how a kind of file begins and what to tell somebody who uploads it.
type signature struct{ begins, says string }

const (
	utf32Says = "UTF-32 text; save it as CSV UTF-8"
	imageSays = "an image"
)

func signatures() []signature {
	return []signature{
		{"PK\x03\x04", "a ZIP archive; unpack it and upload the CSV inside"},
		{"PK\x05\x06", "an empty ZIP archive"},
		{"%PDF-", "a PDF; upload the CSV it was made from"},
		{"\x1f\x8b", "compressed with gzip; unpack it first"},
		{"BZh", "compressed with bzip2; unpack it first"},
		{"\x28\xb5\x2f\xfd", "compressed with zstd; unpack it first"},
		{"\xfd7zXZ", "compressed with xz; unpack it first"},
		{"7z\xbc\xaf\x27\x1c", "a 7-Zip archive; unpack it first"},
		{"Rar!", "a RAR archive; unpack it first"},
		{"\xd0\xcf\x11\xe0", "an old Excel workbook (XLS); save it as CSV UTF-8"},
		{"\xff\xfe\x00\x00", utf32Says},
		{"\x00\x00\xfe\xff", utf32Says},
		{"{\\rtf", "an RTF document; save it as CSV UTF-8"},
		{"SQLite format 3\x00", "a database (SQLite); export its table as CSV"},
		{"PAR1", "a Parquet file; export it as CSV"},
		{"\x89PNG", imageSays},
		{"\xff\xd8\xff", imageSays},
		{"GIF8", imageSays},
	}
}

// sniff refuses what its first bytes give away, in words that say what it is.
func sniff(head []byte) error {
	for _, s := range signatures() {
		if bytes.HasPrefix(head, []byte(s.begins)) {
			return notCSV(archived(head, s.says))
		}
	}
	return nil
}

func notCSV(says string) error {
	return fault.New(fault.Invalid, "the file is not a CSV: it is %s", says)
}

// archived tells spreadsheets from other ZIPs by the names each of them starts with.
func archived(head []byte, says string) string {
	if !bytes.HasPrefix(head, []byte("PK")) {
		return says
	}
	if bytes.Contains(head, []byte("application/vnd.oasis.opendocument")) {
		return "an OpenDocument sheet (ODS); save it as CSV UTF-8"
	}
	for _, name := range []string{"[Content_Types].xml", "xl/", "_rels/"} {
		if bytes.Contains(head, []byte(name)) {
			return "an Excel workbook (XLSX); save it as CSV UTF-8"
		}
	}
	if bytes.Contains(head, []byte("Index/Document.iwa")) {
		return "a Numbers sheet; export it as CSV"
	}
	return says
}

// textual recognises text which is not a table. A page instead of a download is what an
// expired link gives.
func textual(head []byte) string {
	s := strings.ToLower(strings.TrimSpace(string(head[:min(len(head), 256)])))
	switch {
	case s == "":
	case strings.HasPrefix(s, "<!doctype html"), strings.HasPrefix(s, "<html"), strings.HasPrefix(s, "<table"),
		strings.HasPrefix(s, "<head"), strings.HasPrefix(s, "<body"):
		return "a web page (HTML)"
	case s[0] == '<':
		return "XML"
	case s[0] == '{', s[0] == '[' && openings(s[1:]):
		return "JSON"
	case strings.HasPrefix(s, "begin:vcard"):
		return "a file of business cards (vCard); export the contacts as CSV"
	}
	return ""
}

// openings is true of what may follow the bracket of a JSON array. [Phone] is a header
// some databases write.
func openings(s string) bool {
	s = strings.TrimSpace(s)
	return s == "" || strings.IndexByte(`{["-0123456789]`, s[0]) >= 0
}

// binary refuses what has bytes that no text has.
func binary(head []byte) error {
	var nuls [4]int
	controls := 0
	for i, b := range head {
		switch {
		case b == 0:
			nuls[i%4]++
		case b < ' ' && (b < '\t' || b > '\r') && b != 0x1a: // 0x1a ended files of DOS
			controls++
		}
	}
	switch all := nuls[0] + nuls[1] + nuls[2] + nuls[3]; {
	case all*10 > len(head)*6 && min(nuls[0], nuls[3]) == 0:
		return notCSV(utf32Says)
	case all > 0:
		return notCSV("binary data (it has NUL bytes)")
	case controls > 4 && controls*20 > len(head):
		return notCSV("binary data (it has control characters)")
	}
	return nil
}
