package activities

import (
	"context"
	"fmt"
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
	if c.OnFull != models.FullPauses && c.OnFull != models.FullSwaps {
		return "", nil
	}
	now := t.d.Now()
	rooms, err := t.d.Store.OfferRooms(ctx, c.AccountID, c.ID, now)
	if err != nil {
		return "", err
	}
	full := map[int]string{} // by variant
	for _, r := range rooms {
		if why := r.Full(now); why != "" && full[r.Variant] == "" {
			full[r.Variant] = why
		}
	}
	spare, has := c.Spare()
	for _, v := range c.Variants {
		why := full[v.Number]
		switch {
		case why == "" || v.Spare:
		case c.OnFull == models.FullPauses || !has:
			return why, nil
		case full[spare.Number] != "":
			return fmt.Sprintf("%s; and for the spare creative: %s", why, full[spare.Number]), nil
		default:
			note := fmt.Sprintf("campaign %q sends %q instead of %q: %s", c.Name, spare.Name, v.Name, why)
			if err := t.d.Store.Swap(ctx, t.batch, t.holder, v.Number, spare.Number, note); err != nil {
				return "", err
			}
		}
	}
	return "", nil
}
