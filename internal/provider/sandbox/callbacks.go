package sandbox

import (
	"context"
	"errors"
	"net/url"
	"strconv"
	"time"
)

// The statuses a text goes through here.
const (
	queued      = "queued"
	sent        = "sent"
	delivered   = "delivered"
	undelivered = "undelivered"
)

var ranks = map[string]int{queued: 0, sent: 1, undelivered: 2, delivered: 2}

// step is one status callback that is due.
type step struct {
	text   *text
	status string
	code   int
	after  *step // what comes when this one has been posted
	twice  bool
	lost   bool
}

// fate is how a text ends. It hangs on the phone, so a phone that cannot be reached
// stays so.
func (s *Sandbox) fate(t *text) (status string, code int) {
	if s.dice.roll("delivered", t.To) < s.o.DeliveredPercent {
		return delivered, 0
	}
	pick := s.dice.roll("code of failure", t.To) / 100 * float64(len(s.o.UndeliveredCodes))
	return undelivered, s.o.UndeliveredCodes[int(pick)]
}

// steps are the callbacks of a text in the order in which they will be posted.
func (s *Sandbox) steps(t *text) *step {
	f, n := s.faults.Load(), s.draws.Add(1)
	status, code := s.fate(t)
	twice, lost := s.strikes("twice", f.CallbacksTwice, n), s.strikes("lost", f.CallbacksLost, n)
	first := &step{text: t, status: sent, twice: twice, lost: lost}
	last := &step{text: t, status: status, code: code, twice: twice, lost: lost}
	if s.strikes("reordered", f.CallbacksReordered, n) {
		first, last = last, first
	}
	first.after = last
	return first
}

// follow plans the callbacks of an accepted text.
func (s *Sandbox) follow(t *text) {
	delay, n := s.delay(t, sent), s.draws.Add(1)
	if f := s.faults.Load(); s.strikes("late", f.CallbacksLate, n) {
		delay += s.span("late", f.CallbacksLate, n)
	}
	first := s.steps(t)
	s.callbacks.push(delay, func(ctx context.Context) { s.take(ctx, first, 0) })
}

func (s *Sandbox) delay(t *text, status string) time.Duration {
	return s.dice.between("delay of "+status, t.SID, s.o.Callbacks.MinDelay, s.o.Callbacks.MaxDelay)
}

// rush makes both callbacks at once, before create is answered.
func (s *Sandbox) rush(ctx context.Context, t *text) {
	for st := s.steps(t); st != nil; st = st.after {
		s.book.advance(t, st.status, st.code, time.Now().UTC())
		_ = s.deliver(ctx, st) // there is no later in which to try again
	}
	s.finished(t)
}

// take makes one callback and plans what follows: a retry, the next status, or the end.
func (s *Sandbox) take(ctx context.Context, st *step, tries int) {
	s.book.advance(st.text, st.status, st.code, time.Now().UTC())
	err := s.deliver(ctx, st)
	if err != nil && !errors.Is(err, errRefused) && tries < s.o.Callbacks.Retries {
		s.tally.retries.Add(1)
		s.callbacks.push(s.backoff(tries), func(ctx context.Context) { s.take(ctx, st, tries+1) })
		return
	}
	switch {
	case ctx.Err() != nil: // closing: the journal still says that it is owed
	case st.after != nil:
		s.callbacks.push(s.delay(st.text, st.after.status), func(ctx context.Context) { s.take(ctx, st.after, 0) })
	default:
		s.finished(st.text)
	}
}

func (s *Sandbox) backoff(tries int) time.Duration {
	d := s.o.Callbacks.Backoff
	for range tries {
		d = min(2*d, s.o.Callbacks.MaxBackoff)
	}
	return d
}

// deliver posts one callback, as often as the faults say.
func (s *Sandbox) deliver(ctx context.Context, st *step) error {
	if st.text.StatusURL == "" || st.lost {
		return nil
	}
	form := statusForm(st)
	err := s.post(ctx, st.text.Token, st.text.StatusURL, form)
	if err == nil && st.twice {
		err = s.post(ctx, st.text.Token, st.text.StatusURL, form)
	}
	s.tally.callback(err)
	return err
}

func statusForm(st *step) url.Values {
	t := st.text
	form := url.Values{
		"AccountSid": {t.Account}, "ApiVersion": {"2010-04-01"}, "From": {t.From}, "To": {t.To},
		"MessageSid": {t.SID}, "SmsSid": {t.SID}, "MessageStatus": {st.status}, "SmsStatus": {st.status},
	}
	if st.code != 0 {
		form.Set("ErrorCode", strconv.Itoa(st.code))
	}
	return form
}

// finished notes that nothing more is owed for a text, and lets the person react.
func (s *Sandbox) finished(t *text) {
	s.book.finish(t)
	if err := s.journal.write(entry{Finished: t.SID}); err != nil {
		s.o.Log.Error("the journal cannot be written", "error", err)
	}
	if status, _ := s.fate(t); status == delivered {
		s.react(t)
	}
}
