package models

import (
	"strconv"

	"github.com/google/uuid"

	"trackly/internal/fault"
)

// The ids below are UUIDs of version 7 (RFC 9562): they sort by the time they were made,
// so cursors need no second column.
type (
	// AccountID names an account.
	AccountID string
	// ListID names a sending list.
	ListID string
	// RouteID names a route; webhooks are addressed to it.
	RouteID string
	// ImportID names an import.
	ImportID string
	// AudienceID names an audience.
	AudienceID string
	// CreativeID names a creative.
	CreativeID string
	// CampaignID names a campaign.
	CampaignID string
	// OfferID names an offer.
	OfferID string
	// ConversionID names a conversion.
	ConversionID string
	// DomainID names a link domain.
	DomainID string
	// ConnectionID names a connection to a network.
	ConnectionID string
)

// MessageID numbers a message. The short codes of its links are made from it.
type MessageID int64

// String writes the id as clients and providers see it.
func (id MessageID) String() string { return strconv.FormatInt(int64(id), 10) }

// ParseMessageID reads what String wrote.
func ParseMessageID(s string) (MessageID, error) {
	n, err := strconv.ParseInt(s, 10, 64)
	if err != nil || n < 1 {
		return 0, fault.New(fault.NotFound, "no such message")
	}
	return MessageID(n), nil
}

// SubscriptionID numbers a subscription.
type SubscriptionID int64

// ContactID numbers a contact.
type ContactID int64

// BatchID is the id of the first message of a batch.
type BatchID int64

// BatchSize is how many message ids one batch spans; the schema's sequence steps by it.
const BatchSize = 500

// NewID makes an id for any of the UUID nouns.
func NewID[T ~string]() T { return T(uuid.Must(uuid.NewV7()).String()) }

// IsID reports whether s has the form of an id: a foreign word in a URL is then "not
// found" and never a database error.
func IsID[T ~string](s T) bool { return len(s) == 36 && uuid.Validate(string(s)) == nil }
