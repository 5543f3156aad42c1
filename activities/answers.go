package activities

import (
	"cmp"
	"time"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/models"
)

// record notes what became of one call. Only a text that was certainly not accepted
// goes back to the waiting ones.
func (f *flight) record(t models.Text, a provider.Answer) {
	f.d.Tally.Message(f.h.List.Provider, cmp.Or(string(a.Class), "accepted"))
	f.mu.Lock()
	defer f.mu.Unlock()
	if a.Class != provider.Unanswered {
		f.lost = 0
	}
	if a.Class != provider.RetrySoon {
		f.busy = 0
	}
	switch a.Class {
	case provider.RetrySoon:
		f.waiting = append(f.waiting, t)
		f.slowDown(a.RetryAfter)
	case provider.AccountProblem, provider.DeferToTomorrow:
		f.waiting = append(f.waiting, t)
		f.stopped, f.halt = true, "the provider refuses ("+a.Code+"): "+a.Text
	case provider.Unanswered:
		f.outcomes = append(f.outcomes, outcomeOf(t.MessageID, a))
		if f.lost++; f.lost >= lostInARow {
			f.stopped, f.err = true, fault.New(fault.Broken, "the provider does not answer")
		}
	case provider.OptedOut:
		f.blocked = append(f.blocked, t.MessageID)
		f.outcomes = append(f.outcomes, outcomeOf(t.MessageID, a))
	case provider.None, provider.RetryLater, provider.BadNumber, provider.Filtered:
		f.outcomes = append(f.outcomes, outcomeOf(t.MessageID, a))
	}
}

// slowDown waits as long as the provider asked; a long wait, or a provider that never
// says anything else, ends the flight, and the engine tries the batch again later.
func (f *flight) slowDown(wait time.Duration) {
	wait = cmp.Or(wait, 250*time.Millisecond)
	f.notUntil = f.d.Now().Add(wait)
	if f.busy++; f.busy >= busyInARow || wait > patience {
		f.stopped, f.err = true, throttled(max(wait, time.Second))
	}
}

// outcomeOf is what an answer means for the message.
func outcomeOf(id models.MessageID, a provider.Answer) models.Outcome {
	o := models.Outcome{MessageID: id, ProviderID: a.ProviderID, ProviderCode: a.Code, ProviderText: a.Text}
	switch a.Class {
	case provider.None:
		o.State = models.MessageSent
	case provider.Unanswered:
		o.State = models.MessageUnknown
	case provider.RetrySoon, provider.RetryLater, provider.DeferToTomorrow, provider.BadNumber,
		provider.OptedOut, provider.AccountProblem, provider.Filtered:
		o.State, o.Reason = models.MessageFailed, string(a.Class)
	}
	return o
}
