package activities

import (
	"context"
	"errors"
	"sync"
	"time"

	"go.temporal.io/sdk/activity"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/models"
)

const (
	// pulseEvery is how often a flight writes results and reads its rights again. It
	// bounds how long a pause, a cancel or a STOP can be overtaken by a claimed text.
	pulseEvery = 150 * time.Millisecond
	// rightsFresh is how old the rights may be when a text is taken. With the database
	// away nobody can say STOP, but somebody may have just before: older rights could
	// let a text out more than a second after that STOP was acknowledged.
	rightsFresh = 800 * time.Millisecond
	// rightsLife is how long a flight waits for its rights to be read again. It is far
	// shorter than Delivery.SettleAfter: by the time anybody else asks the provider
	// about these messages, this flight has certainly ended.
	rightsLife = 3 * time.Second
	// lostInARow ends a flight when so many answers in a row did not come: a provider
	// in that state would turn the whole campaign unknown.
	lostInARow = 25
	// busyInARow ends a flight that only hears "not now".
	busyInARow = 200
	// crewSize is how many texts of one batch may be in the air: more than its share of
	// the process's places, because other batches are reading or writing meanwhile.
	crewSize = 16
	// patience is the longest wait a flight sits out itself.
	patience = 5 * time.Second
)

// flight is one batch on its way: claimed texts, what became of them, and whether to go
// on. Its methods are safe for concurrent use.
type flight struct {
	d      *Delivery
	h      models.Handover
	sender provider.Sender
	batch  models.Batch
	holder string

	mu       sync.Mutex
	waiting  []models.Text             // claimed, not called yet
	outcomes []models.Outcome          // called, not written yet
	inactive map[models.MessageID]bool // must not go out any more
	blocked  []models.MessageID        // the provider says they opted out
	notUntil time.Time                 // the provider asked to slow down
	rightsAt time.Time                 // when the rights were read last
	lost     int                       // answers in a row that did not come
	busy     int                       // "not now" in a row
	stopped  bool                      // take nothing more
	mine     bool                      // still the holder
	halt     string                    // a person must act
	err      error                     // try the batch again later
}

func newFlight(d *Delivery, h models.Handover, sender provider.Sender, b models.Batch, holder string, texts []models.Text) *flight {
	return &flight{
		d: d, h: h, sender: sender, batch: b, holder: holder, waiting: texts, mine: true,
		inactive: map[models.MessageID]bool{}, rightsAt: d.Now(),
	}
}

// fly hands the texts over and returns when every one has been settled or released.
func (f *flight) fly(ctx context.Context) (halt string, err error) {
	// A call that has begun is finished and settled even when the activity is told to
	// stop: cutting it short would only turn a known answer into an unknown one.
	calm := context.WithoutCancel(ctx)
	landed := make(chan struct{})
	var pulse sync.WaitGroup
	pulse.Go(func() { f.beat(ctx, landed) })
	var crew sync.WaitGroup
	for range min(crewSize, cap(f.d.Air), len(f.waiting)) {
		crew.Go(func() { f.work(ctx, calm) })
	}
	crew.Wait()
	close(landed)
	pulse.Wait()
	return f.land(calm)
}

// work hands over one text after the other.
func (f *flight) work(ctx, calm context.Context) {
	for {
		// The place comes first: a text that was taken and then waited for one could
		// overtake a STOP.
		f.d.Air <- struct{}{}
		t, wait, ok := f.next(ctx)
		if ok && wait == 0 {
			f.record(t, f.sender.Send(calm, provider.Outgoing{MessageID: int64(t.MessageID), To: t.Phone, Body: t.Body}))
		}
		<-f.d.Air
		if !ok {
			return
		}
		sleep(ctx, wait)
	}
}

