// Package place says where a contact may be: the country, the states and the time zones
// that remain once everything known has been heard. It never picks one of several; who
// must not text at night has to respect them all.
package place

import (
	"slices"
	"strings"
)

// Facts are what is known of a contact's whereabouts; every field may be empty. A zone,
// state or postal code that does not exist counts as empty: it came from somebody's
// spreadsheet, and a wrong word must not weigh more than the digits of the phone.
type Facts struct {
	Phone      string   // E.164
	Region     string   // ISO country of the number
	PhoneZones []string // zones of the number, as rules/phone gives them
	Zone       string   // IANA, given by the account or the contact
	State      string   // two letters or the English name; United States and Canada only
	Postal     string   // ZIP, ZIP+4 or Canadian postal code
}

// What decided about the zones.
const (
	SourceZone     = "zone"
	SourceState    = "state"
	SourcePostal   = "postal"
	SourceAreaCode = "area_code" // or the digits of a number of another country
	SourceNone     = "none"
)

// Place is what remains. It is a value; its slices belong to the caller.
type Place struct {
	Country string   // ISO, "US" for the territories too; empty when nothing tells
	States  []string // sorted, two upper letters; empty when unknown
	Zones   []string // sorted, IANA; empty when Unknown
	Unknown bool     // toll-free or nothing known: the account's rule decides
	Source  string   // one of the Source constants
}

// Key is short and the same for places which are treated alike, so it serves caches and
// people: "US-FL America/Chicago,America/New_York".
func (p Place) Key() string {
	var b strings.Builder
	b.WriteString(p.Country)
	if p.Country == "" {
		b.WriteString("?")
	}
	if len(p.States) > 0 {
		b.WriteString("-")
		b.WriteString(strings.Join(p.States, ","))
	}
	b.WriteString(" ")
	if p.Unknown {
		b.WriteString("unknown")
		if len(p.Zones) > 0 {
			b.WriteString(" ")
		}
	}
	b.WriteString(strings.Join(p.Zones, ","))
	return b.String()
}

// Of hears the facts. An explicit zone goes before the postal code or the state, and these
// before the area code; for the state itself the field goes before the postal code, and
// that before the area code. Outside the North American numbering plan's United States
// and Canada the country is that of the number and only an explicit zone is heard beside
// it: "WA" of an Australian is not Washington.
func Of(f Facts) Place {
	area, known := areaOf(f)
	if !known && !northAmerican(f) {
		return abroad(f)
	}
	return atHome(f, area)
}

func abroad(f Facts) Place {
	p := Place{Country: strings.ToUpper(f.Region), Source: SourceAreaCode}
	switch {
	case validZone(f.Zone):
		p.Zones, p.Source = []string{f.Zone}, SourceZone
	case len(f.PhoneZones) > 0:
		p.Zones = sorted(f.PhoneZones)
	default:
		p.Unknown, p.Source = true, SourceNone
	}
	return p
}

// atHome is for numbers of the United States and Canada, and for contacts without one.
func atHome(f Facts, area ground) Place {
	post, state := postalGround(f.Postal), stateGround(f.State)
	p := Place{Source: SourceNone}
	for _, g := range []ground{state, post, area} {
		if len(g.states) > 0 {
			p.Country, p.States = g.country, sorted(g.states)
			break
		}
	}
	if p.Country == "" {
		p.Country = plan(f.Region)
	}
	switch {
	case validZone(f.Zone):
		p.Zones, p.Source = []string{f.Zone}, SourceZone
	case post.known() && (!state.known() || post.within(state)):
		p.Zones, p.Source = sorted(post.zones), SourcePostal
	case state.known():
		p.Zones, p.Source = sorted(narrow(state, area)), SourceState
	case area.known():
		p.Zones, p.Source = sorted(area.zones), SourceAreaCode
	default:
		p.Unknown = true
	}
	return p
}

// narrow lets an area code choose among the zones of a state it lies in: 915 in Texas is
// El Paso. The area code of another state says only that somebody has moved, not where to.
func narrow(state, area ground) []string {
	if !area.within(state) {
		return state.zones
	}
	var both []string
	for _, z := range state.zones {
		if slices.Contains(area.zones, z) {
			both = append(both, z)
		}
	}
	if both == nil {
		return state.zones
	}
	return both
}

// sorted copies, because tables and facts are shared.
func sorted(list []string) []string {
	out := slices.Clone(list)
	slices.Sort(out)
	return slices.Compact(out)
}
