package activities

import (
	"context"
	"sync"

	"go.temporal.io/sdk/activity"
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

// SettleInput names a campaign. Requeue says whether a message the provider has no
// record of may still go out; a cancelled campaign's may not.
type SettleInput struct {
	CampaignRef
	Requeue bool
}

// SettleUnknown asks the provider about messages whose answer never came. One the
// provider has is settled by its status. One it has no record of, asked later than the
// longest life of a request, was never accepted: it goes back to the queue, because
// nobody may be forgotten, and only so often, because something is wrong with it. A
// second run asks again about what is still unknown.
func (d *Delivery) SettleUnknown(ctx context.Context, in SettleInput) (models.Progress, error) {
	h, err := d.Store.Handover(ctx, in.AccountID, in.CampaignID)
	if err != nil {
		return models.Progress{}, err
	}
	sender, err := d.dial(h)
	if err != nil {
		return models.Progress{}, err
	}
	var after models.MessageID
	for {
		rows, err := d.Store.UnknownMessages(ctx, in.AccountID, in.CampaignID, d.Now().Add(-d.SettleAfter), after, unknownsAtATime)
		if err != nil {
			return models.Progress{}, err
		}
		if len(rows) == 0 {
			return d.Store.Progress(ctx, in.AccountID, in.CampaignID)
		}
		if err := d.ask(ctx, in, sender, rows); err != nil {
			return models.Progress{}, err
		}
		after = rows[len(rows)-1].ID
	}
}

// ask asks about each message and writes what was learnt, also when some of the
// questions failed.
func (d *Delivery) ask(ctx context.Context, in SettleInput, sender provider.Sender, rows []models.UnknownMessage) error {
	var mu sync.Mutex
	var found []models.Outcome
	var absent []models.MessageID
	var g errgroup.Group
	g.SetLimit(asksAtATime)
	for _, m := range rows {
		g.Go(func() error {
			// A page of questions takes longer than the engine waits for a sign of life.
			activity.RecordHeartbeat(ctx)
			f, err := sender.Find(ctx, provider.Query{To: m.Phone, Body: m.Body, ClaimedAt: *m.ClaimedAt})
			if err != nil {
				return err
			}
			mu.Lock()
			defer mu.Unlock()
			if o, ok := verdict(in, m, f); ok {
				found = append(found, o)
			} else {
				absent = append(absent, m.ID)
			}
			return nil
		})
	}
	asked := g.Wait()
	activity.RecordHeartbeat(ctx)
	ctx = context.WithoutCancel(ctx) // what was learnt is kept, also by an activity told to stop
	if err := d.Store.SettleMessages(ctx, in.AccountID, found); err != nil {
		return err
	}
	if err := d.Store.RequeueAbsent(ctx, in.AccountID, absent); err != nil {
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
