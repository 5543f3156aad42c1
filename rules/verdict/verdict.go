// Package verdict tells people who tap a link from machines that fetch it: previews of
// messengers, scanners of carriers, crawlers. It looks at one request and says why. It
// stores nothing; the same evidence has the same verdict.
package verdict

import "net/netip"

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
	NoPhone              Reason = "no_browser_known" // a user agent that is neither a browser nor a known machine
)

// The reasons that only other requests give (Revise).
const (
	TooSoon      Reason = "too_soon"      // the text was handed over a moment before
	EveryLink    Reason = "every_link"    // several links of one message at once
	AfterMachine Reason = "after_machine" // a machine asked for the same message from there just before
	Burst        Reason = "burst"         // many people's links from one address within seconds
	Walk         Reason = "walk"          // many people's links from one address, one after the other
	AfterLooking Reason = "after_looking" // a messenger or a browser looked ahead in the same moment
)

// Evidence is what one request says of itself.
type Evidence struct {
	Method    string
	UserAgent string
	Purpose   string     // Sec-Purpose, Purpose or X-Moz, whichever was there
	Address   netip.Addr // invalid when it is not known, or shortened
}

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
	case r.inDataCentre(e.Address):
		return Unsure, DataCentre
	case kind == stranger:
		return Unsure, NoPhone
	}
	return Human, NothingSpeaksAgainst
}
