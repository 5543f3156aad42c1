package store

import (
	"context"

	"trackly/models"
)

// Handover reads what the batches of a campaign have in common.
func (s *Store) Handover(ctx context.Context, account models.AccountID, id models.CampaignID) (models.Handover, error) {
	c, err := s.Campaign(ctx, account, id)
	if err != nil {
		return models.Handover{}, err
	}
	h := models.Handover{Campaign: c, Creatives: map[int]models.Creative{}}
	if h.List, err = s.List(ctx, account, c.ListID); err != nil {
		return h, err
	}
	if h.ProviderToken, err = s.sealer.open(string(h.List.ID), h.List.ProviderToken); err != nil {
		return h, err
	}
	for _, v := range c.Variants {
		if h.Creatives[v.Number], err = s.Creative(ctx, account, v.CreativeID); err != nil {
			return h, err
		}
	}
	return h, nil
}
