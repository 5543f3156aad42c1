package contactfile

import (
	"bytes"
	"strings"
)

// excelHint is a first line which Excel writes and reads to name the delimiter.
const excelHint = "sep="

// hinted takes the delimiter out of an Excel hint; skip is the length of that line.
func hinted(head []byte) (delimiter rune, skip int) {
	end := bytes.IndexByte(head, '\n')
	if end < 0 || !bytes.HasPrefix(bytes.ToLower(head[:end]), []byte(excelHint)) {
		return 0, 0
	}
	value := strings.TrimRight(string(head[len(excelHint):end]), "\r")
	if len(value) == 1 && strings.ContainsAny(value, ",;\t|") {
		return rune(value[0]), end + 1
	}
	return 0, 0
}

// delimiterOf takes the candidate that cuts the header line most often. A file of phones
// only has none, and is read with commas.
func delimiterOf(head []byte) rune {
	counts := make(map[byte]int, 4)
	quoted := false
	for _, b := range bytes.TrimLeft(head, "\r\n \t") {
		switch {
		case b == '"':
			quoted = !quoted
		case quoted:
		case b == '\n':
			return most(counts)
		case b == ',', b == ';', b == '\t', b == '|':
			counts[b]++
		}
	}
	return most(counts)
}

// most prefers, between equals, the earlier one: a comma is the likelier delimiter.
func most(counts map[byte]int) rune {
	best := byte(',')
	for _, b := range []byte{';', '\t', '|'} {
		if counts[b] > counts[best] {
			best = b
		}
	}
	return rune(best)
}
