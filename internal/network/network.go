// Package network asks affiliate networks which conversions they know of. It knows how each
// speaks, and nothing of our books: what is read is told to whoever asked.
package network

import "time"

// Account is an account at a network.
type Account struct {
	NetworkID string
	Key       Key
	BaseURL   string // empty: the network's own
	Zone      *time.Location
}

// Key is an API key. It never prints.
type Key string

// String keeps the key out of logs and errors.
func (Key) String() string { return "•••" }

// GoString is for %#v what String is for %v.
func (Key) GoString() string { return "•••" }

// Status is what the network thinks of a conversion.
type Status string

// The statuses.
const (
	Approved Status = "approved"
	Pending  Status = "pending"
	Rejected Status = "rejected"
)

// Conversion is one as the network reports it. Amounts are its own decimals, unread.
type Conversion struct {
	ID          string
	Offer       string // the network's name for it
	Transaction string
	Goal        string // empty: the offer's own
	Subs        []string
	At          time.Time
	Payout      string
	Sale        string // what was bought for
	Currency    string
	Status      Status
}

// Page is a part of a report.
type Page struct {
	Rows []Conversion
	Bad  int // rows that could not be read
	More bool
}
