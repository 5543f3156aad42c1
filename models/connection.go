package models

import (
	"net/url"
	"regexp"
	"strings"
	"time"

	"trackly/internal/fault"
)

// ConnectionState says whether a network is asked.
type ConnectionState string

// The states of a connection.
const (
	ConnectionUp      ConnectionState = "up"
	ConnectionBlocked ConnectionState = "blocked" // the network refuses the key; a person must act
)

// Connection is an account at a network, whose conversions are pulled.
type Connection struct {
	ID          ConnectionID
	AccountID   AccountID
	Network     Network
	Name        string
	NetworkID   string // the network's name for itself, a part of its API's address
	BaseURL     string `gorm:"column:base_url"` // empty: the network's own
	Zone        string // IANA: of the network's days and times
	APIKey      []byte `gorm:"column:api_key"` // sealed; only the store opens it
	State       ConnectionState
	Problem     string     // what the last pull found
	PulledAt    *time.Time // when all was read last
	PendingFrom *time.Time // the earliest conversion the network had not decided about then
	CreatedAt   time.Time
}

var networkID = regexp.MustCompile(`^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$`)

// Check refuses a connection over which nothing could be pulled.
func (c Connection) Check(apiKey string) error {
	var bad fault.Problems
	if c.Network != NetworkTUNE {
		bad.Add("network", "must be tune: no other network's conversions are pulled yet")
	}
	if strings.TrimSpace(c.Name) == "" || len(c.Name) > 200 {
		bad.Add("name", "must have 1 to 200 characters")
	}
	if !networkID.MatchString(c.NetworkID) {
		bad.Add("network_id", "must be the network's id, such as acme where its API is at acme.api.hasoffers.com")
	}
	if n := len(apiKey); n < 8 || n > 200 || strings.Trim(apiKey, "0123456789abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ-_") != "" {
		bad.Add("api_key", "must be the affiliate API key that the network shows you")
	}
	if _, err := time.LoadLocation(c.Zone); err != nil || c.Zone == "" || c.Zone == "Local" {
		bad.Add("zone", "must be the IANA name of the zone the network reports in, such as America/New_York")
	}
	if u, err := url.Parse(c.BaseURL); c.BaseURL != "" && (err != nil || u.Scheme != "http" && u.Scheme != "https" || !Local(u.Hostname())) {
		bad.Add("base_url", "is for a stand-in on this machine only; leave it out")
	}
	return bad.Err("the connection")
}

// LookBack is how far every pull reaches: networks change their minds for days.
const LookBack = 7 * 24 * time.Hour

// mostBack bounds it where something is pending for ever.
const mostBack = 60 * 24 * time.Hour

// Since is from when on conversions are pulled now: what was pending is looked at until it
// is decided.
func (c Connection) Since(now time.Time) time.Time {
	from := now.Add(-LookBack)
	if c.PendingFrom != nil && c.PendingFrom.Before(from) {
		from = *c.PendingFrom
	}
	if most := now.Add(-mostBack); from.Before(most) {
		from = most
	}
	return from.UTC()
}

// NetworkOffer is an offer as a network's report names it.
type NetworkOffer struct {
	ID         OfferID
	PayoutType PayoutType
}

// Transaction names what a network told of.
type Transaction struct {
	OfferID       OfferID
	TransactionID string
}

// Pulled counts what a pull read. History has it: it stays numbers.
type Pulled struct {
	Rows      int64
	New       int64 // booked
	Known     int64
	TakenBack int64 // rejected or lowered since they were booked
	Pending   int64 // waits for the network
	Rejected  int64 // and never booked
	Foreign   int64 // of offers that are not the account's
	Differs   int64 // changed in a way that cannot be booked
	Refused   int64 // could not be read, or not be booked
}

// Add adds what a page brought.
func (p *Pulled) Add(o Pulled) {
	p.Rows += o.Rows
	p.New += o.New
	p.Known += o.Known
	p.TakenBack += o.TakenBack
	p.Pending += o.Pending
	p.Rejected += o.Rejected
	p.Foreign += o.Foreign
	p.Differs += o.Differs
	p.Refused += o.Refused
}

// PullEnd is how a pull over a connection ended.
type PullEnd struct {
	Problem     string
	Complete    bool // everything was read
	Began       time.Time
	PendingFrom *time.Time // of what was read
}
