package models

import (
	"strings"
	"time"

	"trackly/internal/fault"
	"trackly/rules/field"
	"trackly/rules/place"
)

// Person is everything an account holds about a phone.
type Person struct {
	AccountID     AccountID
	Phone         string
	Region        string
	Zones         []string  // what the number's digits allow
	Fields        field.Set // of the account
	At            time.Time
	Erasures      []ErasureRecord
	Subscriptions []Subscription
	Consents      []Consent
	Suppressions  []Suppression
	Inbound       []Inbound
	Messages      []PersonMessage
}

// Empty reports whether the account holds nothing.
func (p Person) Empty() bool {
	return len(p.Erasures)+len(p.Subscriptions)+len(p.Consents)+len(p.Suppressions)+len(p.Inbound)+len(p.Messages) == 0
}

// PersonMessage is a message with what was decided about it and what came of it.
type PersonMessage struct {
	Message
	Provider  string // whose route took it, as the list's routes are now; empty: none did
	Decisions []Decision
	Clicks    []Click
}

// ErasureRecord says that a person was erased once. It holds no phone.
type ErasureRecord struct {
	At       time.Time
	By       string
	Reason   string
	LiftedAt *time.Time
}

// Consent is a proof that a person gave permission, or took it back.
type Consent struct {
	ID             int64
	ListID         ListID
	Kind           string // opt_in, opt_out
	Method         string
	Evidence       string
	Disclosure     string // what the person was shown
	DisclosureHash []byte // SHA-256 of it
	PageURL        string
	IP             string
	UserAgent      string
	ImportID       ImportID
	FileHash       []byte // SHA-256 of the imported file
	InboundID      int64
	Version        string     // of the rules that read an opt-out
	GivenAt        *time.Time // when the person gave it, as whoever brought it says
	At             time.Time  // when it was written down
}

// ZonesOf are the zones by which a message to this person was judged: those noted when
// it was claimed, else those that the person's facts leave now. The second result is the
// version of the rules noted with it.
func (p Person) ZonesOf(m Message) (zones []string, version string) {
	zones, version = place.Noted(m.Place)
	if len(zones) > 0 {
		return zones, version
	}
	f := place.Facts{Phone: p.Phone, Region: p.Region, PhoneZones: p.Zones}
	for _, s := range p.Subscriptions {
		if s.ID == m.SubscriptionID {
			f.Zone, f.State, f.Postal = s.Zone, s.State, s.Postal
		}
	}
	return place.Of(f).Zones, version
}

// LastText is when the last text left that was on its way when a person wrote: after
// received, and before they gave permission again. Answers to what they wrote do not
// count. It is nil when nothing left any more.
func (p Person) LastText(received time.Time) *time.Time {
	var again *time.Time
	for _, c := range p.Consents {
		if c.Kind == "opt_in" && c.At.After(received) && (again == nil || c.At.Before(*again)) {
			again = &c.At
		}
	}
	var last *time.Time
	for _, m := range p.Messages {
		at := m.SentAt
		if at == nil || m.Kind == KindConfirmation || m.Kind == KindHelp || !at.After(received) || again != nil && !at.Before(*again) {
			continue
		}
		if last == nil || at.After(*last) {
			last = at
		}
	}
	return last
}

// Erasure asks that an account forgets a person.
type Erasure struct {
	AccountID AccountID
	Phone     string // E.164
	By        string // who does it
	Reason    string // why, in their words
}

const maxErasureWords = 500

// Check refuses an erasure that would write down what is to be forgotten.
func (e Erasure) Check() error {
	var bad fault.Problems
	if !e164.MatchString(e.Phone) {
		bad.Add("phone", "must be a number in E.164 form, such as +12025550100")
	}
	for _, f := range []struct{ name, text string }{{"by", e.By}, {"reason", e.Reason}} {
		switch {
		case strings.TrimSpace(f.text) == "" || len(f.text) > maxErasureWords:
			bad.Add(f.name, "must have 1 to %d characters", maxErasureWords)
		case strings.Contains(digits(f.text), e.Tail()):
			bad.Add(f.name, "holds the phone that is to be forgotten")
		}
	}
	return bad.Err("the erasure")
}

// Tail is the end of the phone's digits, by which it is recognised however it is written.
func (e Erasure) Tail() string {
	d := digits(e.Phone)
	return d[max(0, len(d)-9):]
}

func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r < '0' || r > '9' {
			return -1
		}
		return r
	}, s)
}

// Erased counts what an erasure took away.
type Erased struct {
	At            time.Time
	Subscriptions int64
	Messages      int64 // texts to the person
	Inbound       int64 // texts of the person that are no evidence
	Clicks        int64
	Refusals      int64        // rows of imports that were refused and held the phone
	Skipped       int64        // queued messages that will not go out
	Campaigns     []CampaignID // running campaigns that had one
}

// Redacted counts the texts that were taken away because they had grown old.
type Redacted struct {
	Messages  int64
	Inbound   int64
	Addresses int64 // of clicks, cut short
}