// next takes a text that may still go out, or says how long to wait before asking again.
func (f *flight) next(ctx context.Context) (t models.Text, wait time.Duration, ok bool) {
	f.mu.Lock()
	defer f.mu.Unlock()
	now := f.d.Now()
	select {
	case <-activity.GetWorkerStopChannel(ctx): // the process is ending: put the rest back
		return t, 0, false
	default:
	}
	if f.stopped || ctx.Err() != nil || len(f.waiting) == 0 || now.Sub(f.rightsAt) > rightsLife {
		return t, 0, false
	}
	if wait := f.notUntil.Sub(now); wait > 0 {
		return t, min(wait, pulseEvery), true
	}
	if now.Sub(f.rightsAt) > rightsFresh {
		return t, pulseEvery / 10, true
	}
	t = f.waiting[0]
	f.waiting = f.waiting[1:]
	if f.inactive[t.MessageID] {
		f.outcomes = append(f.outcomes, models.Outcome{
			MessageID: t.MessageID, State: models.MessageSkipped, Reason: models.ReasonOptedOut,
		})
		return t, time.Nanosecond, true
	}
	return t, 0, true
}

// beat writes results and reads rights until the flight has landed.
func (f *flight) beat(ctx context.Context, landed <-chan struct{}) {
	tick := time.NewTicker(pulseEvery)
	defer tick.Stop()
	for {
		select {
		case <-landed:
			return
		case <-tick.C:
			activity.RecordHeartbeat(ctx)
			f.look(ctx)
			_ = f.write(context.WithoutCancel(ctx)) // tried again at the next beat, and when landing
		}
	}
}

// look reads what the flight may still do. When that fails it goes on for a while on
// what it knew, and then stops.
func (f *flight) look(ctx context.Context) {
	ctx, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	asked := f.d.Now()
	r, err := f.d.Store.RightsOf(ctx, f.batch, f.holder, f.waitingIDs())
	if err != nil {
		return
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.rightsAt = asked
	if f.mine = r.Holder; !r.Holder || !r.Sending {
		f.stopped = true
	}
	for _, id := range r.Inactive {
		f.inactive[id] = true
	}
}

func (f *flight) waitingIDs() []models.MessageID {
	f.mu.Lock()
	defer f.mu.Unlock()
	ids := make([]models.MessageID, len(f.waiting))
	for i, t := range f.waiting {
		ids[i] = t.MessageID
	}
	return ids
}

// write settles what has been answered so far.
func (f *flight) write(ctx context.Context) error {
	f.mu.Lock()
	outcomes, blocked := f.outcomes, f.blocked
	f.outcomes, f.blocked = nil, nil
	f.mu.Unlock()
	err := f.d.Store.SettleMessages(ctx, f.batch.AccountID, outcomes)
	if err == nil && len(blocked) > 0 {
		err = f.d.Store.OptOutByProvider(ctx, f.batch.AccountID, blocked)
	}
	if err != nil {
		f.mu.Lock()
		f.outcomes, f.blocked = append(outcomes, f.outcomes...), append(blocked, f.blocked...)
		f.mu.Unlock()
	}
	return err
}

const (
	landTries = 20
	landPause = 500 * time.Millisecond
)

// land writes the last results and puts back what was never called. Postgres may be
// restarting just now, and results that are lost here have to be asked for one by one.
func (f *flight) land(ctx context.Context) (string, error) {
	left := f.waitingIDs()
	var err error
	for range landTries {
		activity.RecordHeartbeat(ctx)
		if err = f.write(ctx); err == nil && f.mine {
			err = f.d.Store.ReleaseMessages(ctx, f.batch, f.holder, left)
		}
		if err == nil || fault.KindOf(err) != fault.Broken {
			break
		}
		sleep(ctx, landPause)
	}
	if err != nil {
		return f.halt, errors.Join(err, f.err)
	}
	if f.halt == "" && f.err == nil && len(left) > 0 && !f.stopped {
		f.err = fault.New(fault.Broken, "%d messages were put back", len(left))
	}
	return f.halt, f.err
}

func sleep(ctx context.Context, d time.Duration) {
	if d <= 0 {
		return
	}
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
	case <-ctx.Done():
	}
}
