package merge

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"
)

// Render appends the text for one contact to b. value gives a field of the contact, link
// the address of the n-th link; link may be nil for a template without links. A value
// that is absent or blank takes the fallback. Where there is no fallback either, nothing
// is written and the field is in missing, once each. Values are data: braces in them
// are not read, control characters are removed.
func (t Template) Render(b []byte, value func(name string) (string, bool), link func(n int) string) (text []byte, missing []string) {
	b = slices.Grow(b, t.size)
	for i := range t.pieces {
		p := &t.pieces[i]
		b = append(b, p.text...)
		switch {
		case p.link > 0:
			b = append(b, link(p.link)...)
		case p.field != "":
			before := len(b)
			if v, ok := value(p.field); ok {
				b = appendClean(b, v)
			}
			if len(b) == before {
				b = append(b, p.fallback...)
			}
			if len(b) == before && !slices.Contains(missing, p.field) {
				missing = append(missing, p.field)
			}
		}
	}
	return b, missing
}

// appendClean keeps a value on its line: blanks and line breaks become one space each,
// invisible controls go, so that a name from a file cannot reverse or break the text.
func appendClean(b []byte, v string) []byte {
	v = strings.TrimSpace(v)
	if plain(v) {
		return append(b, v...)
	}
	start := len(b)
	for _, r := range v {
		switch {
		case r == '\t' || r == '\n' || r == '\r' || r == '\u0085' || r == '\u2028' || r == '\u2029':
			b = append(b, ' ')
		case unicode.IsControl(r) || r == utf8.RuneError || reverses(r):
		default:
			b = utf8.AppendRune(b, r)
		}
	}
	for len(b) > start && b[len(b)-1] == ' ' {
		b = b[:len(b)-1]
	}
	return b
}

// plain is the quick way for nearly every value.
func plain(v string) bool {
	for i := range len(v) {
		if v[i] < ' ' || v[i] > '~' {
			return false
		}
	}
	return true
}

// reverses is true for the controls that change the direction of text behind them.
func reverses(r rune) bool {
	return '\u202A' <= r && r <= '\u202E' || '\u2066' <= r && r <= '\u2069'
}
