package optout

import (
	"strings"
	"unicode/utf8"
)

func decodeQuote(s string) (rune, int) { return utf8.DecodeRuneInString(s) }

// cutLines takes away lines that quote an earlier text, as mail gateways write them.
func cutLines(text string) (string, bool) {
	if !strings.ContainsAny(text, ">") && !strings.Contains(text, "Original Message") && !strings.Contains(text, "wrote:") {
		return text, false
	}
	var own strings.Builder
	cut := false
	for line := range strings.SplitSeq(text, "\n") {
		bare := strings.TrimLeft(line, " \t\r\u00a0\u200b\ufeff")
		switch {
		case strings.HasPrefix(bare, ">"), strings.HasPrefix(bare, "On ") && strings.Contains(bare, "wrote:"):
			cut = true
		case strings.HasPrefix(bare, "-") && strings.Contains(bare, "Original Message"):
			return own.String(), true
		default:
			own.WriteString(line)
			own.WriteByte('\n')
		}
	}
	return own.String(), cut
}

// cutQuotes takes away quotations of two words or more, if there are words around them.
// "I said “stop texting me”" quotes the person, whose words they are.
func cutQuotes(text string) (string, bool) {
	if !strings.ContainsAny(text, openQuotes) {
		return text, false
	}
	var own strings.Builder
	cut, rest := false, text
	for {
		at := strings.IndexAny(rest, openQuotes)
		if at < 0 {
			break
		}
		_, size := decodeQuote(rest[at:])
		end := strings.IndexAny(rest[at+size:], closeQuotes)
		if end < 0 {
			break
		}
		end += at + size
		_, closing := decodeQuote(rest[end:])
		inside := rest[at+size : end]
		own.WriteString(rest[:at])
		if severalWords(inside) && !quotesOneself(own.String()) {
			cut = true
			own.WriteByte(' ')
		} else {
			own.WriteString(" " + inside + " ")
		}
		rest = rest[end+closing:]
	}
	own.WriteString(rest)
	left := own.String()
	if cut && len(normal(left)) == 0 {
		return text, false
	}
	return left, cut
}

func severalWords(s string) bool { return strings.ContainsAny(strings.TrimSpace(s), " \n\u00a0") }

func quotesOneself(before string) bool {
	const near = 40
	if len(before) > near {
		before = before[len(before)-near:]
	}
	words := normal(before)
	if len(words) == 0 {
		return false
	}
	saying, mine := false, false
	for _, w := range words {
		switch w.text {
		case "i", "ive", "im", "already", "we":
			mine = true
		case "said", "say", "saying", "told", "texted", "typed", "sent", "replied", "asked", "wrote", "responded", "mean", "meant":
			saying = true
		}
	}
	return mine && saying
}
