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
	Forgotten []int64          // active subscriptions of the list that were never planned
	Accepted  []sandbox.Record // the campaign's
	Singles   []sandbox.Record // confirmations and the like, which are owed
	Stops     []sandbox.Heard  // opt-outs
	Doubts    []sandbox.Heard  // what a person must read
	Refused   map[string]string
	Fates     map[string]sandbox.Fate // what became of each text, by its id at the provider
	Asked     bool                    // the provider can be asked after a text
	Trouble   []string                // what was seen on the way, such as counters that do not add up
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
	Singles       int
	Duplicates    []finding
	Lost          []finding
	Unsettled     []finding
	AfterStop     []finding
	AfterDoubt    []finding
	Waiting       int // unknown for good: no answer came, no callback came, and nobody can be asked
	WaitingSent   int // of those: the provider did take the text
	NeverAccepted int // of the lost: given up after the provider had no record of them
	GreatestDelay time.Duration
	DoubtDelay    time.Duration // the greatest after a doubtful answer
	Trouble       []string
}

// pair is a person and the number that texts them; a number has one campaign here.
type pair struct{ phone, number string }

// judge compares. It believes the provider about what went out, and nobody about why.
func judge(e evidence) verdict {
	v := verdict{Planned: len(e.Messages), Accepted: len(e.Accepted), Singles: len(e.Singles), Trouble: e.Trouble}
	j := books{e: e, accepted: v.countAccepted(e), stopped: earliest(e.Stops), doubted: earliest(e.Doubts)}
	for _, m := range e.Messages {
		v.weigh(m, j)
	}
	for _, id := range e.Forgotten {
		v.Lost = append(v.Lost, finding{Why: fmt.Sprintf("subscription %d is active and was never planned", id)})
	}
	v.AfterStop, v.GreatestDelay = late(e.Accepted, j.stopped, "STOP")
	v.AfterDoubt, v.DoubtDelay = late(e.Accepted, j.doubted, "doubtful text")
	return v
}

// books is what the judge looks things up in.
type books struct {
	e                evidence
	accepted         map[int64][]string // ids at the provider, by message
	stopped, doubted map[pair]time.Time
}

// countAccepted sorts acceptances by message, and takes down every one too many: for
// the message, or for the person.
func (v *verdict) countAccepted(e evidence) map[int64][]string {
	known := make(map[int64]pair, len(e.Messages))
	for _, m := range e.Messages {
		known[m.ID] = pair{m.Phone, m.Number}
	}
	byMessage, byPair := map[int64][]string{}, map[pair]int{}
	for _, r := range e.Accepted {
		who := pair{r.To, r.From}
		byMessage[r.MessageID] = append(byMessage[r.MessageID], r.SID)
		byPair[who]++
		switch owner, ok := known[r.MessageID]; {
		case !ok:
			v.Lost = append(v.Lost, finding{r.MessageID, r.SID, "accepted, and the database has no such message"})
		case owner != who:
			v.Lost = append(v.Lost, finding{r.MessageID, r.SID, "accepted for somebody else than was planned"})
		}
		if len(byMessage[r.MessageID]) > 1 || byPair[who] > 1 {
			v.Duplicates = append(v.Duplicates, finding{r.MessageID, r.SID, "accepted before"})
		}
	}
	singles := map[int64]int{}
	for _, r := range e.Singles {
		if singles[r.MessageID]++; singles[r.MessageID] > 1 {
			v.Duplicates = append(v.Duplicates, finding{r.MessageID, r.SID, "a single text, accepted before"})
		}
	}
	return byMessage
}

// weigh holds one message against what the provider accepted.
func (v *verdict) weigh(m planned, j books) {
	lose := func(why string) { v.Lost = append(v.Lost, finding{Message: m.ID, Why: why}) }
	accepted := j.accepted[m.ID]
	switch m.State {
	case models.MessageQueued, models.MessageClaimed:
		v.Unsettled = append(v.Unsettled, finding{Message: m.ID, Why: "still " + string(m.State)})
	case models.MessageUnknown:
		v.weighUnknown(m, accepted, j.e)
	case models.MessageSent, models.MessageDelivered, models.MessageUndelivered:
		switch {
		case len(accepted) == 0:
			lose(string(m.State) + ", and the provider never accepted it")
		case j.contradicted(m, accepted):
			lose(string(m.State) + ", and the provider says otherwise")
		}
	case models.MessageFailed, models.MessageSkipped:
		if m.Reason == models.ReasonNeverAccepted {
			v.NeverAccepted++
		}
		if m.State == models.MessageFailed && j.dropped(accepted) {
			break // accepted, and reported as rejected afterwards
		}
		if len(accepted) > 0 {
			lose(string(m.State) + ", and the provider accepted it")
		} else if !j.explains(m) {
			lose(string(m.State) + " (" + m.Reason + " " + m.Code + ") without a cause")
		}
	default:
		lose("in the state " + string(m.State) + ", which nobody knows")
	}
}

// weighUnknown forgives an unknown message where nothing could have settled it.
func (v *verdict) weighUnknown(m planned, accepted []string, e evidence) {
	if e.Asked {
		v.Unsettled = append(v.Unsettled, finding{Message: m.ID, Why: "still unknown, and the provider can be asked"})
		return
	}
	for _, id := range accepted {
		if e.Fates[id].Told {
			v.Lost = append(v.Lost, finding{m.ID, id, "unknown, although its callback was taken"})
			return
		}
	}
	v.Waiting++
	if len(accepted) > 0 {
		v.WaitingSent++
	}
}

// contradicted reports whether the provider knows another end of the text than we do.
func (j books) contradicted(m planned, accepted []string) bool {
	fate := j.e.Fates[accepted[0]]
	return m.State == models.MessageDelivered && fate.Undelivered || m.State == models.MessageUndelivered && fate.Delivered
}

// dropped reports whether the provider took the text and then did not deliver it.
func (j books) dropped(accepted []string) bool {
	return len(accepted) == 1 && j.e.Fates[accepted[0]].Undelivered
}

// explains reports whether there is a cause outside the product for a text that did
// not go out: the person's own words, or the provider's refusal.
func (j books) explains(m planned) bool {
	who := pair{m.Phone, m.Number}
	if m.State == models.MessageFailed {
		why := j.e.Refused[m.Phone]
		return why != "" && (why == m.Reason || why == m.Code || why == sandbox.Unheard)
	}
	_, said := j.stopped[who]
	_, doubted := j.doubted[who]
	return said && m.Reason == models.ReasonOptedOut ||
		doubted && (m.Reason == models.ReasonNotActive || m.Reason == models.ReasonOptedOut)
}

// late takes down what was accepted too long after the person's words, and the greatest
// delay.
func late(accepted []sandbox.Record, said map[pair]time.Time, what string) (all []finding, greatest time.Duration) {
	for _, r := range accepted {
		at, ok := said[pair{r.To, r.From}]
		if !ok {
			continue
		}
		delay := r.At.Sub(at)
		greatest = max(greatest, delay)
		if delay > grace {
			all = append(all, finding{r.MessageID, r.SID, "accepted " + delay.String() + " after the " + what + " was answered"})
		}
	}
	return all, greatest
}

func earliest(all []sandbox.Heard) map[pair]time.Time {
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
	return len(v.Duplicates)+len(v.Lost)+len(v.Unsettled)+len(v.AfterStop)+len(v.AfterDoubt)+len(v.Trouble) == 0
}
