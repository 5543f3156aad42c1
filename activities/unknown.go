package activities

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

	"trackly/internal/fault"
	"trackly/internal/handover"
	"trackly/internal/provider"
	"trackly/models"
)

const (
	unknownsAtATime = 500
	asksAtATime     = 8
	// absencesAllowed is how often a message may go back to the queue because the
	// provider has no record of it.
	absencesAllowed = 3
)

// unknownStore is the part of the store that knows messages nobody had an answer for.
type unknownStore interface {
	UnknownMessages(ctx context.Context, src models.Source, before time.Time, after models.MessageID, limit int) ([]models.UnknownMessage, error)
	RequeueAbsent(ctx context.Context, account models.AccountID, ids []models.MessageID) error
}

// SettleInput names a source. Requeue says whether a message the provider has no record
// of may still go out; a cancelled campaign's may not.
type SettleInput struct {
	CampaignRef
	ListID  models.ListID
	Requeue bool
}

func (in SettleInput) source() models.Source {
	return models.Source{AccountID: in.AccountID, CampaignID: in.CampaignID, ListID: in.ListID}
}

// SettleResult says where the source stands. GivenUp messages stay unknown unless a
// callback still comes: their provider cannot be asked, and had its time to call.
type SettleResult struct {
	models.Progress
	GivenUp int64
}

// SettleUnknown asks the providers about messages whose answer never came. One the
// provider has is settled by its status. One it has no record of, asked later than the
// longest life of a request, was never accepted: it goes back to the queue, because
// nobody may be forgotten, and only so often, because something is wrong with it. One
// whose provider cannot be asked waits for its callback. A second run asks again about
// what is still unknown.
func (d *Delivery) SettleUnknown(ctx context.Context, in SettleInput) (SettleResult, error) {
	defer alive(ctx)()
	q := questions{d: d, in: in, lists: map[models.ListID]models.Handover{}, routes: map[carrier]*asked{}}
	var after models.MessageID
	for {
		rows, err := d.Store.UnknownMessages(ctx, in.source(), d.Now().Add(-d.SettleAfter), after, unknownsAtATime)
		if err != nil {
			return SettleResult{}, err
		}
		if len(rows) == 0 {
			p, err := d.Store.Progress(ctx, in.source())
			return SettleResult{Progress: p, GivenUp: q.givenUp}, err
		}
		if err := q.ask(ctx, rows); err != nil {
			return SettleResult{}, err
		}
		after = rows[len(rows)-1].ID
	}
}

// questions are those of one run.
type questions struct {
	d       *Delivery
	in      SettleInput
	lists   map[models.ListID]models.Handover
	routes  map[carrier]*asked
	givenUp int64
}

// carrier names a list's route.
type carrier struct {
	list models.ListID
	rank int
}

// asked is a route that is asked after what it carried.
type asked struct {
	models.Route
	provider.Adapter // nil: cannot be asked

	mu     sync.Mutex
	silent bool // does not answer now: the others need not wait for that again
}

func (a *asked) away() bool {
	a.mu.Lock()
	defer a.mu.Unlock()
	return a.silent
}

func (a *asked) fails() {
	a.mu.Lock()
	defer a.mu.Unlock()
	a.silent = true
}

// route is the one by which the message went, as far as it can be asked. An account that
// took its rank later never had the message: its ignorance proves nothing.
func (q *questions) route(ctx context.Context, m models.UnknownMessage) (*asked, error) {
	by := carrier{m.ListID, max(m.Route, 1)}
	a, known := q.routes[by]
	if !known {
		a = &asked{}
		if err := q.dial(ctx, a, by); err != nil {
			return nil, err
		}
		q.routes[by] = a
	}
	if a.Adapter == nil || m.Phone == "" || m.ClaimedAt == nil || m.ClaimedAt.Before(a.CreatedAt) {
		return nil, nil
	}
	return a, nil
}

