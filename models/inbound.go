package models

import (
	"time"

	"trackly/rules/optout"
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
	ReceivedAt time.Time
}

// InboundEffect says what storing an inbound text changed.
type InboundEffect struct {
	New       bool         // false: the webhook was delivered before
	OptedOut  bool         // this text ended the subscription
	Skipped   int64        // queued messages that will not go out
	Campaigns []CampaignID // running campaigns that had a message of this contact waiting or in flight
}

// Click is one request to a short link.
type Click struct {
	ID        string
	MessageID MessageID
	Link      int
	Address   string // the client's network address
	UserAgent string
	At        time.Time
}

// Landing is where a click leads.
type Landing struct {
	Found bool
	URL   string
}
