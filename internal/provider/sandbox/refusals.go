package sandbox

import "strconv"

// The reasons for which a text is refused or lost, in no provider's words. Every
// dialect has a table of its own codes for them.
const (
	OptedOut       = "opted_out"
	BadNumber      = "bad_number"
	Filtered       = "filtered"
	AccountProblem = "account_problem" // refused only
	RetrySoon      = "retry_soon"      // refused only
	Unheard        = "unheard"         // a code that is in nobody's table
	Rejected       = "rejected"        // refused only: something about the text itself
	RetryLater     = "retry_later"     // lost only
)

// RefusalShare refuses a share of phones for a reason, in the words of whatever format
// the text came in. In a batch the others are accepted. A phone keeps its fate, also
// when another provider is asked.
type RefusalShare struct {
	Class   string  `json:"class"`
	Percent float64 `json:"percent"` // of phones, 0 to 100
}

// refusable reports whether a text can be refused for the reason.
func refusable(class string) bool {
	_, ok := twilioRefusals[class]
	return ok
}

// losable reports whether an accepted text can be lost for the reason.
func losable(class string) bool {
	_, ok := twilioFailures[class]
	return ok
}

// Refuses is why texts to a phone are refused at the moment: a reason, one of Twilio's
// codes at Twilio, or empty. The person's own STOP is not looked at.
func (s *Sandbox) Refuses(provider, to string) string {
	f := s.faults.Load()
	if class := s.drawn(f, to); class != "" {
		return class
	}
	if code := s.doom(f, to); code != 0 && provider == Twilio {
		return strconv.Itoa(code)
	}
	return ""
}

// objection is the reason for which a well-formed text is refused all the same; empty
// for most.
func (s *Sandbox) objection(f *Faults, from, to string) string {
	if s.o.BlocksOptOuts && s.book.isBlocked(pair{to, from}) {
		return OptedOut
	}
	return s.drawn(f, to)
}

func (s *Sandbox) drawn(f *Faults, to string) string {
	if len(f.Refusals) == 0 {
		return ""
	}
	left := s.dice.roll("refusal", to)
	for _, c := range f.Refusals {
		if left -= c.Percent; left < 0 {
			return c.Class
		}
	}
	return ""
}