func (q *questions) dial(ctx context.Context, a *asked, by carrier) error {
	h, known := q.lists[by.list]
	if !known {
		src := q.in.source()
		src.ListID = by.list
		var err error
		if h, err = q.d.Store.Handover(ctx, src); err != nil {
			return err
		}
		q.lists[by.list] = h
	}
	r, ok := models.RouteOf(h.List.Routes, by.rank)
	if !ok || r.State == models.RouteBlocked {
		return nil // a person must act; what it carried waits for that
	}
	adapter, caps, err := q.d.dial(h, r)
	if err != nil {
		return err
	}
	if a.Route = r; caps.FindsTexts {
		a.Adapter = adapter
	}
	return nil
}

// ask asks about each message and writes what was learnt, also when some of the
// questions failed.
func (q *questions) ask(ctx context.Context, rows []models.UnknownMessage) error {
	var l lessons
	var g errgroup.Group
	g.SetLimit(asksAtATime)
	for _, m := range rows {
		a, err := q.route(ctx, m)
		switch {
		case err != nil:
			g.Go(func() error { return err })
		case a == nil:
			q.wait(m)
		default:
			g.Go(func() error { return l.learn(ctx, q.in, m, a) })
		}
	}
	failed := g.Wait()
	ctx = context.WithoutCancel(ctx) // what was learnt is kept, also by an activity told to stop
	if err := q.d.Store.SettleMessages(ctx, q.in.AccountID, l.found); err != nil {
		return err
	}
	if err := q.d.Store.RequeueAbsent(ctx, q.in.AccountID, l.absent); err != nil {
		return err
	}
	return failed
}

// wait gives up a message that nobody can be asked about, once a callback had its time.
func (q *questions) wait(m models.UnknownMessage) {
	if m.UnknownAt.Before(q.d.Now().Add(-q.d.GiveUpAfter)) {
		q.givenUp++
	}
}

// lessons are what one round of questions taught. It is safe for concurrent use.
type lessons struct {
	mu     sync.Mutex
	found  []models.Outcome
	absent []models.MessageID
}

// learn asks about one message. A provider that does not answer just now teaches nothing,
// and keeps nothing else waiting: it is asked again in a later round.
func (l *lessons) learn(ctx context.Context, in SettleInput, m models.UnknownMessage, a *asked) error {
	if a.away() {
		return nil
	}
	f, err := a.Find(ctx, provider.Query{
		MessageID: int64(m.ID), ProviderID: m.ProviderID, To: m.Phone, Body: m.Body, ClaimedAt: *m.ClaimedAt,
	})
	switch {
	case err != nil && (fault.KindOf(err) == fault.Broken || fault.KindOf(err) == fault.Throttled):
		a.fails()
		return nil
	case err != nil:
		return err
	}
	l.mu.Lock()
	defer l.mu.Unlock()
	if o, ok := verdict(in, m, f); ok {
		l.found = append(l.found, o)
	} else {
		l.absent = append(l.absent, m.ID)
	}
	return nil
}

// verdict is what a finding means; false means the message goes back to the queue.
func verdict(in SettleInput, m models.UnknownMessage, f provider.Finding) (models.Outcome, bool) {
	if f.Found {
		f.Report.MessageID = int64(m.ID)
		if o, ok := handover.OutcomeOf(f.Report); ok {
			return o, true
		}
		// The provider has it, in a state we have no word for: it was accepted.
		return models.Outcome{MessageID: m.ID, State: models.MessageSent, ProviderID: f.Report.ProviderID}, true
	}
	switch {
	case !in.Requeue:
		return models.Outcome{MessageID: m.ID, State: models.MessageSkipped, Reason: models.ReasonCancelled}, true
	case m.Absences >= absencesAllowed:
		return models.Outcome{MessageID: m.ID, State: models.MessageFailed, Reason: models.ReasonNeverAccepted}, true
	}
	return models.Outcome{}, false
}
