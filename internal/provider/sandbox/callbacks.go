package sandbox

import (
	"context"
	"errors"
	"time"
)

// The statuses a text goes through here, in no provider's words.
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
	code   int       // of an undelivered text, in the provider's numbers
	at     time.Time // when it came to pass, however often it must be told
	after  *step     // what comes when this one has been posted
	twice  bool
	lost   bool
}

// fate is how a text ends. It hangs on the phone, so a phone that cannot be reached
// stays so.
func (s *Sandbox) fate(t *text) (status string, code int) {
	if s.dice.roll("delivered", t.To) < s.o.DeliveredPercent {
		return delivered, 0
	}
	share := s.dice.roll("code of failure", t.To) / 100
	if codes := s.o.UndeliveredCodes; t.Provider == Twilio && len(codes) > 0 {
		return undelivered, codes[int(share*float64(len(codes)))]
	}
	class := s.o.Undelivered[int(share*float64(len(s.o.Undelivered)))]
	return undelivered, s.speak(t.Provider).failure(class)
}

// steps are the callbacks of a text in the order in which they will be posted.
func (s *Sandbox) steps(t *text) *step {
	f, n, d := s.faults.Load(), s.draws.Add(1), s.speak(t.Provider)
	status, code := s.fate(t)
	twice, lost := s.strikes("twice", f.CallbacksTwice, n), s.strikes("lost", f.CallbacksLost, n)
	both := &[2]step{
		{text: t, status: sent, twice: twice, lost: lost || !d.announces(t, sent)},
		{text: t, status: status, code: code, twice: twice, lost: lost || !d.announces(t, status)},
	}
	first, last := &both[0], &both[1]
	if s.strikes("reordered", f.CallbacksReordered, n) {
		first, last = last, first
	}
	first.after = last
	return first
}

// follow plans the callbacks of accepted texts.
func (s *Sandbox) follow(texts []*text) {
	plans, now := make([]job, len(texts)), time.Now()
	for i, t := range texts {
		delay, n := s.delay(t, sent), s.draws.Add(1)
		if f := s.faults.Load(); s.strikes("late", f.CallbacksLate, n) {
			delay += s.span("late", f.CallbacksLate, n)
		}
		first := s.steps(t)
		plans[i] = job{at: now.Add(delay), do: func(ctx context.Context) { s.take(ctx, first) }}
	}
	s.callbacks.pushAll(plans)
}

func (s *Sandbox) delay(t *text, status string) time.Duration {
	return s.dice.between("delay of "+status, t.SID, s.o.Callbacks.MinDelay, s.o.Callbacks.MaxDelay)
}

// rush makes both callbacks at once, before the request is answered.
func (s *Sandbox) rush(ctx context.Context, texts []*text) {
	round := make([]*step, 0, len(texts))
	for _, t := range texts {
		round = append(round, s.steps(t))
	}
	for len(round) > 0 {
		var next []*step
		for _, st := range round {
			s.happen(st)
			if st.after != nil {
				next = append(next, st.after)
			}
		}
		for len(round) > 0 {
			n := s.together(round)
			_ = s.deliver(ctx, round[:n], 0) // there is no later in which to try again
			round = round[n:]
		}
		round = next
	}
	s.finished(texts)
}

// together is how many of the first steps fit into one webhook.
func (s *Sandbox) together(round []*step) int {
	most, address := s.speak(round[0].text.Provider).bucket(), round[0].text.StatusURL
	n := 1
	for n < len(round) && n < most && round[n].text.StatusURL == address {
		n++
	}
	return n
}

// happen moves the text on. It has happened whether or not anybody is told.
func (s *Sandbox) happen(st *step) {
	st.at = time.Now().UTC()
	s.book.advance(st.text, st.status, st.code, st.at)
}

// take makes one callback that is due, or leaves it to the next webhook that goes there.
func (s *Sandbox) take(ctx context.Context, st *step) {
	s.happen(st)
	t := st.text
	most := s.speak(t.Provider).bucket()
	if most == 1 || st.lost {
		s.tell(ctx, []*step{st}, 0)
		return
	}
	box := t.Provider + " " + t.StatusURL
	if s.outbox.put(box, st) {
		s.callbacks.push(0, func(ctx context.Context) { s.clear(ctx, box, most) })
	}
}

// clear posts what has gathered. It was planned after everything that was due before
// it, so that all of that is in it.
func (s *Sandbox) clear(ctx context.Context, box string, most int) {
	batch, more := s.outbox.take(box, most)
	if more {
		s.callbacks.push(0, func(ctx context.Context) { s.clear(ctx, box, most) })
	}
	s.tell(ctx, batch, 0)
}

// tell posts steps and plans what follows: a retry, the next statuses, or the end.
func (s *Sandbox) tell(ctx context.Context, batch []*step, tries int) {
	err := s.deliver(ctx, batch, tries)
	if err != nil && !errors.Is(err, errRefused) && tries < s.o.Callbacks.Retries {
		s.tally.retries.Add(1)
		s.callbacks.push(s.backoff(tries), func(ctx context.Context) { s.tell(ctx, batch, tries+1) })
		return
	}
	if ctx.Err() != nil {
		return // closing: the journal still says that they are owed
	}
	var ended []*text
	for _, st := range batch {
		if st.after == nil {
			ended = append(ended, st.text)
			continue
		}
		s.callbacks.push(s.delay(st.text, st.after.status), func(ctx context.Context) { s.take(ctx, st.after) })
	}
	s.finished(ended)
}

func (s *Sandbox) backoff(tries int) time.Duration {
	d := s.o.Callbacks.Backoff
	for range tries {
		d = min(2*d, s.o.Callbacks.MaxBackoff)
	}
	return d
}

// deliver posts one webhook, as often as the faults say. What is lost is not in it.
func (s *Sandbox) deliver(ctx context.Context, batch []*step, tries int) error {
	address := batch[0].text.StatusURL
	var told, again []*step
	for _, st := range batch {
		if address == "" || st.lost {
			continue
		}
		told = append(told, st)
		if st.twice {
			again = append(again, st)
		}
	}
	if len(told) == 0 {
		return nil
	}
	d := s.speak(batch[0].text.Provider)
	err := s.post(ctx, d.status(told, address, tries))
	if err == nil {
		s.book.tell(told)
	}
	if err == nil && len(again) > 0 {
		err = s.post(ctx, d.status(again, address, tries))
	}
	s.tally.callback(len(told), err)
	return err
}

// finished notes that nothing more is owed for texts, and lets the persons react.
func (s *Sandbox) finished(texts []*text) {
	if len(texts) == 0 {
		return
	}
	s.book.finish(texts)
	if err := s.journal.writeFinished(texts); err != nil {
		s.o.Log.Error("the journal cannot be written", "error", err)
	}
	for _, t := range texts {
		if status, _ := s.fate(t); status == delivered {
			s.react(t)
		}
	}
}
