package models

import (
	"fmt"
	"strings"
	"time"

	"trackly/internal/fault"
	"trackly/rules/merge"
)

// CreativeStatus says whether a creative may be used.
type CreativeStatus string

// The statuses of a creative. Archived is what deleting does: texts already sent
// still need its links.
const (
	CreativeActive   CreativeStatus = "active"
	CreativePaused   CreativeStatus = "paused"
	CreativeArchived CreativeStatus = "archived"
)

// Creative is a reusable message template with its links. It never changes after it
// was made: a link that is already in a phone must lead where it did.
type Creative struct {
	ID        CreativeID
	AccountID AccountID
	Name      string
	Body      string
	Status    CreativeStatus
	CreatedAt time.Time
	Links     []CreativeLink `gorm:"-"`
}

// CreativeLink binds {{linkN}} to an offer, to a URL, or to an offer that is reached by a
// URL of its own.
type CreativeLink struct {
	CreativeID CreativeID
	Number     int
	URL        string   `gorm:"column:url"` // empty: the offer's
	OfferID    *OfferID // nothing: none
	Parameters Pairs    `gorm:"type:jsonb"` // added to the URL; sub1 to sub5 also fill its macros
}

// Check refuses a creative that cannot be rendered, with every complaint at once.
func (c Creative) Check() error {
	var bad fault.Problems
	if strings.TrimSpace(c.Name) == "" || len(c.Name) > 200 {
		bad.Add("name", "must have 1 to 200 characters")
	}
	for i, l := range c.Links {
		l.check(&bad, fmt.Sprintf("links[%d].", i))
	}
	t, err := merge.Parse(c.Body)
	if f, ok := err.(*fault.Fault); ok { //nolint:errorlint // Parse promises this type
		bad = append(bad, f.Problems...)
	} else if t.Links() != len(c.Links) {
		bad.Add("links", "body uses %d links, %d are given: {{link1}} is the first of links", t.Links(), len(c.Links))
	}
	return bad.Err("the creative")
}

// Usable refuses to send a creative that was paused or deleted.
func (c Creative) Usable() error {
	switch c.Status {
	case CreativeActive:
		return nil
	case CreativePaused:
		return fault.New(fault.Conflict, "creative %q is paused", c.Name)
	case CreativeArchived:
		return fault.New(fault.Conflict, "creative %q was deleted", c.Name)
	}
	return fault.New(fault.Internal, "creative %s has status %q", c.ID, c.Status)
}
