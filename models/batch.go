package models

import (
	"time"

	"trackly/rules/field"
	"trackly/rules/segment"
)

// Source names what batches belong to: a campaign, or the single texts of a list.
type Source struct {
	AccountID  AccountID
	CampaignID CampaignID
	ListID     ListID // of single texts; with a campaign: which of its lists is meant
}

// Batch is a run of neighbouring messages that one activity hands over. Its counters move
// in the statements that move the messages.
type Batch struct {
	Source
	ID      BatchID
	Number  int // from 0
	Size    int
	Claimed int
	Sent    int
	Skipped int
	Failed  int
	Unknown int
}

// Queued is how many messages nobody has tried yet.
func (b Batch) Queued() int {
	return b.Size - b.Claimed - b.Sent - b.Skipped - b.Failed - b.Unknown
}

// QueuedMessage is a message about to be rendered: what the text is made from.
type QueuedMessage struct {
	ID         MessageID
	Kind       Kind
	Variant    int
	Route      int    // the rank it must go over; 0: any
	Body       string // a single text's; a campaign's is made from its creative
	Phone      string
	Region     string   // ISO 3166 country of the number
	PhoneZones []string // what the number's digits allow
	FirstName  string
	LastName   string
	State      string
	Zone       string
	Postal     string
	QueuedAt   time.Time
	Fields     field.Values
	Carrier    string
	AtState    string // where audiences take the contact to be
	Segments   int    // of an earlier claim that came to nothing
}

// Value gives what a merge field stands for in this contact's text.
func (q QueuedMessage) Value(name string) (string, bool) {
	switch name {
	case "first_name":
		return q.FirstName, q.FirstName != ""
	case "last_name":
		return q.LastName, q.LastName != ""
	case "state":
		return q.State, q.State != ""
	case "zip":
		return q.Postal, q.Postal != ""
	case "phone":
		return q.Phone, true
	}
	v, ok := q.Fields[name]
	return v, ok && v != ""
}

// Text is a rendered message on its way to being claimed.
type Text struct {
	MessageID MessageID
	Kind      Kind
	Phone     string
	Body      string
	Count     segment.Count
	Place     string    // where it was judged, and by which version of the hours
	Cap       int       // most texts of the account to this contact in 24 hours; 0: none
	At        time.Time // its place in the list's pace; not before
	Until     time.Time // it may not go out from here on; zero: any time
	Linked    bool      // has a short link in it
	Carrier   string    // for the reports, like AtState
	AtState   string
	Reserved  int // segments that an earlier claim has reserved already
}

// Decision is a wait or a skip: what kept a message from going out at once.
type Decision struct {
	MessageID MessageID
	Check     string // "quiet_hours", "frequency_cap", ...
	Verdict   Verdict
	Why       string // for the user
	Until     *time.Time
	Version   string // of the rule
	At        time.Time
}

// Verdict is how a decision came out.
type Verdict string

// The verdicts that are written down; what went out at once needs no row.
const (
	VerdictWait Verdict = "wait"
	VerdictSkip Verdict = "skip"
)

// Outcome is what became of a claimed or unknown message.
type Outcome struct {
	MessageID    MessageID
	State        MessageState
	Reason       string
	ProviderID   string
	ProviderCode string
	ProviderText string
}

// Rights says what a batch's holder may still do.
type Rights struct {
	Holder   bool // false: another one took over, and nothing may be touched any more
	Sending  bool // false: the campaign or the list is not sending
	Inactive []Barred
}

// Barred is a message whose contact must not be texted any more, and why.
type Barred struct {
	ID     MessageID
	Reason string
}

// UnknownMessage is a message whose answer never came, with what the provider is asked.
type UnknownMessage struct {
	Message
	Phone string
}

// Open says which batches have something to hand over.
type Open struct {
	Numbers []int      // now
	Next    *time.Time // the earliest time for the others; nil: there are none
}
