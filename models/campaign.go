// Package models holds the nouns that have tables: rows, typed ids, states and their
// legal moves, and constructors that refuse nonsense. It makes no queries and knows
// neither HTTP nor Temporal.
package models

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"trackly/internal/fault"
	"trackly/rules/audience"
	"trackly/rules/experiment"
	"trackly/rules/field"
	"trackly/rules/wave"
)

// CampaignState is where a campaign is in its life.
type CampaignState string

// The states of a campaign.
const (
	CampaignDraft     CampaignState = "draft"
	CampaignScheduled CampaignState = "scheduled"
	CampaignSending   CampaignState = "sending"
	CampaignPaused    CampaignState = "paused"
	CampaignSent      CampaignState = "sent"
	CampaignCancelled CampaignState = "cancelled"
)

// CampaignMoves is the whole life of a campaign. A pair that is not here is illegal.
var CampaignMoves = map[CampaignState][]CampaignState{
	CampaignDraft:     {CampaignScheduled, CampaignCancelled},
	CampaignScheduled: {CampaignSending, CampaignCancelled},
	CampaignSending:   {CampaignPaused, CampaignSent, CampaignCancelled},
	CampaignPaused:    {CampaignSending, CampaignCancelled},
	CampaignSent:      nil,
	CampaignCancelled: nil,
}

// Campaign is what is sent, to whom, when, from which list.
type Campaign struct {
	ID         CampaignID
	AccountID  AccountID
	ListID     ListID   // the first of Lists
	Lists      []ListID `gorm:"-"` // a person on several is texted from the first of them
	Name       string
	State      CampaignState
	Reason     string          // why it is paused or cancelled
	Filter     audience.Filter `gorm:"serializer:json"`
	Include    []AudienceID    `gorm:"-"` // whoever is in any of them; none: whom the filter means
	Exclude    []AudienceID    `gorm:"-"` // whoever is in any of them, by whatever list
	SendAt     *time.Time      // nil: at launch; with LocalTime: when the audience is frozen
	LocalTime  string          // a time on the wall, each contact's own; empty: all go out at once
	Late       Late            // what becomes of a text that quiet hours hold up
	OnFull     OnFull          `gorm:"default:ignore"` // what to do when a variant's offer has no room
	Planned    *int64          // messages, once the audience is frozen
	LaunchedAt *time.Time
	StartedAt  *time.Time
	FinishedAt *time.Time
	CreatedAt  time.Time
	Variants   []Variant `gorm:"-"`
}

// Late says what becomes of a text that does not fit into a contact's hours.
type Late string

// What becomes of it.
const (
	LateWaits Late = "wait" // until the next opening
	LateDrops Late = "drop" // it is skipped
)

// OnFull says what a campaign does when the offer of a variant has no room for conversions.
type OnFull string

// What it does.
const (
	FullIgnored OnFull = "ignore" // it sends on
	FullPauses  OnFull = "pause"  // it waits for a person
	FullSwaps   OnFull = "swap"   // the spare variant takes over what is queued
)

// Source is what the campaign's batches belong to.
func (c Campaign) Source() Source { return Source{AccountID: c.AccountID, CampaignID: c.ID} }

// Variant is one side of a campaign's A/B split.
type Variant struct {
	CampaignID CampaignID
	Number     int // from 1
	Name       string
	CreativeID CreativeID
	Percent    int
	Spare      bool // it has no share and comes last: it takes over when an offer is full
}

