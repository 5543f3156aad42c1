package activities

import (
	"context"
	"sync"
	"time"

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
	// missedInARow ends it when so many calls in a row reached nobody.
	missedInARow = 10
	// busyInARow ends a flight that only hears "not now".
	busyInARow = 200
	// crewSize is how many texts of one batch may be in the air: more than its share of
	// the process's places, because other batches are reading or writing meanwhile.
	crewSize = 16
	// patience is the longest wait a flight sits out itself.
	patience = 5 * time.Second
)

// flight is the claimed texts of one leg, what became of them, and whether to go on. Its
// methods are safe for concurrent use.
type flight struct {
	d      *Delivery
	h      models.Handover
	way    way
	batch  models.Batch
	holder string

	mu       sync.Mutex
	waiting  []models.Text               // claimed, not called yet, in the order of their places
	parts    [][]models.Text             // of requests that were refused as a whole; they go first
	marked   []models.Text               // noted as called, not called yet: see mark
	late     []models.MessageID          // claimed, and their hours are over
	outcomes []models.Outcome            // called, not written yet
	inactive map[models.MessageID]string // must not go out any more, and why
	blocked  []models.MessageID          // the provider says they opted out
	unheard  map[string]int              // codes that are in no table
	notUntil time.Time                   // the provider asked to slow down
	slower   time.Duration               // the same, for all other processes
	rightsAt time.Time                   // when the rights were read last
	heard    bool                        // the provider said something of a text
	lost     int                         // answers in a row that did not come
	busy     int                         // requests in a row that heard "not now"
	missed   int                         // requests in a row that reached nobody
	stopped  bool                        // take nothing more
	mine     bool                        // still the holder
	silent   bool                        // the provider does not answer
	problem  string                      // the provider's account has one
}

// newFlight makes the flight of texts whose rights were asked for at that time: before the
// claim, which may have waited for a lock with what it had read of consent.
func newFlight(t *trip, w way, texts []models.Text, asked time.Time) *flight {
	return &flight{
		d: t.d, h: t.h, way: w, batch: t.batch, holder: t.holder, waiting: texts, mine: true,
		inactive: map[models.MessageID]string{}, unheard: map[string]int{}, rightsAt: asked,
	}
}

// fly hands the texts over and returns when every one has been settled or released. It
// reports whether all of them were: else the batch has something left.
func (f *flight) fly(ctx context.Context) (landed bool, err error) {
	// A call that has begun is finished and settled even when the activity is told to
	// stop: cutting it short would only turn a known answer into an unknown one.
	calm := context.WithoutCancel(ctx)
	done := make(chan struct{})
	var pulse sync.WaitGroup
	pulse.Go(func() { f.beat(ctx, done) })
	var crew sync.WaitGroup
	for range min(f.crew(), cap(f.d.Air), len(f.waiting)) {
		crew.Go(func() { f.work(ctx, calm) })
	}
	crew.Wait()
	close(done)
	pulse.Wait()
	return f.land(calm)
}

// crew is how many requests of one batch may be in the air: where one takes many texts,
// few are enough.
func (f *flight) crew() int {
	if f.way.caps.BatchSize > 1 {
		return crewSize / 4
	}
	return crewSize
}

// work hands over one request's texts after the other.
func (f *flight) work(ctx, calm context.Context) {
	for {
		// The place comes first: a text that was taken and then waited for one could
		// overtake a STOP.
		f.d.Air <- struct{}{}
		texts, wait, ok := f.next(ctx)
		if len(texts) > 0 {
			f.call(calm, texts)
		}
		<-f.d.Air
		if !ok {
			return
		}
		sleep(ctx, wait)
	}
}

func (f *flight) call(ctx context.Context, texts []models.Text) {
	outs := make([]provider.Outgoing, len(texts))
	for i, t := range texts {
		outs[i] = provider.Outgoing{MessageID: int64(t.MessageID), To: t.Phone, Body: t.Body}
	}
	answers := f.way.adapter.Send(ctx, outs)
	f.mu.Lock()
	defer f.mu.Unlock()
	if spoiled(answers) {
		// One bad text must not fail all others of its request.
		half := len(texts) / 2
		f.parts = append(f.parts, texts[:half], texts[half:])
		return
	}
	for i, t := range texts {
		f.record(t, answers[i])
	}
	f.heed(answers)
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
	for _, b := range r.Inactive {
		f.inactive[b.ID] = b.Reason
	}
}

func (f *flight) waitingIDs() []models.MessageID {
	f.mu.Lock()
	defer f.mu.Unlock()
	ids := make([]models.MessageID, 0, len(f.waiting))
	for _, part := range append(f.parts[:len(f.parts):len(f.parts)], f.waiting, f.marked) {
		for _, t := range part {
			ids = append(ids, t.MessageID)
		}
	}
	return ids
}

// write settles what has been answered so far.
func (f *flight) write(ctx context.Context) error {
	f.mu.Lock()
	outcomes, blocked, slower := f.outcomes, f.blocked, f.slower
	f.outcomes, f.blocked, f.slower = nil, nil, 0
	f.mu.Unlock()
	err := f.d.Store.SettleMessages(ctx, f.batch.AccountID, outcomes)
	if err == nil && len(blocked) > 0 {
		err = f.d.Store.OptOutByProvider(ctx, f.batch.AccountID, blocked)
	}
	if err == nil && slower > 0 {
		err = f.d.Store.SlowDown(ctx, f.batch.AccountID, f.h.List.ID, slower)
	}
	if err != nil {
		f.mu.Lock()
		f.outcomes, f.blocked, f.slower = append(outcomes, f.outcomes...), append(blocked, f.blocked...), max(slower, f.slower)
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
func (f *flight) land(ctx context.Context) (landed bool, err error) {
	left := append(f.waitingIDs(), f.late...)
	for range landTries {
		if err = f.write(ctx); err == nil && f.mine {
			err = f.d.Store.ReleaseMessages(ctx, f.batch, f.holder, left)
		}
		if err == nil || fault.KindOf(err) != fault.Broken {
			break
		}
		sleep(ctx, landPause)
	}
	return len(left) == 0 && f.mine, err
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
