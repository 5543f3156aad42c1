package contactfile

import "unicode/utf8"

// Encoding is how a file writes its characters.
type Encoding string

// The encodings.
const (
	UTF8        Encoding = "utf-8"
	UTF16LE     Encoding = "utf-16le"
	UTF16BE     Encoding = "utf-16be"
	Windows1252 Encoding = "windows-1252"
)

// decode gives the text of a cell, or what it is as far as it can be shown.
func (e Encoding) decode(cell string) (string, bool) {
	return cell, utf8.ValidString(cell)
}
