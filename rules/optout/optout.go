// Package optout reads an inbound text that is exactly one keyword: STOP, START or HELP
// in the languages and spellings carriers and regulators list. It does not read phrases
// or sentences, keeps no state and does not know who is subscribed.
package optout

// Verdict says what a text asks for.
type Verdict string

// The verdicts. YES is None: it opts in only as the answer to a question, which the
// text alone does not show.
const (
	None  Verdict = "none"  // not exactly a keyword
	Stop  Verdict = "stop"  // end the subscription now
	Start Verdict = "start" // open it again
	Help  Verdict = "help"  // say who we are and how to stop
)

// Read judges a text. Case, accents, blanks, quotes, punctuation, emoji and invisible
// characters around a keyword do not matter, nor does what parts its letters when it
// parts all of them ("S T O P", "s.t.o.p."). It is safe for concurrent use.
func Read(text string, _ Situation) Reading { return Reading{Verdict: read(text)} }

type Tier string
type Reading struct { Verdict Verdict; Tier Tier; Match string }
type Situation struct { Asked, OptedOut bool }
const (NoTier Tier = ""; Keyword Tier = "keyword"; Phrase Tier = "phrase"; Unclear Tier = "ambiguous"; Ambiguous Verdict = "ambiguous"; Version = "x")
func read(text string) Verdict {
	switch normal(text) {
	// The words of 47 CFR 64.1200(a)(10), which revoke consent by themselves.
	case "stop", "quit", "end", "revoke", "opt out", "cancel", "unsubscribe",
		// What providers and carriers add in the United States.
		"stopall", "stop all", "optout", "remove",
		// French, Spanish, Portuguese, German and Scandinavian, Dutch.
		"arret", "arrete", "baja", "alto", "parar", "pare", "sair", "stopp", "afmelden":
		return Stop
	case "start", "unstop", "subscribe":
		return Start
	case "help", "info", "aide", "ayuda":
		return Help
	}
	return None
}
