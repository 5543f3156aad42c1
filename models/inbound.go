package models

import (
	"time"

	"trackly/rules/offer"
	"trackly/rules/optout"
	"trackly/rules/verdict"
)

// Inbound is a text a person sent to a list's number.
type Inbound struct {
	ID         int64
	AccountID  AccountID
	ListID     ListID
	ContactID  ContactID
	ProviderID string
	Phone      string `gorm:"-"`
	Body       string
	Verdict    optout.Verdict
	Tier       optout.Tier
	Matched    string // the rule that decided
	Version    string // of the rules
	Review     Review
	ReviewBy   string
	ReviewedAt *time.Time
	TookMS     int // milliseconds from the webhook to the end of the transaction
	ReceivedAt time.Time
	RedactedAt *time.Time // when its text was taken away
}

// Review is what a person made of an unclear answer.
type Review string

// The reviews.
const (
	ReviewNone     Review = ""          // nobody needs to read it
	ReviewOpen     Review = "open"      // marketing waits until somebody did
	ReviewKept     Review = "kept"      // it was no opt-out
	ReviewOptedOut Review = "opted_out" // it was one
)

// InboundEffect says what storing an inbound text changed.
type InboundEffect struct {
	New       bool           // false: the webhook was delivered before
	Verdict   optout.Verdict // what the text was read as, in its situation
	OptedOut  bool           // this text ended the subscription
	Skipped   int64          // queued messages that will not go out
	Campaigns []CampaignID   // running campaigns that had a message of this contact waiting or in flight
	Answer    MessageID      // the automatic answer that was queued; 0: none
}

// InboundFilter picks inbound texts; what is empty picks all.
type InboundFilter struct {
	ListID ListID
	Review Review
	Phone  string
}

// Click is one request to a short link.
type Click struct {
	ID        string
	MessageID MessageID
	Link      int
	Address   string // the client's network address
	UserAgent string
	At        time.Time
	Method    string
	Verdict   verdict.Is
	Reason    verdict.Reason
	Version   string // of the rules that judged
	Headers   Pairs  // those that say who asks, by their names in lower case
}

// Landing is where a click leads. What stands in for an offer is no offer's, and nothing
// is added to it.
type Landing struct {
	Found      bool
	Target     offer.Target
	URL        string  // with macros; empty: our own page
	OfferID    OfferID // empty: none
	ExternalID string
	Network    Network
	Parameters Pairs // the link's
}
