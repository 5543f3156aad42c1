package quiethours

import (
	"strings"
	"time"

	"trackly/rules/place"
)

const (
	ownHours   = "by the account's own hours"
	clocksMove = "while the clocks are changed"
)

// why puts a verdict into a sentence.
func (s *search) why(v Verdict, now int64, unknown bool) string {
	if len(s.zones) == 0 {
		return "Closed, because no time zone of the place is known"
	}
	var b strings.Builder
	if v.Open {
		z := s.closesFirst(v.Until.Unix())
		b.WriteString("Open until ")
		b.WriteString(moment(v.Until.In(z.loc), now))
		z.write(&b)
	} else {
		z, who := s.blocker(now, v)
		b.WriteString("Closed ")
		b.WriteString(who)
		if v.Next.IsZero() {
			b.WriteString(" for more than 14 days")
		} else {
			b.WriteString(" until ")
			b.WriteString(moment(v.Next.In(z.loc), now))
		}
		z.write(&b)
	}
	if unknown {
		b.WriteString("; the whereabouts are unknown, so every zone counts")
	}
	return b.String()
}

func (z zone) write(b *strings.Builder) {
	b.WriteString(" (")
	b.WriteString(z.name)
	b.WriteString(")")
}

// closesFirst finds the zone whose closing ends the open time.
func (s *search) closesFirst(until int64) zone {
	for _, z := range s.zones {
		if opens, _, ok := s.nextIn(z, until); !ok || opens > until {
			return z
		}
	}
	return s.zones[0]
}

// blocker finds a zone which is closed now, best the one whose opening everybody waits
// for, and who closed it.
func (s *search) blocker(now int64, v Verdict) (found zone, who string) {
	for _, z := range s.zones {
		by := s.closedBy(z, now)
		if by == "" {
			continue
		}
		last := !v.Next.IsZero() && s.closedBy(z, v.Next.Unix()-1) != ""
		if who == "" || last {
			found, who = z, by
		}
		if last {
			break
		}
	}
	if who == "" {
		return s.zones[0], clocksMove
	}
	return found, who
}

// closedBy names who closes a zone at an instant, the state before the country and both
// before the account; "" when nobody does.
func (s *search) closedBy(z zone, at int64) (who string) {
	d := localDay(z.loc, at)
	closed := func(w window) bool {
		return !w.open() || at < begins(z.loc, d.wall(w.from)) || at >= ends(z.loc, d.wall(w.to))
	}
	s.each(d, func(l *law, w window) {
		if who == "" && closed(w) {
			who = "in " + l.label() + l.because(d)
		}
	})
	if who == "" && closed(s.policy.on(d.weekday())) {
		return ownHours
	}
	return who
}

func (l *law) because(d day) string {
	if name, ok := l.holidayOn(d); ok {
		return " on " + name
	}
	return ""
}

// label is the law's country or state in a sentence; countries without a name here are
// called by their letters.
func (l *law) label() string {
	country, state, _ := strings.Cut(l.name, "-")
	switch {
	case state != "":
		return place.StateName(state)
	case country == others:
		return "this country"
	}
	for _, known := range [][2]string{
		{"US", "the United States"}, {"CA", "Canada"}, {"GB", "the United Kingdom"}, {"AU", "Australia"}, {"FR", "France"}, {"DE", "Germany"},
	} {
		if known[0] == country {
			return known[1]
		}
	}
	return country
}

// moment names the day only when the time of day alone would be misunderstood.
func moment(local time.Time, now int64) string {
	if local.Unix()-now <= daySeconds {
		return local.Format("15:04")
	}
	return local.Format("Monday 2 January 15:04")
}
