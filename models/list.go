package models

import (
	"cmp"
	"net/url"
	"regexp"
	"strings"
	"time"

	"trackly/internal/fault"
	"trackly/rules/merge"
	"trackly/rules/pace"
)

const (
	maxFrequency = 720 // hours
	maxAnswer    = 320 // characters of an automatic answer
)

// ListState says whether a list may be sent from.
type ListState string

// The states of a list.
const (
	ListActive ListState = "active"
	ListPaused ListState = "paused"
)

// List is a sending list: one number, its brand, pace and texts, and its routes to
// providers.
type List struct {
	ID                ListID
	AccountID         AccountID
	Name              string
	Brand             string
	Phone             string // the sending number, E.164; the first route's
	LinkURL           string `gorm:"column:link_url"` // where short links live, without a final slash; empty: this server's
	PrependBrand      bool
	OptOutLine        string  // appended to every text; empty: nothing
	MessagesPerSecond float64 // 0: as fast as the provider takes them
	SegmentsPerSecond float64 // 0: as above
	MessagesPerDay    int     // 0: no cap; days are the account's
	FrequencyHours    int     // skip whoever got a text of this list so recently; 0: never
	AnswersStop       Answerer
	AnswersHelp       Answerer
	StopText          string // what Trackly answers a STOP with; empty: a plain sentence
	HelpText          string
	State             ListState
	Reason            string // why it is paused
	CreatedAt         time.Time
	Routes            []Route `gorm:"-"` // by rank
}

// Answerer says who answers a keyword. Two who do would send two confirmations.
type Answerer string

// Who answers.
const (
	AnsweredByProvider Answerer = "provider"
	AnsweredByTrackly  Answerer = "trackly"
)

// Pace is the pace the list's settings allow.
func (l List) Pace() pace.Limit {
	return pace.Limit{MessagesPerSecond: l.MessagesPerSecond, SegmentsPerSecond: l.SegmentsPerSecond, MessagesPerDay: l.MessagesPerDay}
}

var e164 = regexp.MustCompile(`^\+[1-9][0-9]{6,14}$`)

// Check refuses a list that could never send, with every complaint at once.
func (l List) Check() error {
	var bad fault.Problems
	if strings.TrimSpace(l.Name) == "" || len(l.Name) > 200 {
		bad.Add("name", "must have 1 to 200 characters")
	}
	if len(l.Brand) > 50 || strings.ContainsAny(l.Brand, "{}\n") {
		bad.Add("brand", "must have at most 50 characters and no braces or line breaks")
	}
	if l.PrependBrand && strings.TrimSpace(l.Brand) == "" {
		bad.Add("brand", "is empty but is to be prepended")
	}
	if !e164.MatchString(l.Phone) {
		bad.Add("phone", "must be a number in E.164 form, such as +12025550100")
	}
	if len(l.OptOutLine) > 100 || strings.ContainsAny(l.OptOutLine, "{}") {
		bad.Add("opt_out_line", "must have at most 100 characters and no braces")
	}
	checkWebURL(&bad, "link_url", l.LinkURL)
	bad = append(bad, l.Pace().Problems()...)
	if l.FrequencyHours < 0 || l.FrequencyHours > maxFrequency {
		bad.Add("frequency_hours", "must be 0 to %d", maxFrequency)
	}
	for name, text := range map[string]string{"stop_text": l.StopText, "help_text": l.HelpText} {
		if len(text) > maxAnswer {
			bad.Add(name, "must have at most %d characters", maxAnswer)
		}
	}
	return bad.Err("the list")
}

// Ready refuses to send from a paused list, and says why it is paused.
func (l List) Ready() error {
	if l.State == ListPaused {
		return fault.New(fault.Conflict, "list %q is paused: %s; resume the list first", l.Name, l.Reason)
	}
	return nil
}

// Sendable refuses to send from a list that is paused or has no usable route, and says
// why. A provider that does not answer now may soon; an account that is not checked or has
// a problem waits for a person.
func (l List) Sendable(now time.Time) error {
	if err := l.Ready(); err != nil {
		return err
	}
	if _, _, err := Pick(l.Routes, now); err != nil && fault.KindOf(err) != fault.Throttled {
		return err
	}
	return nil
}

// Dress is a rendered text with what the list puts before and after it.
func (l List) Dress(text string) string {
	return merge.Dress(text, l.Brand, l.OptOutLine, l.PrependBrand, l.OptOutLine != "")
}

func checkWebURL(bad *fault.Problems, where, raw string) {
	if raw == "" {
		return
	}
	u, err := url.Parse(raw)
	if err != nil || (u.Scheme != "http" && u.Scheme != "https") || u.Host == "" || len(raw) > 2048 {
		bad.Add(where, "must be an http or https URL")
	}
}

// Answer is what Trackly answers a keyword with: the list's own text, or a plain one with
// what the rules ask for (47 CFR 64.1200(a)(12): one confirmation, nothing to buy in it).
func (l List) Answer(k Kind) string {
	brand := cmp.Or(l.Brand, l.Name)
	if k == KindHelp {
		return cmp.Or(l.HelpText, brand+": recurring texts. Msg & data rates may apply. Reply STOP to end.")
	}
	return cmp.Or(l.StopText, brand+": you are unsubscribed and will get no more texts. Reply START to come back.")
}
