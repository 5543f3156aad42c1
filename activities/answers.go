package activities

import (
	"cmp"
	"time"

	"trackly/internal/provider"
	"trackly/models"
)

// record notes what became of one text. Only one that was certainly not accepted goes
// back to the waiting ones. It wants the lock held.
func (f *flight) record(t models.Text, a provider.Answer) {
	f.d.Tally.Message(f.way.Provider, cmp.Or(string(a.Class), "accepted"))
	if a.Unheard {
		f.unheard[a.Code]++
	}
	if a.Class != provider.Unanswered {
		f.lost = 0
	}
	if a.Class != provider.RetrySoon {
		f.busy, f.missed = 0, 0
	}
	switch a.Class {
	case provider.RetrySoon:
		f.waiting = append(f.waiting, t)
		f.slowDown(a)
	case provider.AccountProblem:
		f.waiting = append(f.waiting, t)
		f.stopped, f.problem = true, "the provider refuses ("+a.Code+"): "+a.Text
	case provider.DeferToTomorrow:
		f.waiting = append(f.waiting, t)
		f.stopped, f.slower = true, untilTomorrow(f.d.Now(), f.h.Settings.Zone)
	case provider.Unanswered:
		f.outcomes = append(f.outcomes, outcomeOf(t.MessageID, a))
		if f.lost++; f.lost >= lostInARow {
			f.stopped, f.silent = true, true
		}
	case provider.OptedOut:
		f.blocked = append(f.blocked, t.MessageID)
		f.outcomes = append(f.outcomes, outcomeOf(t.MessageID, a))
	case provider.None:
		f.accepted++
		f.outcomes = append(f.outcomes, outcomeOf(t.MessageID, a))
	case provider.RetryLater, provider.BadNumber, provider.Filtered:
		f.outcomes = append(f.outcomes, outcomeOf(t.MessageID, a))
	}
}

// slowDown waits as long as the provider asked, and so do all other processes; a long
// wait, or a provider that never says anything else, ends the flight. One that nobody
// reaches, although it asked for nothing, is down.
func (f *flight) slowDown(a provider.Answer) {
	wait := cmp.Or(a.RetryAfter, 250*time.Millisecond)
	f.notUntil = f.d.Now().Add(wait)
	if a.RetryAfter > 0 {
		f.slower = max(f.slower, a.RetryAfter)
	}
	if a.RetryAfter == 0 && a.Code == "" {
		if f.missed++; f.missed >= missedInARow {
			f.stopped, f.silent = true, true
		}
	}
	if f.busy++; f.busy >= busyInARow || wait > patience {
		f.stopped, f.slower = true, max(f.slower, wait, time.Second)
	}
}

// untilTomorrow is how long a day's cap holds: until midnight where the account is.
func untilTomorrow(now time.Time, zone string) time.Duration {
	where, err := time.LoadLocation(zone)
	if err != nil {
		where = time.UTC
	}
	y, m, d := now.In(where).Date()
	return time.Date(y, m, d+1, 0, 0, 0, 0, where).Sub(now)
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
