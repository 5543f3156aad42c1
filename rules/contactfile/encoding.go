package contactfile

import (
	"bytes"
	"strings"
	"unicode/utf8"

	"golang.org/x/text/encoding/charmap"
)

// Encoding is how a file writes its characters.
type Encoding string

// The encodings.
const (
	UTF8        Encoding = "utf-8"
	UTF16LE     Encoding = "utf-16le"
	UTF16BE     Encoding = "utf-16be"
	Windows1252 Encoding = "windows-1252"
)

// letters reads cells. UTF-16 has become UTF-8 before encoding/csv sees it; the others
// are told apart cell by cell, because a file may have its first é in its last line.
//
// A file that nothing speaks for is UTF-8 until the first cell that is not ASCII decides.
// In a file of UTF-8 a cell that is none is refused: what it was meant to be is a guess.
// In one of Windows-1252 a cell that is valid UTF-8 stays what it is, since no text of
// Windows-1252 is that by chance: somebody has put two files together.
type letters struct {
	encoding Encoding
	sure     bool
}

// read gives the text of a cell, or that it has none; then the text is the cell as it is.
func (l *letters) read(cell string) (text string, ok bool) {
	if isASCII(cell) {
		return cell, true
	}
	switch {
	case l.encoding == UTF16LE, l.encoding == UTF16BE:
		return cell, !strings.ContainsRune(cell, utf8.RuneError)
	case utf8.ValidString(cell):
		l.sure = true
		return cell, true
	case !l.sure:
		l.encoding, l.sure = Windows1252, true
	case l.encoding == UTF8:
		return cell, false
	}
	text, err := charmap.Windows1252.NewDecoder().String(cell)
	if err != nil || strings.ContainsFunc(text, undefined) {
		return cell, false
	}
	return strings.TrimSpace(text), true
}

// undefined are the five bytes that stand for nothing in Windows-1252.
func undefined(r rune) bool { return r == utf8.RuneError || r >= 0x80 && r < 0xa0 }

// complaint is for a cell that letters cannot read.
func (l *letters) complaint() string {
	switch l.encoding {
	case UTF16LE, UTF16BE:
		return "The cell has characters which are broken in UTF-16; save the file as CSV UTF-8."
	case Windows1252:
		return "The cell has bytes which are no characters of Windows-1252; save the file as CSV UTF-8."
	default:
		return "The cell is not UTF-8, but other cells of the file are; save the file as CSV UTF-8."
	}
}

func isASCII(s string) bool {
	for i := range len(s) {
		if s[i] >= utf8.RuneSelf {
			return false
		}
	}
	return true
}

// lettersOf tells the encoding by its mark, by where the NULs are, or by which of the
// two remaining ones the bytes beyond ASCII speak for. mark is the length of the mark.
func lettersOf(head []byte) (l letters, mark int) {
	for e, begins := range map[Encoding]string{UTF8: "\xef\xbb\xbf", UTF16LE: "\xff\xfe", UTF16BE: "\xfe\xff"} {
		if bytes.HasPrefix(head, []byte(begins)) {
			return letters{e, true}, len(begins)
		}
	}
	if e := wide(head[:min(len(head), peeked)]); e != "" {
		return letters{e, true}, 0
	}
	switch good, bad := beyondASCII(head); {
	case good == 0 && bad == 0:
		return letters{UTF8, false}, 0
	case good >= bad:
		return letters{UTF8, true}, 0
	default:
		return letters{Windows1252, true}, 0
	}
}

// wide recognises UTF-16 without a mark: Latin text has a NUL in every second byte,
// always on the same side.
func wide(head []byte) Encoding {
	var side [2]int
	for i, b := range head {
		if b == 0 {
			side[i%2]++
		}
	}
	half := len(head) / 2
	switch {
	case half == 0:
	case side[1] > half*4/10 && side[0] <= half/20:
		return UTF16LE
	case side[0] > half*4/10 && side[1] <= half/20:
		return UTF16BE
	}
	return ""
}

// beyondASCII counts characters of UTF-8 and bytes that belong to none. Of a character
// that is cut off at the end of head nobody knows.
func beyondASCII(head []byte) (good, bad int) {
	for len(head) > 0 {
		if head[0] < utf8.RuneSelf {
			head = head[1:]
			continue
		}
		if !utf8.FullRune(head) {
			break
		}
		r, n := utf8.DecodeRune(head)
		if r == utf8.RuneError && n == 1 {
			bad++
		} else {
			good++
		}
		head = head[n:]
	}
	return good, bad
}
