package activities

import (
	"cmp"
	"time"

	"trackly/internal/provider"
	"trackly/models"
)

// spoiled reports whether a request of several texts was refused as a whole, for something
// that may be wrong with one of them only.
func spoiled(answers []provider.Answer) bool {
	if len(answers) < 2 {
		return false
	}
	for _, a := range answers {
		if !a.Whole || a != answers[0] {
			return false
		}
	}
	switch answers[0].Class {
	case provider.RetryLater, provider.BadNumber, provider.OptedOut, provider.Filtered:
		return true
	case provider.None, provider.RetrySoon, provider.DeferToTomorrow, provider.AccountProblem, provider.Unanswered:
	}
	return false
}

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
	switch a.Class {
	case provider.RetrySoon:
		f.waiting = append(f.waiting, t)
	case provider.AccountProblem, provider.DeferToTomorrow:
		f.refused(t, a)
	case provider.Unanswered:
		f.outcomes = append(f.outcomes, outcomeOf(t.MessageID, a))
		if f.lost++; f.lost >= lostInARow {
			f.stopped, f.silent = true, true
		}
	case provider.OptedOut:
		f.blocked = append(f.blocked, t.MessageID)
		f.outcomes = append(f.outcomes, outcomeOf(t.MessageID, a))
	case provider.None, provider.RetryLater, provider.BadNumber, provider.Filtered:
		f.heard = true
		f.outcomes = append(f.outcomes, outcomeOf(t.MessageID, a))
	}
}

// refused ends the flight for a reason that the next text would meet too. To a check that
// reason is the answer it asked for.
func (f *flight) refused(t models.Text, a provider.Answer) {
	if f.way.check {
		f.outcomes = append(f.outcomes, outcomeOf(t.MessageID, a))
		return
	}
	f.waiting, f.stopped = append(f.waiting, t), true
	if a.Class == provider.AccountProblem {
		f.problem = "the provider refuses (" + a.Code + "): " + a.Text
	} else {
		f.slower = max(f.slower, untilTomorrow(f.d.Now(), f.h.Settings.Zone))
	}
}

// heed looks at one request's answers for how fast the provider wants to be called. It
// wants the lock held.
func (f *flight) heed(answers []provider.Answer) {
	for _, a := range answers {
		if a.Class == provider.RetrySoon {
			f.slowDown(a)
			return
		}
	}
	f.busy, f.missed = 0, 0
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
