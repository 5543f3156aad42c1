package optout

import (
	"slices"
	"strings"
	"unicode"
	"unicode/utf8"

	"golang.org/x/text/unicode/norm"
)

// How much of a text is judged. A text of 1,600 characters has about 300 words; an
// opt-out is said early or at the very end.
const (
	firstWords = 256
	lastWords  = 64
	// longestWord is more bytes than any keyword has; the rest of a longer one is dropped.
	longestWord = 64
)

// pause is what parts a word from the next one.
type pause uint8

const (
	blank pause = iota
	comma       // a comma, a new line, an emoji
	full        // the end of a sentence
	query       // the end of a question
)

// word is one word in lower case without accents, and what follows it.
type word struct {
	text  string
	pause pause
}

// normal brings a text to plain lower-case words in one pass. Everything that is no
// letter or digit parts words, but for apostrophes and invisible characters.
func normal(text string) []word {
	b := builder{buf: make([]byte, 0, min(len(text)+16, 1<<12)), ends: make([]mark, 0, 24)}
	for i := 0; i < len(text); {
		r, size := rune(text[i]), 1
		if r >= utf8.RuneSelf {
			r, size = utf8.DecodeRuneInString(text[i:])
		}
		next := text[i+size:]
		switch {
		case r < utf8.RuneSelf:
			b.ascii(text[i], next)
		case strings.ContainsRune(apostrophes, r):
		default:
			b.foreign(r, text[i:i+size])
		}
		i += size
	}
	return b.words()
}

// apostrophes neither count nor part: "don't" is "dont". Some of them decompose into a
// blank and an accent.
const apostrophes = "’‘‛´ʼʹ＇"

type mark struct {
	end   int
	pause pause
}

// builder collects the letters of all words in one buffer.
type builder struct {
	buf   []byte
	start int    // of the word being written
	ends  []mark // of the words before it
}

func (b *builder) ascii(c byte, next string) {
	switch {
	case 'a' <= c && c <= 'z', '0' <= c && c <= '9':
		b.add(c)
	case 'A' <= c && c <= 'Z':
		b.add(c + 'a' - 'A')
	case c == '\'' || c == '`':
	case c == '$' && letterAhead(next):
		b.add('s')
	case c == '@' && len(b.buf) > b.start && letterAhead(next):
		b.add('a')
	case c == '+' && len(b.buf) > b.start && letterAhead(next):
		b.add('t')
	case c == '#' && !letterAhead(next) && !digitAhead(next):
		b.part(blank)
		b.buf = append(b.buf, "number"...)
		b.part(blank)
	case c == '?':
		b.part(query)
	case c == '.' || c == '!':
		b.part(full)
	case strings.IndexByte(",;:\n\r()", c) >= 0:
		b.part(comma)
	default:
		b.part(blank)
	}
}

func letterAhead(s string) bool {
	return s != "" && ('a' <= s[0]|0x20 && s[0]|0x20 <= 'z')
}

func digitAhead(s string) bool { return s != "" && '0' <= s[0] && s[0] <= '9' }

// foreign writes one character beyond ASCII. Compatibility decomposition turns full-width
// and mathematical letters into plain ones and parts accents from their letters.
func (b *builder) foreign(r rune, raw string) {
	parts := norm.NFKD.PropertiesString(raw).Decomposition()
	if parts == nil {
		b.plain(r)
		return
	}
	for len(parts) > 0 {
		p, size := utf8.DecodeRune(parts)
		b.plain(p)
		parts = parts[size:]
	}
}

func (b *builder) plain(r rune) {
	if like, ok := lookAlikes[r]; ok {
		for _, c := range []byte(like) {
			b.ascii(c, "")
		}
		return
	}
	switch {
	case r < utf8.RuneSelf:
		b.ascii(byte(r&0x7f), "")
	case unicode.In(r, unicode.Mn, unicode.Me, unicode.Cf), strings.ContainsRune(fillers, r):
		// Accents, zero-width characters and emoji presentation.
	case unicode.IsLetter(r) || unicode.IsDigit(r):
		low := unicode.ToLower(r)
		if like, ok := lookAlikes[low]; ok {
			b.buf = append(b.buf, like...)
			return
		}
		b.addRune(low)
	case r == '¿' || unicode.IsSpace(r):
		b.part(blank)
	case strings.ContainsRune("？؟⁇⁈⁉", r):
		b.part(query)
	case strings.ContainsRune("。！｡", r):
		b.part(full)
	case unicode.In(r, unicode.So, unicode.Sk):
		b.part(comma)
	default:
		b.part(blank)
	}
}

// fillers are letters by name and blanks to the eye.
const fillers = "\u115f\u1160\u3164\uffa0"

func (b *builder) add(c byte) {
	if len(b.buf)-b.start < longestWord {
		b.buf = append(b.buf, c)
	}
}

func (b *builder) addRune(r rune) {
	if len(b.buf)-b.start < longestWord {
		b.buf = utf8.AppendRune(b.buf, r)
	}
}

// part ends the word being written, or makes the pause behind the last one longer.
func (b *builder) part(p pause) {
	if len(b.buf) > b.start {
		b.ends = append(b.ends, mark{len(b.buf), p})
		b.start = len(b.buf)
	} else if n := len(b.ends); n > 0 {
		b.ends[n-1].pause = max(b.ends[n-1].pause, p)
	}
}

func (b *builder) words() []word {
	b.part(full)
	if n := len(b.ends); n > 0 {
		b.ends[n-1].pause = max(b.ends[n-1].pause, full)
	}
	all, from := string(b.buf), 0
	words := make([]word, 0, len(b.ends))
	for _, m := range b.ends {
		words = append(words, word{all[from:m.end], m.pause})
		from = m.end
	}
	if len(words) > firstWords+lastWords {
		words = slices.Concat(words[:firstWords], words[len(words)-lastWords:])
		// What stands on both sides of the gap was not said together.
		words[firstWords-1].pause = full
	}
	return words
}

// join gives the words with one blank between them.
func join(words []word) string {
	if len(words) == 1 {
		return words[0].text
	}
	var b strings.Builder
	for i, w := range words {
		if i > 0 {
			b.WriteByte(' ')
		}
		b.WriteString(w.text)
	}
	return b.String()
}

// wordless reads a text without any letter or digit: a stop sign alone may be meant.
func wordless(text string) Reading {
	if strings.ContainsAny(text, "🛑🚫⛔🖕✋") {
		return Reading{Ambiguous, Unclear, "sign"}
	}
	return Reading{Verdict: None}
}
