package quiethours

import (
	"time"

	"trackly/rules/place"
)

// window is the open minutes of a day; nothing is open when from is not below to.
type window struct{ from, to int }

func (w window) open() bool { return w.from < w.to }

func (w window) and(o window) window { return window{max(w.from, o.from), min(w.to, o.to)} }

// on gives the hours of a local day, and whether the law is in force that day at all. In
// force without hours for this weekday means closed.
func (l *law) on(d day) (w window, inForce bool) {
	for i := range l.rows {
		r := &l.rows[i]
		if d < r.first || d > r.last {
			continue
		}
		inForce = true
		if !r.on(d.weekday()) {
			continue
		}
		if _, closed := l.holiday(r, d); !closed {
			w = window{r.From, r.To}
		}
	}
	return w, inForce
}

func (l *law) holiday(r *lawRow, d day) (name string, ok bool) {
	if r.Holidays == HolidaysNone {
		return "", false
	}
	if name, ok = l.calendars[0].on(d); ok || r.Holidays != HolidaysState {
		return name, ok
	}
	return l.calendars[1].on(d)
}

// holidayOn names the holiday which closes a day.
func (l *law) holidayOn(d day) (string, bool) {
	for i := range l.rows {
		if r := &l.rows[i]; d >= r.first && d <= r.last && r.on(d.weekday()) {
			return l.holiday(r, d)
		}
	}
	return "", false
}

// capOn is the smallest cap of the rows in force, 0 for none.
func (l *law) capOn(d day) int {
	smallest := 0
	for i := range l.rows {
		if r := &l.rows[i]; d >= r.first && d <= r.last && r.Cap > 0 && (smallest == 0 || r.Cap < smallest) {
			smallest = r.Cap
		}
	}
	return smallest
}

// code is everything that holds at a place.
type code struct {
	states []*law
	home   *law // of the country; nil when it has none
	rest   *law // holds while home is not in force
	policy Policy
}

func (t *Table) codeOf(p place.Place, policy Policy) code {
	c := code{home: t.laws[p.Country], rest: t.laws[others], policy: policy}
	for _, s := range p.States {
		if l := t.laws[p.Country+"-"+s]; l != nil {
			c.states = append(c.states, l)
		}
	}
	return c
}

// each visits the laws in force on a day, states first, and their hours.
func (c *code) each(d day, visit func(*law, window)) {
	for _, l := range c.states {
		if w, inForce := l.on(d); inForce {
			visit(l, w)
		}
	}
	if c.home != nil {
		if w, inForce := c.home.on(d); inForce {
			visit(c.home, w)
			return
		}
	}
	w, _ := c.rest.on(d)
	visit(c.rest, w)
}

// on is what all of them and the account leave open of a day.
func (c *code) on(d day) window {
	w := c.policy.on(d.weekday())
	c.each(d, func(_ *law, o window) { w = w.and(o) })
	return w
}

// strict is the preset "US strict": the latest opening and the earliest closing of the
// states' ordinary hours, seen from both coasts.
func strict(weekday time.Weekday) window {
	if weekday == time.Sunday {
		return window{12 * 60, 20 * 60}
	}
	return window{11 * 60, 20 * 60}
}
