package activities

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/errgroup"

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
	h, err := d.Store.Handover(ctx, in.source())
	if err != nil {
		return SettleResult{}, err
	}
	q := questions{d: d, h: h, in: in, adapters: map[int]provider.Adapter{}}
	var after models.MessageID
	for {
		rows, err := d.Store.UnknownMessages(ctx, h.Source, d.Now().Add(-d.SettleAfter), after, unknownsAtATime)
		if err != nil {
			return SettleResult{}, err
		}
		if len(rows) == 0 {
			p, err := d.Store.Progress(ctx, h.Source)
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
	d        *Delivery
	h        models.Handover
	in       SettleInput
	adapters map[int]provider.Adapter // by rank; nil: cannot be asked
	givenUp  int64
}

// adapter is the route's by which the message went, or nil when that one cannot be asked.
func (q *questions) adapter(rank int) (provider.Adapter, error) {
	if a, known := q.adapters[rank]; known {
		return a, nil
	}
	r, ok := models.RouteOf(q.h.List.Routes, max(rank, 1))
	if !ok {
		q.adapters[rank] = nil
		return nil, nil
	}
	a, caps, err := q.d.dial(q.h, r)
	if err != nil {
		return nil, err
	}
	if !caps.FindsTexts {
		a = nil
	}
	q.adapters[rank] = a
	return a, nil
}

// ask asks about each message and writes what was learnt, also when some of the
// questions failed.
func (q *questions) ask(ctx context.Context, rows []models.UnknownMessage) error {
	var mu sync.Mutex
	var found []models.Outcome
	var absent []models.MessageID
	var g errgroup.Group
	g.SetLimit(asksAtATime)
	for _, m := range rows {
		a, err := q.adapter(m.Route)
		if err != nil {
			return err
		}
		if a == nil || m.Phone == "" {
			if m.UnknownAt.Before(q.d.Now().Add(-q.d.GiveUpAfter)) {
				q.givenUp++
			}
			continue
		}
		g.Go(func() error {
			f, err := a.Find(ctx, provider.Query{
				MessageID: int64(m.ID), ProviderID: m.ProviderID, To: m.Phone, Body: m.Body, ClaimedAt: *m.ClaimedAt,
			})
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			if o, ok := verdict(q.in, m, f); ok {
				found = append(found, o)
			} else {
				absent = append(absent, m.ID)
			}
			return nil
		})
	}
	asked := g.Wait()
	ctx = context.WithoutCancel(ctx) // what was learnt is kept, also by an activity told to stop
	if err := q.d.Store.SettleMessages(ctx, q.in.AccountID, found); err != nil {
		return err
	}
	if err := q.d.Store.RequeueAbsent(ctx, q.in.AccountID, absent); err != nil {
		return err
	}
	return asked
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
