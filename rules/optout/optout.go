// Package optout reads an inbound text: does the person end the subscription, open it
// again, ask who we are, or might mean an end? It reads in three tiers. An exact keyword
// and a clear phrase are an opt-out at once; a text that may be one is ambiguous, for a
// human. A wrong "no opt-out" is the worse error: a stop word in no known harmless use
// is at least ambiguous. It keeps no state and is safe for concurrent use.
//
// The lists are English, Spanish, French, Portuguese, German and Dutch.
package optout

// Version names the word lists and rules. It is stored with every verdict, so that one
// can say later by which rules a text was read.
const Version = "2026-11-24"

// Verdict says what a text asks for.
type Verdict string

// The verdicts.
const (
	None      Verdict = "none"      // nothing for us to do
	Stop      Verdict = "stop"      // end the subscription now
	Start     Verdict = "start"     // open it again
	Help      Verdict = "help"      // say who we are and how to stop
	Ambiguous Verdict = "ambiguous" // perhaps an opt-out: no marketing until a human has read it
)

// Tier says how sure a reading is.
type Tier string

// The tiers. None has no tier.
const (
	NoTier  Tier = ""
	Keyword Tier = "keyword"   // exactly one keyword, in whatever dress
	Phrase  Tier = "phrase"    // a keyword with a short rest, or a clear phrase
	Unclear Tier = "ambiguous" // a human decides
)

// Reading is a verdict and what decided it.
type Reading struct {
	Verdict Verdict
	Tier    Tier
	// Match is the keyword or the name of the rule that decided, never the person's text.
	Match string
}

// Situation is what the text alone does not show.
type Situation struct {
	Asked    bool // a yes/no question of ours awaits this contact's answer
	OptedOut bool // the contact is opted out: YES opens again then
}

// Read judges a text. Case, accents, look-alike letters, blanks, quotes, punctuation,
// emoji and invisible characters do not matter. Of a very long text it judges the first
// and the last words (see firstWords, lastWords); what is no word is not counted, so that
// padding hides nothing.
func Read(text string, s Situation) Reading {
	l := lists()
	words := l.spell(normal(text))
	// The STOP set comes before anything else: "> STOP" and “STOP” are keywords in quotes.
	if match, ok := l.exact(words, Stop); ok {
		return Reading{Stop, Keyword, match}
	}
	if own, cut := ownWords(text); cut {
		words = l.spell(normal(own))
		if match, ok := l.exact(words, Stop); ok {
			return Reading{Stop, Keyword, match}
		}
		if len(words) == 0 {
			return Reading{Verdict: None}
		}
	}
	if len(words) == 0 {
		return wordless(text)
	}
	if r, ok := l.answer(words, s); ok {
		return r
	}
	for _, v := range []Verdict{Start, Help} {
		if match, ok := l.exact(words, v); ok {
			return Reading{v, Keyword, match}
		}
	}
	return l.sentence(words)
}

// answer reads YES and NO. An opted-out person's YES opens again; otherwise it needs a
// question of ours, and so do the looser spellings, for consent must not rest on a "yep".
func (l *lexicon) answer(words []word, s Situation) (Reading, bool) {
	text := join(words)
	switch {
	case l.yes[text] && (s.Asked || s.OptedOut), l.looseYes[text] && s.Asked:
		return Reading{Start, Keyword, "yes"}, true
	case l.yes[text], l.looseYes[text], l.otherAnswers[text], s.Asked && l.no[text]:
		return Reading{Verdict: None}, true
	case l.no[text]:
		// To a text that asked nothing, "no thanks" refuses the offer or all offers.
		return Reading{Ambiguous, Unclear, "no"}, true
	}
	return Reading{}, false
}

// sentence reads what is no exact keyword. Demands that look harmless come before the
// harmless uses, which are blanked out before anything else is looked for.
func (l *lexicon) sentence(words []word) Reading {
	if p, ok := l.stillStop.first(words); ok {
		return Reading{Stop, Phrase, p.name}
	}
	if v, p, ok := l.whole(words); ok {
		return Reading{v, Phrase, p.name}
	}
	l.harmless.blank(words)
	unclear := Reading{Verdict: None}
	if p, ok := l.demand(words); ok {
		return Reading{Stop, Phrase, p.name}
	} else if p != nil {
		unclear = Reading{Ambiguous, Unclear, p.name}
	}
	if match, ok := l.opening(words); ok {
		return Reading{Stop, Phrase, match}
	}
	if match, ok := l.clause(words); ok {
		return Reading{Stop, Phrase, match}
	}
	if unclear.Verdict == Ambiguous {
		return unclear
	}
	return l.doubt(words)
}
