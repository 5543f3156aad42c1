package contactfile

import (
	"bytes"
	"strings"

	"trackly/internal/fault"
)

// signature is how a kind of file begins and what to tell somebody who uploads it.
type signature struct{ begins, says string }

// signatures are in order: a UTF-32 mark begins like a UTF-16 one.
func signatures() []signature {
	return []signature{
		{"PK\x03\x04", "a ZIP archive; unpack it and upload the CSV inside"},
		{"PK\x05\x06", "an empty ZIP archive"},
		{"%PDF-", "a PDF; upload the CSV it was made from"},
		{"\x1f\x8b", "compressed with gzip; unpack it first"},
		{"BZh", "compressed with bzip2; unpack it first"},
		{"\x28\xb5\x2f\xfd", "compressed with zstd; unpack it first"},
		{"7z\xbc\xaf\x27\x1c", "a 7-Zip archive; unpack it first"},
		{"\xd0\xcf\x11\xe0", "an old Excel workbook (XLS); save it as CSV UTF-8"},
		{"\xff\xfe\x00\x00", "UTF-32 text; save it as CSV UTF-8"},
		{"\xff\xfe", utf16Says},
		{"\xfe\xff", utf16Says},
		{"{\\rtf", "an RTF document; save it as CSV UTF-8"},
	}
}

const utf16Says = "UTF-16 text; save it as CSV UTF-8"

// sniff refuses what is certainly not a CSV, in words that say what it is.
func sniff(head []byte) error {
	for _, s := range signatures() {
		if bytes.HasPrefix(head, []byte(s.begins)) {
			return notCSV(workbookOr(head, s.says))
		}
	}
	if says := textual(head); says != "" {
		return notCSV(says)
	}
	if bytes.IndexByte(head, 0) >= 0 {
		return notCSV(binarySays(head))
	}
	return nil
}

func notCSV(says string) error {
	return fault.New(fault.Invalid, "the file is not a CSV: it is %s", says)
}

// workbookOr tells an Excel file from other ZIPs by the names every workbook starts with.
func workbookOr(head []byte, says string) string {
	if !bytes.HasPrefix(head, []byte("PK")) {
		return says
	}
	for _, name := range []string{"[Content_Types].xml", "xl/", "_rels/"} {
		if bytes.Contains(head, []byte(name)) {
			return "an Excel workbook (XLSX); save it as CSV UTF-8"
		}
	}
	return says
}

// textual recognises text which is not a table. A page instead of a download is what an
// expired link gives.
func textual(head []byte) string {
	s := strings.ToLower(strings.TrimSpace(string(head[:min(len(head), 64)])))
	switch {
	case strings.HasPrefix(s, "<!doctype html"), strings.HasPrefix(s, "<html"):
		return "a web page (HTML)"
	case strings.HasPrefix(s, "<?xml"):
		return "XML"
	case strings.HasPrefix(s, "{"), strings.HasPrefix(s, "["):
		return "JSON"
	}
	return ""
}

// binarySays tells UTF-16 without a mark from other binary data: Latin text in UTF-16
// has a NUL in every second byte, always on the same side.
func binarySays(head []byte) string {
	var side [2]int
	for i, b := range head {
		if b == 0 {
			side[i%2]++
		}
	}
	if half := len(head) / 2; half > 0 && max(side[0], side[1]) > half*6/10 && min(side[0], side[1]) <= half/10 {
		return utf16Says
	}
	return "binary data (it has NUL bytes)"
}
