package api

import (
	"cmp"
	"maps"
	"net/netip"
	"net/url"
	"slices"
	"strings"
	"time"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/contactfile"
	"trackly/rules/field"
	"trackly/rules/phone"
	"trackly/rules/place"
)

// clockSlack is how far a client's clock may be ahead of ours.
const clockSlack = time.Minute

// AboutContact is what can be said of a contact. It is exported because huma passes over
// embedded types that are not.
type AboutContact struct {
	FirstName  *string               `json:"first_name,omitempty" maxLength:"256"`
	LastName   *string               `json:"last_name,omitempty" maxLength:"256"`
	State      *string               `json:"state,omitempty" maxLength:"64" doc:"Of a US phone: two letters or the name." example:"TX"`
	Zip        *string               `json:"zip,omitempty" maxLength:"16" doc:"Postal code."`
	Zone       *string               `json:"zone,omitempty" maxLength:"64" doc:"IANA time zone." example:"America/Chicago"`
	Fields     map[string]typedValue `json:"fields,omitempty" doc:"Custom fields that are defined, each of its type; null takes one away." example:"{\"plan\":\"gold\",\"age\":41}"`
	FieldsMode string                `json:"fields_mode,omitempty" enum:"merge,replace" default:"merge" doc:"replace: the fields given here are all there are then."`
}

// newContact is a contact to be brought onto a list.
type newContact struct {
	Phone  string `json:"phone" maxLength:"64" doc:"In any form that people write." example:"(212) 555-0123"`
	Region string `json:"region,omitempty" pattern:"^[A-Za-z]{2}$" default:"US" doc:"ISO country in which a phone without a + is dialled."`
	AboutContact
	SignupMethod string      `json:"signup_method,omitempty" enum:"api,web" default:"api" doc:"web: the person signed up on a page."`
	Consent      *webConsent `json:"consent,omitempty" doc:"The proof of consent. It is kept for ever."`
}

type webConsent struct {
	At         string `json:"at,omitempty" format:"date-time" doc:"When it was given." example:"2026-11-24T15:04:05Z"`
	Disclosure string `json:"disclosure,omitempty" maxLength:"5000" doc:"What the person was shown. Kept with its SHA-256."`
	PageURL    string `json:"page_url,omitempty" maxLength:"2000" doc:"Where."`
	IP         string `json:"ip,omitempty" maxLength:"45" doc:"Of the person."`
	UserAgent  string `json:"user_agent,omitempty" maxLength:"500" doc:"Of the person."`
	Evidence   string `json:"evidence,omitempty" maxLength:"2000" doc:"What else proves it."`
}

// entry reads a contact; what is wrong with it is among its problems.
func (n newContact) entry(set field.Set, now time.Time, bad fault.Problems) models.Entry {
	var own fault.Problems
	to, err := phone.Parse(n.Phone, cmp.Or(strings.ToUpper(n.Region), home))
	if err != nil {
		own.Add("phone", "%s", err)
	}
	e := models.Entry{
		Number:       models.Number{Phone: to.E164, Region: to.Region, Zones: to.Zones},
		Change:       n.change(&own, to.Region, set, false),
		SignupMethod: cmp.Or(n.SignupMethod, models.SignupAPI),
	}
	if n.Consent != nil {
		e.Consent = n.Consent.permission(&own, now)
	}
	_ = add(&bad, own.Err("the contact"), nil) // is Invalid
	e.Problems = bad
	return e
}

// change reads what becomes of a contact. An empty text leaves it as it is, as an empty
// cell of a file does, unless it clears.
func (a AboutContact) change(bad *fault.Problems, region string, set field.Set, clears bool) models.Change {
	given := func(s *string) *string {
		if s == nil || strings.TrimSpace(*s) == "" && !clears {
			return nil
		}
		trimmed := strings.TrimSpace(*s)
		return &trimmed
	}
	c := models.Change{
		FirstName: given(a.FirstName), LastName: given(a.LastName), State: given(a.State), Zone: given(a.Zone), Postal: given(a.Zip),
		Replace: a.FieldsMode == "replace" && a.Fields != nil,
	}
	if c.State != nil && *c.State != "" && region == "US" {
		code, ok := contactfile.StateOf(*c.State)
		if !ok {
			bad.Add("state", "is no state of the US")
		}
		c.State = &code
	}
	if c.Zone != nil && *c.Zone != "" {
		if _, ok := place.Location(*c.Zone); !ok {
			bad.Add("zone", "is no time zone; write it as America/New_York")
		}
	}
	a.readFields(bad, set, clears, &c)
	return c
}

func (a AboutContact) readFields(bad *fault.Problems, set field.Set, clears bool, c *models.Change) {
	c.Fields = field.Values{}
	for _, name := range slices.Sorted(maps.Keys(a.Fields)) {
		where := "fields." + name
		is, known := set[name]
		text, readable := a.Fields[name].text()
		switch {
		case !field.IsName(name):
			bad.Add("fields", "has a name that no field can have")
		case !known:
			bad.Add(where, "is not a field of this account; define it first")
		case !readable:
			bad.Add(where, "must be a string, a number, true or false")
		case strings.TrimSpace(text) != "":
			value, err := field.Parse(is, text)
			if err != nil {
				bad.Add(where, "%s", err)
			}
			c.Fields[name] = value
		case clears || a.Fields[name].null():
			c.Unset = append(c.Unset, name)
		}
	}
}

func (w webConsent) permission(bad *fault.Problems, now time.Time) *models.Permission {
	p := models.Permission{OptIn: models.OptIn{
		Evidence: w.Evidence, Disclosure: w.Disclosure, PageURL: w.PageURL, IP: w.IP, UserAgent: w.UserAgent,
	}}
	if w.At != "" {
		at, err := time.Parse(time.RFC3339, w.At)
		switch {
		case err != nil:
			bad.Add("consent.at", "is no time; write it as 2026-11-24T15:04:05Z")
		case at.After(now.Add(clockSlack)):
			bad.Add("consent.at", "lies in the future")
		}
		at = at.UTC().Truncate(time.Microsecond)
		p.At = &at
	}
	if w.PageURL != "" {
		if u, err := url.Parse(w.PageURL); err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https" {
			bad.Add("consent.page_url", "must be an http or https address")
		}
	}
	if w.IP != "" {
		if _, err := netip.ParseAddr(w.IP); err != nil {
			bad.Add("consent.ip", "must be an IP address")
		}
	}
	return &p
}
