package optout

import "strings"

// rule is a named meaning and the ways it is said.
type rule struct {
	name     string
	patterns []string
}

// pattern is one way of saying something, as a row of words:
//
//	take|get me off      alternatives, one after the other
//	no more <message>    a class of words (see classes)
//	stop * texting       up to three words between
//	please? stop         perhaps a word
//	^no more $           from the start of a sentence, to its end
//
// A pattern may run over a comma, never over the end of a sentence.
type pattern struct {
	name        string
	elements    []element
	start, stop bool
}

type element struct {
	words    []string
	optional bool
	gap      bool
}

// widest is how many words a star stands for.
const widest = 3

func compile(name, text string, classes map[string]string) *pattern {
	p := &pattern{name: name}
	if rest, ok := strings.CutPrefix(text, "^"); ok {
		p.start, text = true, rest
	}
	for field := range strings.FieldsSeq(text) {
		switch field {
		case "*":
			p.elements = append(p.elements, element{gap: true})
		case "$":
			p.stop = true
		default:
			field, optional := strings.CutSuffix(field, "?")
			e := element{optional: optional}
			for alternative := range strings.SplitSeq(field, "|") {
				if class, ok := classes[alternative]; ok {
					e.words = append(e.words, strings.Fields(class)...)
				} else {
					e.words = append(e.words, alternative)
				}
			}
			p.elements = append(p.elements, e)
		}
	}
	return p
}

func (e *element) is(w string) bool {
	for _, x := range e.words {
		if x == w {
			return true
		}
	}
	return false
}

// at gives where the pattern ends when it begins at word i.
func (p *pattern) at(words []word, i int) (int, bool) {
	if p.start && i > 0 && words[i-1].pause == blank {
		return 0, false
	}
	return p.rest(p.elements, words, i)
}

func (p *pattern) rest(left []element, words []word, i int) (int, bool) {
	if len(left) == 0 {
		return i, !p.stop || words[i-1].pause != blank
	}
	e := &left[0]
	if e.gap {
		for skip := 0; skip <= widest; skip++ {
			if end, ok := p.rest(left[1:], words, i+skip); ok {
				return end, true
			}
			if i+skip >= len(words) || words[i+skip].pause >= full {
				break
			}
		}
		return 0, false
	}
	if i < len(words) && (i == 0 || len(left) == len(p.elements) || words[i-1].pause < full) && e.is(words[i].text) {
		if end, ok := p.rest(left[1:], words, i+1); ok {
			return end, true
		}
	}
	if e.optional {
		return p.rest(left[1:], words, i)
	}
	return 0, false
}

// book finds patterns by their first word.
type book map[string][]*pattern

func open(rules []rule, classes map[string]string) book {
	b := book{}
	for _, r := range rules {
		for _, text := range r.patterns {
			p := compile(r.name, text, classes)
			for _, e := range p.elements {
				for _, w := range e.words {
					b[w] = append(b[w], p)
				}
				if !e.optional {
					break
				}
			}
		}
	}
	return b
}

// each calls f for every place where a pattern fits, until f says true.
func (b book) each(words []word, f func(p *pattern, from, to int) bool) {
	for i, w := range words {
		for _, p := range b[w.text] {
			if to, ok := p.at(words, i); ok && f(p, i, to) {
				return
			}
		}
	}
}

func (b book) first(words []word) (found *pattern, ok bool) {
	b.each(words, func(p *pattern, _, _ int) bool {
		found = p
		return true
	})
	return found, found != nil
}

// blank empties the words of every place where a pattern fits, so that no other rule
// sees them. All places are found first: one harmless use must not hide another.
func (b book) blank(words []word) {
	type span struct{ from, to int }
	var spans []span
	b.each(words, func(_ *pattern, from, to int) bool {
		spans = append(spans, span{from, to})
		return false
	})
	for _, s := range spans {
		for i := s.from; i < s.to; i++ {
			words[i].text = ""
		}
	}
}
