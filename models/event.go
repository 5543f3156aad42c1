package models

import "time"

// Severity says how soon a person should look.
type Severity string

// The severities.
const (
	Info    Severity = "info"
	Warning Severity = "warning"
	Alert   Severity = "alert" // now
)

// EventKind names what happened.
type EventKind string

// The kinds of events.
const (
	EventAccountProblem EventKind = "account_problem" // the provider's account has a problem
	EventRouteDown      EventKind = "route_down"
	EventRouteUp        EventKind = "route_up"
	EventListPaused     EventKind = "list_paused"
	EventReview         EventKind = "review" // an answer that a person must read
	EventDomainDown     EventKind = "domain_down"
	EventDomainUp       EventKind = "domain_up"
	EventDomainRetired  EventKind = "domain_retired" // its burn limit is reached
	EventPullBlocked    EventKind = "pull_blocked"   // a network refuses its API key
	EventPullFailed     EventKind = "pull_failed"    // a network's conversions could not all be read
	EventLinkFallback   EventKind = "link_fallback"  // no link domain of the list can be used any more
)

// Event is something a person of the account should know of. Text has no phone in it.
type Event struct {
	ID        int64
	AccountID AccountID
	ListID    ListID // empty: the whole account
	Kind      EventKind
	Severity  Severity
	Text      string
	At        time.Time
}

// UnheardCode is a provider's code that is in no table of ours.
type UnheardCode struct {
	Provider, Code  string
	Seen            int64
	FirstAt, LastAt time.Time
}
