package models

import (
	"fmt"
	"time"

	"trackly/internal/fault"
	"trackly/rules/wave"
)

// The most lists and audiences a campaign may name.
const (
	MaxCampaignLists     = 20
	MaxCampaignAudiences = 20 // to include, and as many to exclude
)

// checkAudience refuses what would be read in two ways, or never end.
func (c Campaign) checkAudience(bad *fault.Problems) {
	if len(c.Lists) > MaxCampaignLists {
		bad.Add("list_ids", "must be 1 to %d lists", MaxCampaignLists)
	}
	checkTwice(bad, "list_ids", c.Lists, nil)
	if len(c.Include) > MaxCampaignAudiences {
		bad.Add("include_audiences", "must be at most %d", MaxCampaignAudiences)
	}
	if len(c.Exclude) > MaxCampaignAudiences {
		bad.Add("exclude_audiences", "must be at most %d", MaxCampaignAudiences)
	}
	checkTwice(bad, "include_audiences", c.Include, nil)
	checkTwice(bad, "exclude_audiences", c.Exclude, c.Include)
}

// checkTwice refuses an id that is named twice, or here and there.
func checkTwice[T ~string](bad *fault.Problems, where string, ids, there []T) {
	seen := map[T]bool{}
	for _, id := range there {
		seen[id] = true
	}
	for i, id := range ids {
		if seen[id] {
			bad.Add(fmt.Sprintf("%s[%d]", where, i), "is named twice")
		}
		seen[id] = true
	}
}

// From gives the lists the campaign goes out from, in their order.
func (c Campaign) From() []ListID {
	if len(c.Lists) == 0 {
		return []ListID{c.ListID}
	}
	return c.Lists
}

// Schedule sets when the campaign begins. One by the contacts' own clocks is frozen when
// the first clock on earth shows its time: everybody's wave comes then or later, and
// whoever joins until then is among them.
func (c *Campaign) Schedule(sendAt *time.Time, now time.Time) error {
	if c.LocalTime == "" {
		c.SendAt = sendAt
		return nil
	}
	wall, err := wave.Parse(c.LocalTime)
	switch {
	case err != nil:
		return err
	case sendAt != nil:
		return fault.New(fault.Conflict, "the campaign goes out at %s by the contacts' own clocks; launch it without send_at", c.LocalTime)
	case !wall.Last().After(now):
		return fault.New(fault.Conflict, "%s has passed on every clock on earth", c.LocalTime)
	}
	first := wall.First()
	c.SendAt = &first
	return nil
}

// Wave is a part of a campaign that goes out at one time.
type Wave struct {
	At       *time.Time // nil: with the campaign
	Contacts int64
	Sent     int64
}

// ListReach is whom a campaign reaches from one of its lists.
type ListReach struct {
	ListID   ListID
	Contacts int64
}

// Reach is whom a campaign would text if it were frozen now.
type Reach struct {
	Contacts int64
	Lists    []ListReach // in their order
	Waves    []Wave      // by time
}
