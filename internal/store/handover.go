package store

import (
	"cmp"
	"context"

	"trackly/models"
)

// Handover reads what the batches of a source have in common. Of a campaign from several
// lists the source says which list is meant; without one it is the first.
func (s *Store) Handover(ctx context.Context, src models.Source) (models.Handover, error) {
	h := models.Handover{Source: src, Creatives: map[int]models.Creative{}, Credentials: map[int]models.Credentials{}}
	var err error
	list := src.ListID
	if src.CampaignID != "" {
		if h.Campaign, err = s.Campaign(ctx, src.AccountID, src.CampaignID); err != nil {
			return h, err
		}
		list = cmp.Or(list, h.Campaign.ListID)
	}
	if h.List, err = s.List(ctx, src.AccountID, list); err != nil {
		return h, err
	}
	if h.Domains, err = s.LinkDomains(ctx, src.AccountID, h.List.ID); err != nil {
		return h, err
	}
	if h.Settings, err = s.Settings(ctx, src.AccountID); err != nil {
		return h, err
	}
	for _, r := range h.List.Routes {
		if h.Credentials[r.Rank], err = s.sealer.open(r); err != nil {
			return h, err
		}
	}
	for _, v := range h.Campaign.Variants {
		if h.Creatives[v.Number], err = s.Creative(ctx, src.AccountID, v.CreativeID); err != nil {
			return h, err
		}
	}
	return h, nil
}
