package optout

import (
	"strings"
	"sync"
)

// lexicon is all word lists, made ready for look-ups.
type lexicon struct {
	verdicts map[string]Verdict // of keywords
	spelling map[string]string
	long     []string
	known    map[string]bool // words that are not misspellings of others
	halves   map[string]bool
	tails    map[string]bool
	tapbacks []string
	behind   map[string]bool

	yes, looseYes, no, otherAnswers map[string]bool

	strong, weak, polite, leading, weakRest, later, neighbours, negations, objects map[string]bool

	stillStop, harmless, phrases, questions, unclear, help, start book
}

// lists makes the lexicon once, when the first text is read.
var lists = sync.OnceValue(func() *lexicon {
	l := &lexicon{verdicts: map[string]Verdict{}, spelling: map[string]string{}, long: longKeywords(), known: set(realWords()...), halves: map[string]bool{}}
	for v, list := range keywords() {
		for _, k := range list {
			l.verdicts[k] = v
		}
	}
	for right, wrong := range misspellings() {
		for w := range strings.FieldsSeq(wrong) {
			l.spelling[w] = right
		}
	}
	l.strong, l.weak, l.polite, l.leading = set(strongWords()...), set(weakWords()...), set(politeWords()...), set(leadingWords()...)
	l.weakRest, l.later, l.tails, l.negations = set(weakRests()...), set(laterWords()...), set(gluedWords()...), set(negationWords()...)
	l.objects, l.neighbours = set(strings.Fields(classes()["<texting>"])...), set(stopNeighbours()...)
	yes, loose, no, other := answers()
	l.yes, l.looseYes, l.no, l.otherAnswers = set(yes...), set(loose...), set(no...), set(other...)
	c := classes()
	l.stillStop, l.harmless, l.questions, l.unclear = open(stillStop(), c), open(harmless(), c), open(questions(), c), open(unclear(), c)
	l.phrases = open(append(phrases(), phrasesAbroad()...), c)
	l.help, l.start = open(helpPhrases(), c), open(startPhrases(), c)
	l.tapbacks, l.behind = tapbacks(), behindTapback()
	l.learn()
	return l
})

// learn derives what follows from the lists: words that need no mending, and the halves
// that a blank in the middle of a word makes.
func (l *lexicon) learn() {
	for _, b := range []book{l.stillStop, l.harmless, l.phrases, l.unclear, l.help, l.start} {
		for _, patterns := range b {
			for _, p := range patterns {
				for _, e := range p.elements {
					for _, w := range e.words {
						l.known[w] = true
					}
				}
			}
		}
	}
	for k, v := range l.verdicts {
		for w := range strings.FieldsSeq(k) {
			l.known[w] = true
		}
		if v != Stop || strings.Contains(k, " ") || len(k) < 6 && k != "stop" && k != "optout" {
			continue
		}
		for i := 1; i < len(k); i++ {
			l.halves[k[:i]+" "+k[i:]] = true
		}
	}
	for w := range l.spelling {
		delete(l.known, w)
	}
}

func set(words ...string) map[string]bool {
	m := make(map[string]bool, len(words))
	for _, w := range words {
		m[w] = true
	}
	return m
}
