// Package verdict tells people who tap a link from machines that fetch it: previews of
// messengers, scanners of carriers, crawlers. It looks at one request and what happened
// around it, and says why. It stores nothing; the same evidence has the same verdict.
package verdict

import (
	"net/netip"
	"time"
)

// Version names the rules. It is stored beside a verdict, so that a newer version can
// look at old clicks again.
const Version = "1"

// Is is a verdict.
type Is string

// The verdicts.
const (
	Human  Is = "human"
	Bot    Is = "bot"
	Unsure Is = "unsure" // counted with neither
)

// Reason is why, for reports and for people.
type Reason string

// The reasons.
const (
	NothingSpeaksAgainst Reason = "nothing_against"
	Head                 Reason = "head_request"     // fetched without wanting the page
	Prefetch             Reason = "prefetch"         // a browser fetched it before anybody tapped
	Crawler              Reason = "known_crawler"    // its user agent says so
	Preview              Reason = "link_preview"     // a messenger shows what is behind the link
	NoAgent              Reason = "no_user_agent"    // every browser has one
	DataCentre           Reason = "data_centre"      // no phone is there
	TooSoon              Reason = "too_soon"         // before anybody could have read the text
	EveryLink            Reason = "every_link"       // of one message, at once
	ManyMessages         Reason = "many_messages"    // links of many messages from one address
	NoPhone              Reason = "no_browser_known" // a user agent that is neither a browser nor a known machine
)

// Evidence is what is known of one click. What is not known yet is zero, and the verdict
// may change when it is.
type Evidence struct {
	Method    string
	UserAgent string
	Purpose   string     // Sec-Purpose, Purpose or X-Moz, whichever was there
	Address   netip.Addr // invalid when it is not known, or shortened
	// Since is the time between the text's hand-over and the click; 0: not known.
	Since time.Duration
	// Messages is how many messages' links this address followed within BurstWindow.
	Messages int
	// Links and Followed are how many links the message has, and how many of them this
	// address followed within LinksWindow.
	Links, Followed int
}

// What counts as a burst. A household or a carrier's gateway has one address for many
// people, so many means many.
const (
	BurstWindow = time.Minute
	LinksWindow = 3 * time.Second
	many        = 20
	// soonest is less than a phone needs to ring and a hand to reach it.
	soonest = 2 * time.Second
)

// Judge weighs the evidence. The first reason that speaks for a machine decides; a data
// centre alone makes unsure, since people browse through such networks too.
func (r *Rules) Judge(e Evidence) (Is, Reason) {
	switch kind := r.agent(e.UserAgent); {
	case e.Method == "HEAD":
		return Bot, Head
	case prefetches(e.Purpose):
		return Bot, Prefetch
	case e.UserAgent == "":
		return Bot, NoAgent
	case kind == preview:
		return Bot, Preview
	case kind == crawler:
		return Bot, Crawler
	case e.Links > 1 && e.Followed >= e.Links:
		return Bot, EveryLink
	case e.Messages >= many:
		return Bot, ManyMessages
	case e.Since > 0 && e.Since < soonest:
		return Bot, TooSoon
	case r.inDataCentre(e.Address):
		return Unsure, DataCentre
	case kind == stranger:
		return Unsure, NoPhone
	}
	return Human, NothingSpeaksAgainst
}
