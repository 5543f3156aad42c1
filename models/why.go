package models

import (
	"cmp"
	"fmt"
	"slices"
	"strings"
	"time"
)

// Story is what is known of a message: what was written down about it, and what its list
// and account are like now.
type Story struct {
	Message   Message
	Decisions []Decision
	Clicks    []ClickTold // in order; of very many, the first
	Campaign  string      // its name; empty for a single text
	List      List        // with its routes, as they are now
	Settings  Settings
}

// What happened to a message, in Finding.Step.
const (
	StepPlanned    = "planned"
	StepWaited     = "waited"
	StepPassed     = "passed" // a check
	StepClaimed    = "claimed"
	StepPutBack    = "put_back"
	StepSkipped    = "skipped"
	StepUnknown    = "unknown"
	StepHandedOver = "handed_over"
	StepReported   = "reported"
)

// Finding is one decision about a message, or one thing that happened to it.
type Finding struct {
	At      time.Time
	Step    string
	Check   string // the check that decided; empty when none did
	Why     string // for the user
	Until   *time.Time
	Version string // of the rule
	Code    string // the provider's own
	Class   string // what the code means for us
	// Derived: it was not written down at the time. It follows from the claim, which is
	// made only when all checks are passed, and is told with today's settings.
	Derived bool
}

// Meanings says what a provider's code means: its class and a sentence, both empty for a
// code in no table.
type Meanings func(provider, code string) (class, sentence string)

// Why tells the message's story in order: when it was planned, what made it wait, which
// checks it passed, who took it and what became of it.
func (s Story) Why(meaning Meanings) []Finding {
	m := s.Message
	all := []Finding{{At: m.QueuedAt, Step: StepPlanned, Why: s.planned()}}
	for _, d := range s.Decisions {
		f := Finding{At: d.At, Step: StepWaited, Check: d.Check, Why: d.Why, Until: d.Until, Version: d.Version}
		if d.Verdict == VerdictSkip {
			f.Step = StepSkipped
			f.Why = strings.TrimSpace(cmp.Or(ReasonSentence(d.Check), d.Check) + " " + sentenceOf(d.Why))
		}
		all = append(all, f)
	}
	all = append(all, s.claimed()...)
	all = append(all, s.handed()...)
	all = append(all, s.ended(meaning)...)
	slices.SortStableFunc(all, func(a, b Finding) int { return a.At.Compare(b.At) })
	return all
}

func (s Story) planned() string {
	switch s.Message.Kind {
	case KindCampaign:
		return fmt.Sprintf("Campaign %q planned it when it froze its audience.", s.Campaign)
	case KindAPI:
		return "It was asked for by API."
	case KindReply:
		return "A person of the account answered what this contact wrote."
	case KindConfirmation:
		return "It is the one confirmation of this contact's STOP."
	case KindHelp:
		return "It answers this contact's HELP."
	case KindPasscode:
		return "It is a one-time passcode, asked for by API."
	case KindTest:
		return "It is the test text of the list's check."
	}
	return "It was queued."
}

// handed is what is known of the hand-over itself.
func (s Story) handed() []Finding {
	m := s.Message
	var all []Finding
	if m.UnknownAt != nil {
		why := "The provider's answer never came, so nobody knows whether it has the text. It is not sent again unless the provider proves that it never accepted it."
		if m.Absences > 0 {
			why += fmt.Sprintf(" The provider was asked and had no record of it, %d times.", m.Absences)
		}
		all = append(all, Finding{At: *m.UnknownAt, Step: StepUnknown, Why: why})
	}
	if m.SentAt != nil {
		why := "The provider accepted it" + s.over() + "."
		if m.ProviderID != "" {
			why += " Its id there is " + m.ProviderID + "."
		}
		all = append(all, Finding{At: *m.SentAt, Step: StepHandedOver, Why: why})
	}
	return all
}

// over names the route that took the message. What is known is its rank.
func (s Story) over() string {
	if s.Message.Route == 0 {
		return ""
	}
	r, ok := RouteOf(s.List.Routes, s.Message.Route)
	if !ok {
		return fmt.Sprintf(", over route %d, which the list does not have any more", s.Message.Route)
	}
	return fmt.Sprintf(", over route %d, which is at %s now", s.Message.Route, r.Provider)
}

// ended is the last word about the message. One skipped by a written decision has it
// already.
func (s Story) ended(meaning Meanings) []Finding {
	m := s.Message
	if m.FinishedAt == nil {
		return nil
	}
	f := Finding{At: *m.FinishedAt, Step: StepReported, Check: m.Reason}
	switch m.State {
	case MessageSkipped:
		if slices.ContainsFunc(s.Decisions, func(d Decision) bool { return d.Verdict == VerdictSkip && d.Check == m.Reason }) {
			return nil
		}
		f.Step, f.Why = StepSkipped, cmp.Or(ReasonSentence(m.Reason), "It was skipped.")
		return []Finding{f}
	case MessageDelivered:
		f.Check, f.Why = "", "The provider reported that the phone has it."
		return []Finding{f}
	case MessageUndelivered:
		f.Why = "The provider reported that it did not arrive."
	case MessageFailed:
		f.Why = "The provider refused it, or gave it up."
	case MessageQueued, MessageClaimed, MessageSent, MessageUnknown:
		return nil
	}
	f.Why += " " + ReasonSentence(m.Reason)
	if f.Code = m.ProviderCode; f.Code != "" {
		f.Class, f.Why = s.means(meaning, f.Why)
	}
	f.Why = strings.TrimSpace(f.Why)
	return []Finding{f}
}

// means adds our meaning of the provider's code to what is said. What was written down at
// the time goes before today's table: the route may be at another provider by now.
func (s Story) means(meaning Meanings, said string) (class, why string) {
	m := s.Message
	if m.ProviderText != "" {
		return m.Reason, fmt.Sprintf("%s The provider's code %s means: %s.", said, m.ProviderCode, m.ProviderText)
	}
	sentence := ""
	if r, ok := RouteOf(s.List.Routes, max(m.Route, 1)); ok {
		class, sentence = meaning(r.Provider, m.ProviderCode)
	}
	if class == "" {
		return "", fmt.Sprintf("%s The provider's code %s is in no table of ours, so its meaning is a guess.", said, m.ProviderCode)
	}
	return class, fmt.Sprintf("%s The provider's code %s means: %s.", said, m.ProviderCode, sentence)
}

func sentenceOf(why string) string {
	if why == "" {
		return ""
	}
	return "(" + why + ")"
}
