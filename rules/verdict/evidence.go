package verdict

import "time"

// evidence is what speaks against a click; the first of several is told.
type evidence uint8

const (
	isSoon evidence = 1 << iota
	isEveryLink
	isAfterMachine
	isBurst
	isWalk
	isAfterLooking
)

type revision struct {
	clicks []Click
	found  []evidence
}

func (r *revision) findings() []Finding {
	out := make([]Finding, len(r.clicks))
	for i, c := range r.clicks {
		out[i] = r.found[i].over(Finding{c.Own, c.OwnReason})
	}
	return out
}

// over is what is left of a request's own verdict. Doubt adds nothing to doubt.
func (e evidence) over(own Finding) Finding {
	if own.Is == Bot {
		return own
	}
	for _, f := range []struct {
		evidence
		why Reason
	}{{isSoon, TooSoon}, {isEveryLink, EveryLink}, {isAfterMachine, AfterMachine}, {isBurst, Burst}, {isWalk, Walk}} {
		if e&f.evidence != 0 {
			return Finding{Bot, f.why}
		}
	}
	if e&isAfterLooking != 0 && own.Is == Human {
		return Finding{Unsure, AfterLooking}
	}
	return own
}

func (r *revision) soon(i int) {
	c := &r.clicks[i]
	if c.HandedOver.IsZero() {
		return
	}
	if after := c.At.Sub(c.HandedOver); after >= -soonBefore && after < soonAfter {
		r.found[i] |= isSoon
	}
}

// links looks at one message from one place, in order of time, both ways: the first of
// several links is no more a person's than the last.
func (r *revision) links(all []int) {
	last, next := map[int]time.Time{}, map[int]time.Time{}
	for n := range all {
		r.otherLink(all[n], last)
		r.otherLink(all[len(all)-1-n], next)
	}
}

// otherLink looks whether another link than this click's was followed close to it.
func (r *revision) otherLink(i int, followed map[int]time.Time) {
	c := &r.clicks[i]
	if c.Own == Bot {
		return
	}
	for link, at := range followed {
		if link != c.Link && c.At.Sub(at).Abs() <= linksWithin {
			r.found[i] |= isEveryLink
		}
	}
	followed[c.Link] = c.At
}

// machines looks at one message from one place, in order of time.
func (r *revision) machines(all []int) {
	var machine, look time.Time
	for _, i := range all {
		c := &r.clicks[i]
		switch {
		case c.Own == Bot && looksAhead(c.OwnReason):
			look = c.At
		case c.Own == Bot:
			machine = c.At
		default:
			if !machine.IsZero() && c.At.Sub(machine) <= machineWithin {
				r.found[i] |= isAfterMachine
			}
			if !look.IsZero() && c.At.Sub(look) <= lookWithin {
				r.found[i] |= isAfterLooking
			}
		}
	}
}

// looksAhead: a person's own phone does so.
func looksAhead(r Reason) bool { return r == Preview || r == Prefetch }
