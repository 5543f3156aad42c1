package activities

import (
	"context"
	"time"

	"go.temporal.io/sdk/activity"

	"trackly/models"
)

// next takes the texts of one request that may still go out, or says how long to wait
// before asking again.
func (f *flight) next(ctx context.Context) (texts []models.Text, wait time.Duration, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.d.Now()
	left := len(f.waiting) + len(f.parts) + len(f.marked)
	if f.stopped || ctx.Err() != nil || stopping(ctx) || left == 0 || now.Sub(f.rightsAt) > rightsLife {
		return nil, 0, false
	}
	wait = f.notUntil.Sub(now)
	if len(f.parts)+len(f.marked) == 0 {
		wait = max(wait, f.waiting[0].At.Sub(now))
	}
	if wait > 0 {
		return nil, min(wait, pulseEvery), true
	}
	if now.Sub(f.rightsAt) > rightsFresh {
		return nil, pulseEvery / 10, true
	}
	if len(f.parts) > 0 {
		part := f.parts[0]
		f.parts = f.parts[1:]
		return f.fit(part, now), 0, true
	}
	if f.way.caps.FindsTexts {
		return f.fit(f.due(f.way.caps.BatchSize, now), now), 0, true
	}
	if len(f.marked) == 0 {
		// That took time: the rights are looked at again before anything goes out.
		return nil, f.mark(ctx, now), true
	}
	n := min(len(f.marked), f.way.caps.BatchSize)
	texts, f.marked = f.marked[:n], f.marked[n:]
	return f.fit(texts, now), 0, true
}

// due takes up to n waiting texts whose places have come.
func (f *flight) due(n int, now time.Time) []models.Text {
	k := 0
	for k < len(f.waiting) && k < n && !f.waiting[k].At.After(now) {
		k++
	}
	texts := f.waiting[:k]
	f.waiting = f.waiting[k:]
	return texts
}

// markSize is how many texts are noted as called at once where a request takes one: a
// worker that dies leaves at most so many unknown.
const markSize = crewSize

// mark notes the next texts as called, before they are: their provider cannot be asked
// after them, so those that were certainly not called must be known. It says how long to
// wait before asking again. It wants the lock held; without the database nothing of the
// flight could go on anyway.
func (f *flight) mark(ctx context.Context, now time.Time) time.Duration {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	texts := f.due(max(f.way.caps.BatchSize, markSize), now)
	ids := make([]models.MessageID, len(texts))
	for i, t := range texts {
		ids[i] = t.MessageID
	}
	got, err := f.d.Store.MarkCalled(ctx, f.batch, f.holder, ids)
	if err != nil {
		// Perhaps they are marked: they are put back with what is left when the flight lands.
		f.late = append(f.late, ids...)
		return pulseEvery
	}
	f.marked = onlyClaimed(texts, got)
	return 0
}

// fit are those of the texts that may still go out.
func (f *flight) fit(taken []models.Text, now time.Time) []models.Text {
	texts := make([]models.Text, 0, len(taken))
	for _, t := range taken {
		switch {
		case f.inactive[t.MessageID] != "":
			f.outcomes = append(f.outcomes, models.Outcome{MessageID: t.MessageID, State: models.MessageSkipped, Reason: f.inactive[t.MessageID]})
		case !t.Until.IsZero() && now.Add(hoursMargin).After(t.Until):
			f.late = append(f.late, t.MessageID) // back to the queue: it waits for the next opening
		default:
			texts = append(texts, t)
		}
	}
	return texts
}

// hoursMargin is the longest life of a request: a text handed over so shortly before its
// hours end could arrive after them.
const hoursMargin = 15 * time.Second

// stopping reports whether the process is ending: what was not called is put back.
func stopping(ctx context.Context) bool {
	if !activity.IsActivity(ctx) {
		return false
	}
	select {
	case <-activity.GetWorkerStopChannel(ctx):
		return true
	default:
		return false
	}
}
