// Package quiethours says whether a marketing text may arrive at a place now, and if not,
// when. It computes in the local time of every zone and under the law of every state the
// contact may be in, and is open only where all of them are.
//
// It knows nothing of the text: that replies, confirmations and passcodes are exempt is
// for the caller, and so is counting against the cap.
package quiethours

import (
	"time"

	"trackly/rules/place"
)

// horizon is how far ahead an opening is looked for.
const horizon = 14 * daySeconds

// Verdict is the answer for one place and one instant.
type Verdict struct {
	Open  bool
	Until time.Time // open: when it closes, exclusive, UTC; at most 14 days ahead
	Next  time.Time // closed: the next opening, UTC; zero when there is none within 14 days
	Cap   int       // most texts in 24 hours, the smallest of all candidates; 0 for none
	Rules []string  // what applied: "US-FL", "US", "account"
	Why   string    // for people: "Closed in Florida until 08:00 (America/New_York)"
}

// zone is a candidate with its clock.
type zone struct {
	name string
	loc  *time.Location
}

// search looks for openings of one place.
type search struct {
	code
	zones []zone
	limit int64 // Unix seconds
}

// Judge answers for a text that would arrive at the instant. The zone data of the machine
// decide about the clocks, so workflows leave this to an activity.
func (t *Table) Judge(p place.Place, policy Policy, at time.Time) Verdict {
	now := at.Unix()
	zones, unknown := zonesOf(p, policy)
	s := search{code: t.codeOf(p, policy), zones: zones, limit: now + horizon}
	var v Verdict
	from, to, ok := s.next(now)
	switch {
	case ok && from == now:
		v.Open, v.Until = true, time.Unix(to, 0).UTC()
	case ok:
		v.Next = time.Unix(from, 0).UTC()
	}
	s.applied(now, &v)
	v.Why = s.why(v, now, unknown)
	return v
}

// zonesOf gives the candidates. A zone this machine does not know makes the place unknown;
// what is known of it still counts.
func zonesOf(p place.Place, policy Policy) (zones []zone, unknown bool) {
	unknown = p.Unknown || len(p.Zones) == 0
	for _, name := range p.Zones {
		loc, ok := place.Location(name)
		if !ok {
			unknown = true
			continue
		}
		zones = append(zones, zone{name, loc})
	}
	if !unknown {
		return zones, false
	}
	for _, name := range policy.unknownZones() {
		if loc, ok := place.Location(name); ok {
			zones = append(zones, zone{name, loc})
		}
	}
	return zones, true
}

// next is the first stretch of time from t on in which all zones are open; from is t when
// they are open already. It walks from edge to edge: while one zone opens later than t,
// nothing before that can be open in all of them.
func (s *search) next(t int64) (from, to int64, ok bool) {
	for t <= s.limit && len(s.zones) > 0 {
		latest, earliest := t, s.limit
		for _, z := range s.zones {
			opens, closes, ok := s.nextIn(z, t)
			if !ok {
				return 0, 0, false
			}
			latest, earliest = max(latest, opens), min(earliest, closes)
		}
		if latest == t {
			return t, earliest, true
		}
		t = latest
	}
	return 0, 0, false
}

// nextIn is the first open stretch of one zone that ends after t.
func (s *search) nextIn(z zone, t int64) (opens, closes int64, ok bool) {
	d := localDay(z.loc, t)
	for ; int64(d)*daySeconds <= s.limit+reach; d++ {
		opens, closes, ok = s.hours(z, d)
		if ok && closes > t {
			break
		}
		ok = false
	}
	for ok && closes <= s.limit {
		// Hours which end at midnight may go on at midnight.
		d++
		more, end, goesOn := s.hours(z, d)
		if !goesOn || more != closes {
			break
		}
		closes = end
	}
	return opens, closes, ok
}

// hours are the instants of one local day; a change of the clocks may leave none of them.
func (s *search) hours(z zone, d day) (opens, closes int64, ok bool) {
	w := s.on(d)
	if !w.open() {
		return 0, 0, false
	}
	opens, closes = begins(z.loc, d.wall(w.from)), ends(z.loc, d.wall(w.to))
	return opens, closes, opens < closes
}

// applied notes the laws in force in any zone, and their caps.
func (s *search) applied(now int64, v *Verdict) {
	var before day
	for i, z := range s.zones {
		d := localDay(z.loc, now)
		if i > 0 && d == before {
			continue
		}
		before = d
		s.each(d, func(l *law, _ window) {
			v.note(l.name)
			if n := l.capOn(d); n > 0 && (v.Cap == 0 || n < v.Cap) {
				v.Cap = n
			}
		})
	}
	if s.policy.wishes() {
		v.note("account")
	}
}

func (v *Verdict) note(name string) {
	for _, known := range v.Rules {
		if known == name {
			return
		}
	}
	v.Rules = append(v.Rules, name)
}
