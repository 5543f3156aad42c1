package activities

import (
	"context"
	"time"

	"github.com/google/uuid"

	"trackly/internal/fault"
	"trackly/internal/handover"
	"trackly/internal/provider"
	"trackly/models"
	"trackly/rules/shortcode"
)

// deliveryStore is what Delivery needs from the store, and nothing else.
type deliveryStore interface {
	Handover(ctx context.Context, account models.AccountID, id models.CampaignID) (models.Handover, error)
	TakeBatch(ctx context.Context, account models.AccountID, campaign models.CampaignID, number int, holder string) (models.Batch, error)
	QueuedMessages(ctx context.Context, account models.AccountID, id models.BatchID) ([]models.QueuedMessage, error)
	ClaimMessages(ctx context.Context, b models.Batch, holder string, texts []models.Text) ([]models.MessageID, error)
	SettleMessages(ctx context.Context, account models.AccountID, outcomes []models.Outcome) error
	ReleaseMessages(ctx context.Context, b models.Batch, holder string, ids []models.MessageID) error
	RightsOf(ctx context.Context, b models.Batch, holder string, claimed []models.MessageID) (models.Rights, error)
	OptOutByProvider(ctx context.Context, account models.AccountID, ids []models.MessageID) error
	Progress(ctx context.Context, account models.AccountID, id models.CampaignID) (models.Progress, error)
	UnknownMessages(ctx context.Context, account models.AccountID, campaign models.CampaignID, before time.Time, after models.MessageID, limit int) ([]models.UnknownMessage, error)
	RequeueAbsent(ctx context.Context, account models.AccountID, ids []models.MessageID) error
}

// tally counts what happened, for the metrics.
type tally interface {
	Message(provider string, outcome string)
}

// Delivery hands messages over to providers.
type Delivery struct {
	Store       deliveryStore
	Providers   provider.Registry
	Codes       *shortcode.Codec
	PublicURL   string // without a final slash: webhooks and, by default, links
	Tally       tally
	Air         Air           // bounds the texts in the air of this process
	SettleAfter time.Duration // an unknown message is asked after when it is this old
	Now         func() time.Time
}

// Air has a place for each text that may be in the air at once, whichever batch it is
// of. It is safe for concurrent use.
type Air chan struct{}

// NewAir bounds the texts in the air to n.
func NewAir(n int) Air { return make(Air, n) }

// SendBatchInput names a batch.
type SendBatchInput struct {
	CampaignRef
	Number int
}

// SendBatchResult says where the campaign stands after the batch. Halt is why nothing
// more may be sent before a person acted; empty means go on.
type SendBatchResult struct {
	Progress models.Progress
	Halt     string
}

// SendBatch hands over what is queued in a batch. A second run never sees the messages
// an earlier one settled; those it had claimed and not settled become unknown, because
// nobody here knows whether they went out.
func (d *Delivery) SendBatch(ctx context.Context, in SendBatchInput) (SendBatchResult, error) {
	halt, err := d.handOver(ctx, in)
	if err != nil {
		return SendBatchResult{}, err
	}
	p, err := d.Store.Progress(ctx, in.AccountID, in.CampaignID)
	return SendBatchResult{Progress: p, Halt: halt}, err
}

func (d *Delivery) handOver(ctx context.Context, in SendBatchInput) (halt string, err error) {
	h, err := d.Store.Handover(ctx, in.AccountID, in.CampaignID)
	if err != nil {
		return "", err
	}
	if why := refusal(h); why != "" {
		return why, nil
	}
	sender, err := d.dial(h)
	if err != nil {
		return "", err
	}
	holder := uuid.NewString()
	batch, err := d.Store.TakeBatch(ctx, in.AccountID, in.CampaignID, in.Number, holder)
	if err != nil {
		return "", err
	}
	texts, err := d.claim(ctx, h, batch, holder)
	if err != nil || len(texts) == 0 {
		return "", err
	}
	f := newFlight(d, h, sender, batch, holder, texts)
	return f.fly(ctx)
}

// refusal is why this campaign must wait for a person before it goes on.
func refusal(h models.Handover) string {
	if err := h.List.Ready(); err != nil {
		return err.Error()
	}
	for _, c := range h.Creatives {
		if err := c.Usable(); err != nil {
			return err.Error()
		}
	}
	return ""
}

func (d *Delivery) dial(h models.Handover) (provider.Adapter, error) {
	dialer, err := d.Providers.Dialer(h.List.Provider)
	if err != nil {
		return nil, err
	}
	return dialer.Dial(handover.AccountOf(h.List, h.ProviderToken, d.PublicURL)), nil
}

// claim renders what is queued and claims it. What cannot be rendered is not claimed.
func (d *Delivery) claim(ctx context.Context, h models.Handover, b models.Batch, holder string) ([]models.Text, error) {
	queued, err := d.Store.QueuedMessages(ctx, b.AccountID, b.ID)
	if err != nil || len(queued) == 0 {
		return nil, err
	}
	w, err := newWriter(h, d.Codes, d.PublicURL)
	if err != nil {
		return nil, err
	}
	texts := make([]models.Text, 0, len(queued))
	for _, q := range queued {
		t, err := w.write(q)
		if err != nil {
			return nil, err
		}
		texts = append(texts, t)
	}
	got, err := d.Store.ClaimMessages(ctx, b, holder, texts)
	if err != nil {
		return nil, err
	}
	return onlyClaimed(texts, got), nil
}

func onlyClaimed(texts []models.Text, got []models.MessageID) []models.Text {
	if len(got) == len(texts) {
		return texts
	}
	claimed := make(map[models.MessageID]bool, len(got))
	for _, id := range got {
		claimed[id] = true
	}
	kept := texts[:0]
	for _, t := range texts {
		if claimed[t.MessageID] {
			kept = append(kept, t)
		}
	}
	return kept
}

// throttled is the error a batch ends with when the provider asks us to stay away.
func throttled(wait time.Duration) error {
	return fault.After(wait, "the provider asks to slow down")
}
