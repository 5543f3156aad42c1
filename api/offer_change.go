package api

import (
	"context"
	"strconv"

	"trackly/internal/fault"
	"trackly/models"
)

func (s *Server) changeOffer(ctx context.Context, in *changingOffer, body OfferSettings, bad *fault.Problems) (*reply[offerView], error) {
	o, err := s.store.ChangeOffer(ctx, accountOf(ctx), models.OfferID(in.ID), actorOf(ctx), func(o *models.Offer) error {
		found := append(fault.Problems{}, *bad...) // anew, should the store try again
		body.apply(o, &found)
		if err := add(&found, o.Check(), offerPlace); err != nil {
			return err
		}
		return found.Err("the offer")
	})
	if err != nil {
		return nil, err
	}
	return s.offerAnswer(ctx, o, "")
}

func (s *Server) deleteOffer(ctx context.Context, in *OnID) (*struct{}, error) {
	_, err := s.store.ChangeOffer(ctx, accountOf(ctx), models.OfferID(in.ID), actorOf(ctx), func(o *models.Offer) error {
		o.Status = models.OfferArchived
		return nil
	})
	return nil, err
}

func (s *Server) rotateSecret(ctx context.Context, in *postingTo, _ nothing, bad *fault.Problems) (*reply[offerView], error) {
	if err := bad.Err("the request"); err != nil {
		return nil, err
	}
	secret := models.NewOfferSecret()
	o, err := s.store.ChangeOffer(ctx, accountOf(ctx), models.OfferID(in.ID), actorOf(ctx), func(o *models.Offer) error {
		o.SecretHash = models.HashOfferSecret(secret)
		return nil
	})
	if err != nil {
		return nil, err
	}
	return s.offerAnswer(ctx, o, secret)
}

func (s *Server) offerChanges(ctx context.Context, in *struct {
	OnID
	Paging
},
) (*reply[Page[offerChangeView]], error) {
	after, err := afterNumber[int64](in.Paging)
	if err != nil {
		return nil, err
	}
	o, err := s.store.Offer(ctx, accountOf(ctx), models.OfferID(in.ID))
	if err != nil {
		return nil, err
	}
	rows, err := s.store.OfferChanges(ctx, o.AccountID, o.ID, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return pageOf(rows, in.Limit, offerChangeViewOf, func(c models.OfferChange) string { return strconv.FormatInt(c.ID, 10) }), nil
}