// Check refuses a campaign that could never be launched, with every complaint at once.
// known are the account's custom fields.
func (c Campaign) Check(known field.Set) error {
	var bad fault.Problems
	if strings.TrimSpace(c.Name) == "" || len(c.Name) > 200 {
		bad.Add("name", "must have 1 to 200 characters")
	}
	if c.Late != LateWaits && c.Late != LateDrops {
		bad.Add("late", "must be wait or drop")
	}
	c.checkFull(&bad)
	if n := len(c.Percents()); n < 1 || n > 10 {
		bad.Add("variants", "must be 1 to 10")
	} else if err := experiment.Check(c.Percents()); err != nil {
		bad.Add("variants", "%s", err)
	}
	seen := map[string]bool{}
	for i, v := range c.Variants {
		if v.Name == "" || len(v.Name) > 50 || seen[v.Name] {
			bad.Add(fmt.Sprintf("variants[%d].name", i), "must be unique and have 1 to 50 characters")
		}
		seen[v.Name] = true
	}
	if f, ok := c.Filter.Check(known).(*fault.Fault); ok { //nolint:errorlint // Check promises this type
		bad = append(bad, f.Problems...)
	}
	c.checkAudience(&bad)
	if _, err := wave.Parse(c.LocalTime); c.LocalTime != "" && err != nil {
		bad.Add("local_time", "%s", err)
	}
	return bad.Err("the campaign")
}

func (c Campaign) checkFull(bad *fault.Problems) {
	spare, has := c.Spare()
	switch {
	case c.OnFull != "" && c.OnFull != FullIgnored && c.OnFull != FullPauses && c.OnFull != FullSwaps:
		bad.Add("on_full", "must be ignore, pause or swap")
	case c.OnFull == FullSwaps && !has:
		bad.Add("spare", "is required when on_full is swap: it is what to send instead")
	case c.OnFull != FullSwaps && has:
		bad.Add("spare", "is sent only when on_full is swap")
	case has && spare.Percent != 0:
		bad.Add("spare", "has no share of the split")
	}
}

// Spare gives the variant that takes over when an offer is full, if there is one.
func (c Campaign) Spare() (Variant, bool) {
	if n := len(c.Variants); n > 0 && c.Variants[n-1].Spare {
		return c.Variants[n-1], true
	}
	return Variant{}, false
}

// Percents gives the shares of the variants that are split over, in their order.
func (c Campaign) Percents() []int {
	p := make([]int, 0, len(c.Variants))
	for _, v := range c.Variants {
		if !v.Spare {
			p = append(p, v.Percent)
		}
	}
	return p
}

// MoveTo changes the state, or says why it cannot.
func (c *Campaign) MoveTo(next CampaignState, at time.Time) error {
	if !slices.Contains(CampaignMoves[c.State], next) {
		return fault.New(fault.Conflict, "a %s campaign cannot become %s", c.State, next)
	}
	switch next {
	case CampaignScheduled:
		if c.LaunchedAt == nil {
			c.LaunchedAt = &at
		}
	case CampaignSending:
		if c.StartedAt == nil {
			c.StartedAt = &at
		}
	case CampaignSent, CampaignCancelled:
		c.FinishedAt = &at
	case CampaignDraft, CampaignPaused:
	}
	c.State = next
	return nil
}

// Progress counts a campaign's messages by what has become of them. It always adds up:
// Planned = Queued + Claimed + Sent + Skipped + Failed + Unknown.
type Progress struct {
	Planned, Queued, Claimed, Sent, Skipped, Failed, Unknown int64
}

// Count adds one message in the given state.
func (p *Progress) Count(s MessageState) {
	p.Planned++
	switch s {
	case MessageQueued:
		p.Queued++
	case MessageClaimed:
		p.Claimed++
	case MessageSent, MessageDelivered, MessageUndelivered:
		p.Sent++
	case MessageSkipped:
		p.Skipped++
	case MessageFailed:
		p.Failed++
	case MessageUnknown:
		p.Unknown++
	}
}

// AddsUp reports whether the parts make the whole.
func (p Progress) AddsUp() bool {
	return p.Planned == p.Queued+p.Claimed+p.Sent+p.Skipped+p.Failed+p.Unknown
}

// Done reports whether nothing is left to hand over or to find out.
func (p Progress) Done() bool { return p.Queued+p.Claimed+p.Unknown == 0 }

// MayBecome reports whether the move is legal.
func (s CampaignState) MayBecome(next CampaignState) bool {
	return slices.Contains(CampaignMoves[s], next)
}

// Final reports whether the campaign can never move again.
func (s CampaignState) Final() bool { return len(CampaignMoves[s]) == 0 }
