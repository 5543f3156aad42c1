package activities

import (
	"context"
	"time"

	"github.com/google/uuid"

	"trackly/internal/handover"
	"trackly/internal/provider"
	"trackly/models"
	"trackly/rules/pace"
	"trackly/rules/price"
	"trackly/rules/quiethours"
	"trackly/rules/shortcode"
)

// deliveryStore is what handing over needs from the store, and nothing else.
type deliveryStore interface {
	Handover(ctx context.Context, src models.Source) (models.Handover, error)
	TakeBatch(ctx context.Context, src models.Source, number int, holder string) (models.Batch, error)
	QueuedMessages(ctx context.Context, b models.Batch) ([]models.QueuedMessage, error)
	Decide(ctx context.Context, b models.Batch, holder string, all []models.Decision) error
	Reserve(ctx context.Context, r pace.Order) (pace.Places, error)
	SlowDown(ctx context.Context, account models.AccountID, list models.ListID, wait time.Duration) error
	Postpone(ctx context.Context, b models.Batch, holder string, wait time.Duration) error
	SetAside(ctx context.Context, b models.Batch, holder string, wait time.Duration) (bool, error)
	ClaimMessages(ctx context.Context, c models.Claim) ([]models.MessageID, error)
	MarkCalled(ctx context.Context, b models.Batch, holder string, ids []models.MessageID) ([]models.MessageID, error)
	SettleMessages(ctx context.Context, account models.AccountID, outcomes []models.Outcome) error
	ReleaseMessages(ctx context.Context, b models.Batch, holder string, ids []models.MessageID) error
	RightsOf(ctx context.Context, b models.Batch, holder string, claimed []models.MessageID) (models.Rights, error)
	OptOutByProvider(ctx context.Context, account models.AccountID, ids []models.MessageID) error
	Progress(ctx context.Context, src models.Source) (models.Progress, error)
	routeStore
	unknownStore
}

// tally counts what happened, for the metrics.
type tally interface {
	Message(provider string, outcome string)
}

// Delivery hands messages over to providers.
type Delivery struct {
	Store     deliveryStore
	Providers provider.Registry
	Codes     *shortcode.Codec
	Door      handover.Door
	Hours     *quiethours.Table
	Clock     Clock // what quiet hours are judged by
	Prices    price.Book
	Tally     tally
	Air       Air // bounds the requests in the air of this process
	// SettleAfter is the age at which an unknown message is asked after; GiveUpAfter the
	// one at which nobody waits any more for a provider that cannot be asked.
	SettleAfter, GiveUpAfter time.Duration
	Now                      func() time.Time
}

// Air has a place for each request that may be in the air at once, whichever batch it is
// of. It is safe for concurrent use.
type Air chan struct{}

// NewAir bounds the requests in the air to n.
func NewAir(n int) Air { return make(Air, n) }

// SendBatchInput names a batch: of a campaign, or with ListID of single texts.
type SendBatchInput struct {
	CampaignRef
	ListID models.ListID
	Number int
}

func (in SendBatchInput) source() models.Source {
	return models.Source{AccountID: in.AccountID, CampaignID: in.CampaignID, ListID: in.ListID}
}

// SendBatchResult says where the source stands after the batch. Halt is why nothing
// more may be sent before a person acted; empty means go on.
type SendBatchResult struct {
	Progress models.Progress
	Halt     string
	Paced    bool // the list has a pace: more batches at once would only wait
}

// SendBatch hands over what is queued in a batch, as far as it may go out now. A second
// run never sees the messages an earlier one settled; those it had claimed and not settled
// become unknown, because nobody here knows whether they went out.
func (d *Delivery) SendBatch(ctx context.Context, in SendBatchInput) (SendBatchResult, error) {
	defer alive(ctx)()
	halt, paced, err := d.handOver(ctx, in)
	if err != nil {
		return SendBatchResult{}, err
	}
	p, err := d.Store.Progress(ctx, in.source())
	return SendBatchResult{Progress: p, Halt: halt, Paced: paced}, err
}

// tripLimit is how long one activity goes on with a batch that is slow to send: then its
// place is for another batch's.
const tripLimit = 2 * time.Minute

// asideFor is how long a list that waits for a person is left alone, while the campaign
// goes on with its others.
const asideFor = 5 * time.Minute

func (d *Delivery) handOver(ctx context.Context, in SendBatchInput) (halt string, paced bool, err error) {
	t := newTrip(d, uuid.NewString())
	// Only the batch says which of a campaign's lists it is of.
	if t.batch, err = d.Store.TakeBatch(ctx, in.source(), in.Number, t.holder); err != nil {
		return "", false, err
	}
	// Each leg hands over what the pace has places for, and knows what is left.
	for began := d.Now(); ; {
		if t.h, err = d.Store.Handover(ctx, t.batch.Source); err != nil {
			return "", false, err
		}
		if why := unusable(t.h); why != "" {
			return why, t.paced(), nil
		}
		if err := t.h.List.Ready(); err != nil {
			t.halt = err.Error()
			return t.halted(ctx)
		}
		more, err := t.leg(ctx)
		if err != nil {
			return t.halt, t.paced(), err
		}
		if !more || d.Now().Sub(began) > tripLimit || ctx.Err() != nil || stopping(ctx) {
			return t.halted(ctx)
		}
	}
}

// unusable is why the whole source must wait for a person: none of its lists could send it.
func unusable(h models.Handover) string {
	for _, c := range h.Creatives {
		if err := c.Usable(); err != nil {
			return err.Error()
		}
	}
	return ""
}

func (d *Delivery) dial(h models.Handover, r models.Route) (provider.Adapter, provider.Capabilities, error) {
	dialer, err := d.Providers.Dialer(r.Provider)
	if err != nil {
		return nil, provider.Capabilities{}, err
	}
	return dialer.Dial(d.Door.AccountOf(r, h.Credentials[r.Rank])), dialer.Capabilities(), nil
}
