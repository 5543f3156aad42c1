package quiethours

import (
	"slices"
	"time"

	"trackly/internal/fault"
	"trackly/rules/place"
)

// Policy is an account's own, stricter wish. It only ever narrows: what the law closes
// stays closed whatever the account says. The zero Policy wishes nothing.
type Policy struct {
	From, To     int            // minutes of the local day, To exclusive; 0, 0 for none
	SkipDays     []time.Weekday // local days without any text
	Strict       bool           // 11:00 to 20:00, on Sunday 12:00 to 20:00, everywhere
	UnknownZones []string       // assumed for toll-free and unknown places; empty: all of the United States
}

// mostUnknownZones is enough for every zone of a continent.
const mostUnknownZones = 50

// Check returns fault.Invalid with everything wrong in the policy.
func (p Policy) Check() error {
	var problems fault.Problems
	if none := p.From == 0 && p.To == 0; !none && (p.From < 0 || p.From >= p.To || p.To > dayMinutes) {
		problems.Add("from", "the hours must begin before they end, between 0 and %d minutes", dayMinutes)
	}
	var skipped [7]bool
	for _, w := range p.SkipDays {
		if w < time.Sunday || w > time.Saturday {
			problems.Add("skip_days", "%d is not a day of the week", int(w))
			continue
		}
		skipped[w] = true
	}
	if !slices.Contains(skipped[:], false) {
		problems.Add("skip_days", "one day of the week must be left")
	}
	if len(p.UnknownZones) > mostUnknownZones {
		problems.Add("unknown_zones", "at most %d zones", mostUnknownZones)
	} else {
		for _, z := range p.UnknownZones {
			if _, ok := place.Location(z); !ok {
				problems.Add("unknown_zones", "%q is not a time zone such as America/New_York", z)
			}
		}
	}
	return problems.Err("the quiet hours")
}

// wishes reports whether the account narrows anything.
func (p Policy) wishes() bool {
	return p.Strict || p.From != 0 || p.To != 0 || len(p.SkipDays) > 0
}

// on is what the account leaves open. Hours that Check refuses leave nothing.
func (p Policy) on(weekday time.Weekday) window {
	w := window{0, dayMinutes}
	if slices.Contains(p.SkipDays, weekday) {
		return window{}
	}
	if p.Strict {
		w = strict(weekday)
	}
	if p.From != 0 || p.To != 0 {
		w = w.and(window{p.From, p.To})
	}
	return w
}

// unknownZones are those of the account, and those of the whole country when it named none
// or one this machine does not know. The zones between two coasts are open when both are.
func (p Policy) unknownZones() []string {
	for _, z := range p.UnknownZones {
		if _, ok := place.Location(z); !ok {
			return allZones()
		}
	}
	if len(p.UnknownZones) == 0 {
		return allZones()
	}
	return p.UnknownZones
}

func allZones() []string {
	return []string{
		"America/New_York", "America/Chicago", "America/Denver", "America/Los_Angeles", "America/Anchorage", "Pacific/Honolulu",
	}
}
