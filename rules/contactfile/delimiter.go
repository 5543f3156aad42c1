package contactfile

import (
	"bytes"
	"strings"
)

const (
	// excelHint is a first line which Excel writes and reads to name the delimiter.
	excelHint = "sep="

	delimiters = ",;\t|" // between equals the earlier one is the likelier
	linesCut   = 20      // lines cut to find the delimiter
)

// hinted takes the delimiter out of an Excel hint; skip is the length of that line.
func hinted(head []byte) (delimiter rune, skip int) {
	end := bytes.IndexByte(head, '\n')
	if end < 0 || end > 16 {
		return 0, 0
	}
	// Some programs put the whole line in quotes.
	line := strings.Trim(string(head[:end]), "\r\" ")
	if len(line) < len(excelHint) || !strings.EqualFold(line[:len(excelHint)], excelHint) {
		return 0, 0
	}
	if value := line[len(excelHint):]; len(value) == 1 && strings.Contains(delimiters, value) {
		return rune(value[0]), end + 1
	}
	return 0, 0
}

// delimiterOf takes the candidate that cuts the lines behind the header into as many
// cells as the header itself, and of several the one that makes the most of them: a name
// for a column may have a comma in it. A file of phones only is read with commas.
func delimiterOf(head []byte) rune {
	lines := cuts(bytes.TrimLeft(head, "\r\n \t"))
	best, agreeing := 0, 0
	for d := range len(delimiters) {
		alike := 0
		for _, line := range lines[1:] {
			if line[d] == lines[0][d] {
				alike++
			}
		}
		if lines[0][d] == 0 {
			continue
		}
		if lines[0][best] == 0 || alike > agreeing || alike == agreeing && lines[0][d] > lines[0][best] {
			best, agreeing = d, alike
		}
	}
	return rune(delimiters[best])
}

// cuts counts each delimiter outside quotes in the first lines; there is always one line.
func cuts(text []byte) [][len(delimiters)]int {
	lines := make([][len(delimiters)]int, 1, linesCut)
	quoted, empty := false, true
	for _, b := range text {
		d := strings.IndexByte(delimiters, b)
		switch {
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '\n' && empty: // says nothing
		case b == '\n':
			if len(lines) == linesCut {
				return lines
			}
			lines, empty = append(lines, [len(delimiters)]int{}), true
			continue
		case d >= 0:
			lines[len(lines)-1][d]++
		}
		empty = empty && (b == '\r' || b == '\n')
	}
	if len(lines) > 1 { // the last one is cut off, or empty
		lines = lines[:len(lines)-1]
	}
	return lines
}
