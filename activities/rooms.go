package activities

import (
	"context"
	"time"

	"trackly/models"
)

// roomStore knows what offers can still take.
type roomStore interface {
	OfferRooms(ctx context.Context, account models.AccountID, id models.CampaignID, at time.Time) ([]models.OfferRoom, error)
	Swap(ctx context.Context, b models.Batch, holder string, from, to int, why string) error
}

// watch keeps a campaign from spending on offers that cannot pay for it: it says why the
// campaign must pause, or gives what is queued to the spare variant. It is asked before
// each leg, so that a cap holds within what is in flight.
func (t *trip) watch(ctx context.Context) (halt string, err error) {
	c := t.h.Campaign
	if !c.Watches() {
		return "", nil
	}
	now := t.d.Now()
	rooms, err := t.d.Store.OfferRooms(ctx, c.AccountID, c.ID, now)
	if err != nil {
		return "", err
	}
	halt, swaps := c.Heed(rooms, now)
	for _, s := range swaps {
		if err := t.d.Store.Swap(ctx, t.batch, t.holder, s.From, s.To, s.Why); err != nil {
			return "", err
		}
	}
	return halt, nil
}
