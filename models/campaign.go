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

// Source is what the campaign's batches belong to.
func (c Campaign) Source() Source { return Source{AccountID: c.AccountID, CampaignID: c.ID} }

// Variant is one side of a campaign's A/B split.
type Variant struct {
	CampaignID CampaignID
	Number     int // from 1
	Name       string
	CreativeID CreativeID
	Percent    int
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
	if len(c.Variants) < 1 || len(c.Variants) > 10 {
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

// Percents gives the variants' shares in their order.
func (c Campaign) Percents() []int {
	p := make([]int, len(c.Variants))
	for i, v := range c.Variants {
		p[i] = v.Percent
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
