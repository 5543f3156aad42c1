// Package offer chooses where a click leads: to the offer of its link, to one that stands
// in for it, or to a page. It reads and counts nothing: whoever asks holds the counts still
// while it chooses.
package offer

import "time"

// maxFallbacks is how many offers may stand in, one for the other.
const maxFallbacks = 4

// Terms are what decides whether an offer takes a click.
type Terms struct {
	ID            string
	Active        bool // neither paused nor archived
	EndsAt        *time.Time
	ClickCap      int    // a day of the network; 0: none
	ConversionCap int    // the same
	Fallback      string // the offer that stands in; empty: none
	FallbackURL   string
}

// Capped reports whether the offer takes only so much a day.
func (t Terms) Capped() bool { return t.ClickCap > 0 || t.ConversionCap > 0 }

// Open reports whether the offer takes clicks at this time, caps aside.
func (t Terms) Open(at time.Time) bool { return t.Active && (t.EndsAt == nil || at.Before(*t.EndsAt)) }

// Used is how much of its caps an offer has used on the day of a click. A cap counts what
// the network counts: every request that is led to the offer, those of machines too.
type Used struct{ Clicks, Conversions int }

// Room reports whether the offer takes one more click on a day of which so much is used.
func (t Terms) Room(u Used) bool {
	return (t.ClickCap == 0 || u.Clicks < t.ClickCap) && (t.ConversionCap == 0 || u.Conversions < t.ConversionCap)
}

// Target is what a click is led to.
type Target string

// The targets.
const (
	ToLink     Target = "link"     // the URL of a link that has no offer
	ToOffer    Target = "offer"    // the offer of the link
	ToFallback Target = "fallback" // what stands in for it, an offer or a URL
	ToPage     Target = "page"     // our own, which says that the offer has ended
)

// Choice is where a click leads.
type Choice struct {
	Target Target
	Offer  string // empty: none
	URL    string // of a fallback that is no offer
}

// Choose leads a click to the offer first, to the nearest of its fallbacks that takes it, at
// most four, or else to the nearest fallback URL. A ring of offers ends where it began. An
// offer that terms does not know takes nothing.
func Choose(at time.Time, first string, terms map[string]Terms, used func(Terms) Used) Choice {
	instead := Choice{Target: ToPage}
	seen := make([]string, 0, maxFallbacks+1)
	for id := first; id != "" && len(seen) <= maxFallbacks; id = terms[id].Fallback {
		for _, s := range seen {
			if s == id {
				return instead
			}
		}
		seen = append(seen, id)
		t := terms[id]
		switch {
		case t.Open(at) && (!t.Capped() || t.Room(used(t))):
			return Choice{Target: targetOf(id == first), Offer: id}
		case instead.URL == "" && t.FallbackURL != "":
			instead = Choice{Target: ToFallback, URL: t.FallbackURL}
		}
	}
	return instead
}

func targetOf(own bool) Target {
	if own {
		return ToOffer
	}
	return ToFallback
}
