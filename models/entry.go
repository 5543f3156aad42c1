package models

import (
	"fmt"
	"maps"
	"strings"
	"time"

	"trackly/internal/fault"
	"trackly/rules/field"
	"trackly/rules/place"
)

// Ways to sign up, besides import.
const (
	SignupAPI = "api" // a program of the account's
	SignupWeb = "web" // the person, on a page
)

// Change is what becomes of a contact on a list; nil and empty members leave it as it is.
type Change struct {
	FirstName, LastName, State, Zone, Postal *string

	Fields  field.Values // in their canonical form
	Unset   []string     // fields to take away
	Replace bool         // Fields are all there are then
}

// Lay gives the subscription with the change made, and where that puts the contact. It
// refuses more fields than a subscription can have.
func (c Change) Lay(s Subscription, n Number) (Subscription, error) {
	for _, f := range []struct{ to, from *string }{
		{&s.FirstName, c.FirstName}, {&s.LastName, c.LastName}, {&s.State, c.State}, {&s.Zone, c.Zone}, {&s.Postal, c.Postal},
	} {
		if f.from != nil {
			*f.to = *f.from
		}
	}
	fields := field.Values{}
	if !c.Replace {
		maps.Copy(fields, s.Fields)
	}
	for _, name := range c.Unset {
		delete(fields, name)
	}
	maps.Copy(fields, c.Fields)
	s.Fields = fields
	if n := fields.Bytes(); n > field.MostBytes {
		var bad fault.Problems
		bad.Add("fields", "would have %d bytes on this contact; at most %d are kept", n, field.MostBytes)
		return s, bad.Err("the contact")
	}
	at := place.Of(place.Facts{Phone: n.Phone, Region: n.Region, PhoneZones: n.Zones, Zone: s.Zone, State: s.State, Postal: s.Postal})
	s.AtState, s.AtZones = "", at.Zones
	if len(at.States) == 1 {
		s.AtState = at.States[0]
	}
	return s, nil
}

// Permission is a proof of consent and when it was given.
type Permission struct {
	OptIn
	At *time.Time // nil: nobody says
}

// Entry is a contact to be brought onto a list, or the reasons why not.
type Entry struct {
	Number
	Change
	SignupMethod string
	Consent      *Permission
	Problems     fault.Problems
}

// Revives reports whether the entry is a fresh sign-up of somebody who had said STOP: on
// the web, after the STOP, and with the evidence that the law asks for.
func (e Entry) Revives(stopped, now time.Time) bool {
	c := e.Consent
	return c != nil && e.SignupMethod == SignupWeb && c.At != nil && c.At.After(stopped) && !c.At.After(now) &&
		strings.TrimSpace(c.Disclosure) != "" && strings.TrimSpace(c.PageURL) != "" && strings.TrimSpace(c.IP) != ""
}

// Fate is what became of an entry.
type Fate string

// The fates.
const (
	FateCreated   Fate = "created"   // new on the list
	FateUpdated   Fate = "updated"   // was on the list
	FateUnchanged Fate = "unchanged" // the same was known
	FateOptedOut  Fate = "opted_out" // must not be texted; nothing was touched
	FateRefused   Fate = "refused"   // cannot be used
)

// Upserted is what became of one entry.
type Upserted struct {
	ID       SubscriptionID // 0: is not on the list
	Fate     Fate
	Problems fault.Problems // when it was refused
}

// Named gives the problems their place in a request of many rows.
func (u Upserted) Named(row int) fault.Problems {
	out := make(fault.Problems, len(u.Problems))
	for i, p := range u.Problems {
		p.Where = strings.TrimSuffix(fmt.Sprintf("contacts[%d].%s", row, p.Where), ".")
		out[i] = p
	}
	return out
}
