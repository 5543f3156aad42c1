package optout

import (
	"slices"
	"strings"
	"unicode/utf8"
)

// spell mends the spelling of words that may be keywords, joins letters and halves that
// were written apart ("s t o p", "un subscribe") and parts what was written together.
func (l *lexicon) spell(words []word) []word {
	out := make([]word, 0, len(words)+4)
	for i := 0; i < len(words); {
		if w, n := l.together(words[i:]); n > 1 {
			out = append(out, word{w, words[i+n-1].pause})
			i += n
			continue
		}
		w := words[i]
		w.text = l.canonical(w.text)
		if head, tail, ok := l.glued(w.text); ok {
			out = append(out, word{head, blank})
			w.text = l.canonical(tail)
		}
		out = append(out, w)
		i++
	}
	return out
}

// together gives the keyword that the next words are the pieces of, and their number.
func (l *lexicon) together(words []word) (string, int) {
	n := 0
	for n < len(words) && n < longestWord && utf8.RuneCountInString(words[n].text) == 1 {
		n++
	}
	for ; n >= 3; n-- {
		if w, ok := l.keyword(glue(words[:n])); ok {
			return w, n
		}
	}
	if len(words) > 1 && len(words[0].text)+len(words[1].text) <= 16 {
		// The halves of a short word are words themselves: "al to" is no "alto".
		if a, b := words[0].text, words[1].text; l.halves[a+" "+b] {
			return l.canonical(a + b), 2
		}
	}
	return "", 0
}

func glue(words []word) string {
	var b strings.Builder
	for _, w := range words {
		b.WriteString(w.text)
	}
	return b.String()
}

// keyword gives the keyword a word is, mended.
func (l *lexicon) keyword(w string) (string, bool) {
	if right, ok := l.spelling[w]; ok {
		w = right
	}
	return w, l.verdicts[w] != ""
}

// canonical gives the word that a misspelled one was meant to be, or the word itself.
func (l *lexicon) canonical(w string) string {
	if right, ok := l.spelling[w]; ok {
		return right
	}
	if l.known[w] || len(w) < 3 {
		return w
	}
	for _, try := range []func(string) string{plainDigits, squeezed, squeezedToTwo} {
		if k, ok := l.keyword(try(w)); ok {
			return k
		}
	}
	if k, ok := l.repeated(w); ok {
		return k
	}
	for _, long := range l.long {
		if closeTo(w, long) {
			return long
		}
	}
	return w
}

// plainDigits undoes digits in place of letters, and the "1" of a "!" without its shift.
func plainDigits(w string) string {
	bare := strings.TrimRight(w, "1")
	if strings.IndexFunc(bare, func(r rune) bool { return r < '0' || r > '9' }) < 0 {
		return w
	}
	return digitLetters.Replace(bare)
}

var digitLetters = strings.NewReplacer("0", "o", "1", "l", "3", "e", "4", "a", "5", "s", "7", "t", "8", "b")

// squeezed brings three or more of the same letter to one: "stoooop", "ennnd".
func squeezed(w string) string { return squeeze(w, 1) }

// squeezedToTwo keeps a pair: "stoppppp" in German.
func squeezedToTwo(w string) string { return squeeze(w, 2) }

func squeeze(w string, keep int) string {
	out := make([]byte, 0, longestWord)
	for i := 0; i < len(w); {
		j := i
		for j < len(w) && w[j] == w[i] {
			j++
		}
		n := j - i
		if n > 2 {
			n = keep
		}
		out = append(out, w[i:i+n]...)
		i = j
	}
	return string(out)
}

// repeated finds a keyword written several times without a blank: "stopstop".
func (l *lexicon) repeated(w string) (string, bool) {
	for n := 3; n <= len(w)/2; n++ {
		if l.verdicts[w[:n]] != Stop || !strings.HasPrefix(w[n:], w[:n]) {
			continue
		}
		if again := strings.Repeat(w[:n], len(w)/n+1); strings.HasPrefix(again, w) {
			return w[:n], true
		}
	}
	return "", false
}

// glued parts a keyword from the word it was written together with: "stopplease".
func (l *lexicon) glued(w string) (head, tail string, ok bool) {
	for _, k := range []string{"stop", "unsubscribe"} {
		if rest, has := strings.CutPrefix(w, k); has && l.tails[rest] {
			return k, rest, true
		}
		if front, has := strings.CutSuffix(w, k); has && l.tails[front] {
			return front, k, true
		}
	}
	return "", "", false
}

// closeTo says whether one slip of the finger makes a the long word b, or two when b has
// ten letters. A slip is a letter too many, too few, wrong, or two exchanged.
func closeTo(a, b string) bool {
	slips := 1
	if len(b) >= 10 {
		slips = 2
	}
	d := len(a) - len(b)
	// The wrong letter is rarely the first of both halves; this spares most comparisons.
	if d > slips || d < -slips || (a[0] != b[0] && a[1] != b[1] && a[0] != b[1] && a[1] != b[0]) {
		return false
	}
	return distance(a, b) <= slips
}

// distance is the Damerau-Levenshtein distance with adjacent exchanges, in bytes.
func distance(a, b string) int {
	var rows [3][longestWord + 1]int
	if len(a) > longestWord || len(b) > longestWord {
		return longestWord
	}
	for j := range len(b) + 1 {
		rows[0][j] = j
	}
	for i := 1; i <= len(a); i++ {
		now, last, before := &rows[i%3], &rows[(i+2)%3], &rows[(i+1)%3]
		now[0] = i
		for j := 1; j <= len(b); j++ {
			cost := 1
			if a[i-1] == b[j-1] {
				cost = 0
			}
			now[j] = min(last[j]+1, now[j-1]+1, last[j-1]+cost)
			if i > 1 && j > 1 && a[i-1] == b[j-2] && a[i-2] == b[j-1] {
				now[j] = min(now[j], before[j-2]+1)
			}
		}
	}
	return rows[len(a)%3][len(b)]
}

// once leaves out words that repeat the one before.
func once(words []word) []word {
	return slices.CompactFunc(slices.Clone(words), func(a, b word) bool { return a.text == b.text })
}
