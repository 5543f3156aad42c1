package optout

import (
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// longest is more bytes than any keyword needs, letters spelled apart included. What is
// longer once the padding is gone is a sentence.
const longest = 32

// normal brings a text to lower-case words with one blank between them; everything that
// is no letter or digit parts words. It gives an empty string for a text that is too
// long to be a keyword.
func normal(text string) string {
	words := make([]byte, 0, longest+utf8.UTFMax)
	gap := false
	// Compatibility decomposition turns full-width letters into plain ones and parts
	// accents from their letters, so that they can be left out.
	for _, r := range norm.NFKD.String(text) {
		switch {
		case unicode.In(r, unicode.Mn, unicode.Cf):
			// Accents, zero-width characters and emoji presentation neither count nor part.
		case unicode.IsLetter(r) || unicode.IsDigit(r):
			if gap && len(words) > 0 {
				words = append(words, ' ')
			}
			gap = false
			words = utf8.AppendRune(words, unicode.ToLower(r))
		default:
			gap = true
		}
		if len(words) > longest {
			return ""
		}
	}
	return together(string(words))
}

// together joins letters that were spelled apart: "s t o p".
func together(words string) string {
	letters := strings.Fields(words)
	for _, l := range letters {
		if utf8.RuneCountInString(l) > 1 {
			return words
		}
	}
	return strings.Join(letters, "")
}
