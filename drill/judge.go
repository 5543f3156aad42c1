package main

import (
	"fmt"
	"time"

	"trackly/internal/provider/sandbox"
	"trackly/models"
)

// grace is how long after the answer to a STOP a text that was on its way may arrive.
const grace = time.Second

// planned is what the database says about one message.
type planned struct {
	ID            int64
	Campaign      string
	Phone, Number string // the contact's and the list's
	State         models.MessageState
	Reason, Code  string
}

// evidence is both sides' books of one campaign.
type evidence struct {
	Messages  []planned
	Forgotten []int64 // active subscriptions of the list that were never planned
	Accepted  []sandbox.Record
	Stops     []sandbox.Stop
	Refusals  map[string]bool // codes the provider was told to refuse with
	Trouble   []string        // what was seen on the way, such as counters that do not add up
}

// finding is one broken promise. It names ids, never phones.
type finding struct {
	Message int64  `json:"message"`
	SID     string `json:"sid,omitempty"`
	Why     string `json:"why"`
}

// verdict is what the two books say together.
type verdict struct {
	Planned       int
	Accepted      int
	Duplicates    []finding
	Lost          []finding
	Unsettled     []finding
	AfterStop     []finding
	NeverAccepted int // of the lost: given up after the provider had no record of them
	GreatestDelay time.Duration
	Trouble       []string
}

// pair is a person and the number that texts them; a number has one campaign here.
type pair struct{ phone, number string }

// judge compares. It believes the provider about what went out, and nobody about why.
func judge(e evidence) verdict {
	v := verdict{Planned: len(e.Messages), Accepted: len(e.Accepted), Trouble: e.Trouble}
	accepted := v.countAccepted(e)
	stopped := earliestStops(e.Stops)
	for _, m := range e.Messages {
		v.weigh(m, accepted[m.ID], stopped, e.Refusals)
	}
	for _, id := range e.Forgotten {
		v.Lost = append(v.Lost, finding{Why: fmt.Sprintf("subscription %d is active and was never planned", id)})
	}
	v.findLate(e.Accepted, stopped)
	return v
}

// countAccepted counts acceptances by message, and takes down every one too many: for
// the message, or for the person.
func (v *verdict) countAccepted(e evidence) map[int64]int {
	known := make(map[int64]pair, len(e.Messages))
	for _, m := range e.Messages {
		known[m.ID] = pair{m.Phone, m.Number}
	}
	byMessage, byPair := map[int64]int{}, map[pair]int{}
	for _, r := range e.Accepted {
		who := pair{r.To, r.From}
		byMessage[r.MessageID]++
		byPair[who]++
		switch owner, ok := known[r.MessageID]; {
		case !ok:
			v.Lost = append(v.Lost, finding{r.MessageID, r.SID, "accepted, and the database has no such message"})
		case owner != who:
			v.Lost = append(v.Lost, finding{r.MessageID, r.SID, "accepted for somebody else than was planned"})
		}
		if byMessage[r.MessageID] > 1 || byPair[who] > 1 {
			v.Duplicates = append(v.Duplicates, finding{r.MessageID, r.SID, "accepted before"})
		}
	}
	return byMessage
}

// weigh holds one message against what the provider accepted.
func (v *verdict) weigh(m planned, accepted int, stopped map[pair]time.Time, refusals map[string]bool) {
	lose := func(why string) { v.Lost = append(v.Lost, finding{Message: m.ID, Why: why}) }
	switch m.State {
	case models.MessageQueued, models.MessageClaimed, models.MessageUnknown:
		v.Unsettled = append(v.Unsettled, finding{Message: m.ID, Why: "still " + string(m.State)})
	case models.MessageSent, models.MessageDelivered, models.MessageUndelivered:
		if accepted == 0 {
			lose(string(m.State) + ", and the provider never accepted it")
		}
	case models.MessageFailed, models.MessageSkipped:
		if m.Reason == models.ReasonNeverAccepted {
			v.NeverAccepted++
		}
		if accepted > 0 {
			lose(string(m.State) + ", and the provider accepted it")
		} else if !explained(m, stopped, refusals) {
			lose(string(m.State) + " (" + m.Reason + " " + m.Code + ") without a cause")
		}
	default:
		lose("in the state " + string(m.State) + ", which nobody knows")
	}
}

// explained reports whether there is a cause outside the product for a text that did
// not go out: the person's own STOP, or the provider's refusal.
func explained(m planned, stopped map[pair]time.Time, refusals map[string]bool) bool {
	if m.State == models.MessageFailed {
		return refusals[m.Code]
	}
	_, said := stopped[pair{m.Phone, m.Number}]
	return said && m.Reason == models.ReasonOptedOut
}

func (v *verdict) findLate(accepted []sandbox.Record, stopped map[pair]time.Time) {
	for _, r := range accepted {
		at, ok := stopped[pair{r.To, r.From}]
		if !ok {
			continue
		}
		delay := r.At.Sub(at)
		v.GreatestDelay = max(v.GreatestDelay, delay)
		if delay > grace {
			v.AfterStop = append(v.AfterStop, finding{r.MessageID, r.SID, "accepted " + delay.String() + " after the STOP was answered"})
		}
	}
}

func earliestStops(all []sandbox.Stop) map[pair]time.Time {
	first := map[pair]time.Time{}
	for _, s := range all {
		who := pair{s.Phone, s.Number}
		if at, ok := first[who]; !ok || s.At.Before(at) {
			first[who] = s.At
		}
	}
	return first
}

// clean reports whether every promise was kept.
func (v verdict) clean() bool {
	return len(v.Duplicates)+len(v.Lost)+len(v.Unsettled)+len(v.AfterStop)+len(v.Trouble) == 0
}
