package models

import (
	"slices"
	"time"
)

// MessageState is where a message is on its way.
type MessageState string

// The states of a message.
const (
	MessageQueued      MessageState = "queued"
	MessageClaimed     MessageState = "claimed" // about to be handed over, or just handed over
	MessageSent        MessageState = "sent"    // the provider accepted it
	MessageDelivered   MessageState = "delivered"
	MessageUndelivered MessageState = "undelivered"
	MessageFailed      MessageState = "failed"
	MessageSkipped     MessageState = "skipped"
	MessageUnknown     MessageState = "unknown" // the provider's answer never came
)

// MessageMoves is the whole life of a message. A pair that is not here is illegal.
//
// A provider's own word about our message id is proof that it has the text, so it
// settles a message from any state before it. Going back to queued is legal in two
// cases only: the text certainly never left (claimed), or the provider, asked later
// than a request can live, has no record of it (unknown).
var MessageMoves = map[MessageState][]MessageState{
	MessageQueued:      {MessageClaimed, MessageSkipped, MessageSent, MessageDelivered, MessageUndelivered, MessageFailed},
	MessageClaimed:     {MessageSent, MessageDelivered, MessageUndelivered, MessageFailed, MessageSkipped, MessageUnknown, MessageQueued},
	MessageUnknown:     {MessageSent, MessageDelivered, MessageUndelivered, MessageFailed, MessageSkipped, MessageQueued},
	MessageSent:        {MessageDelivered, MessageUndelivered, MessageFailed},
	MessageUndelivered: {MessageDelivered},
	MessageDelivered:   nil,
	MessageFailed:      {MessageDelivered},
	MessageSkipped:     nil,
}

// MayBecome reports whether the move is legal.
func (s MessageState) MayBecome(next MessageState) bool {
	return slices.Contains(MessageMoves[s], next)
}

// Message is one text to one contact, from the moment it is planned to its last status.
type Message struct {
	ID             MessageID
	AccountID      AccountID
	ListID         ListID
	CampaignID     CampaignID // empty for a single text
	Kind           Kind
	BatchID        BatchID
	SubscriptionID SubscriptionID
	Variant        int
	Route          int    // the rank of the route that took it; 0 before
	Place          string // where it was judged when claimed, and by which version of the hours
	State          MessageState
	Absences       int // how often the provider was asked and had no record of it
	Segments       int
	Body           string
	Reason         string
	ProviderID     string
	ProviderCode   string
	ProviderText   string
	QueuedAt       time.Time
	ClaimedAt      *time.Time
	UnknownAt      *time.Time
	SentAt         *time.Time
	FinishedAt     *time.Time
	RedactedAt     *time.Time // when its text was taken away
}

// Step is one entry of a message's history.
type Step struct {
	State MessageState
	At    time.Time
}

// History lists the states the message went through, in order.
func (m Message) History() []Step {
	steps := []Step{{MessageQueued, m.QueuedAt}}
	add := func(s MessageState, at *time.Time) {
		if at != nil {
			steps = append(steps, Step{s, *at})
		}
	}
	add(MessageClaimed, m.ClaimedAt)
	add(MessageUnknown, m.UnknownAt)
	add(MessageSent, m.SentAt)
	if m.State != MessageSent {
		add(m.State, m.FinishedAt)
	}
	slices.SortStableFunc(steps, func(a, b Step) int { return a.At.Compare(b.At) })
	return steps
}

// The reasons a message was skipped or failed, as users see them. A provider's refusal
// has its class as the reason instead.
const (
	ReasonOptedOut      = "opted_out"
	ReasonNotActive     = "not_active"
	ReasonCancelled     = "campaign_cancelled"
	ReasonEmptyText     = "empty_text"
	ReasonNeverAccepted = "never_accepted"
	ReasonQuietHours    = "quiet_hours"
	ReasonFrequency     = "frequency_cap"
	ReasonStateCap      = "state_cap"
	ReasonTooLate       = "too_late"
	ReasonCheckFailed   = "check_failed"
)
