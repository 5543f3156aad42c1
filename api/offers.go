package api

import (
	"context"
	"net/http"
	"time"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/postback"
)

// offerStore keeps offers.
type offerStore interface {
	AddOffer(ctx context.Context, o models.Once, offer models.Offer) (models.Offer, error)
	Offer(ctx context.Context, account models.AccountID, id models.OfferID) (models.Offer, error)
	Offers(ctx context.Context, account models.AccountID, after models.OfferID, limit int) ([]models.Offer, error)
	OfferUse(ctx context.Context, account models.AccountID, id models.OfferID, now time.Time) (models.OfferUse, error)
	OfferChanges(ctx context.Context, account models.AccountID, id models.OfferID, after int64, limit int) ([]models.OfferChange, error)
	ChangeOffer(ctx context.Context, account models.AccountID, id models.OfferID, by string, change func(*models.Offer) error) (models.Offer, error)
	Settings(ctx context.Context, account models.AccountID) (models.Settings, error)
}

func (s *Server) offerRoutes() {
	create := operation(http.MethodPost, "/v1/offers", "create-offer", "offers", "Create an offer")
	create.Description = "The answer holds the secret of its postbacks, for the only time. A repetition with the same Idempotency-Key does not."
	create.DefaultStatus = http.StatusCreated
	post(s, create, s.createOffer)
	get(s, operation(http.MethodGet, "/v1/offers", "list-offers", "offers", "Read the offers"), s.offers)
	get(s, operation(http.MethodGet, "/v1/offers/{id}", "get-offer", "offers", "Read an offer, with what it has used of its caps today"), s.offer)
	change := operation(http.MethodPatch, "/v1/offers/{id}", "change-offer", "offers", "Change an offer")
	change.Description = "What is left out stays as it is. What has been earned stays too: a new payout is for what comes in from now on."
	post(s, change, s.changeOffer)
	remove := operation(http.MethodDelete, "/v1/offers/{id}", "delete-offer", "offers", "Archive an offer")
	remove.Description = "It takes no more clicks: links in texts that were sent lead to its fallback. Conversions still come in."
	remove.DefaultStatus = http.StatusNoContent
	get(s, remove, s.deleteOffer)
	get(s, operation(http.MethodGet, "/v1/offers/{id}/changes", "list-offer-changes", "offers", "See who changed what of an offer"), s.offerChanges)
	rotate := operation(http.MethodPost, "/v1/offers/{id}/secret", "rotate-offer-secret", "offers", "Take a new secret for an offer's postbacks")
	rotate.Description = "The old one opens nothing any more. The answer holds the new one, for the only time."
	post(s, rotate, s.rotateSecret)
}

func (s *Server) createOffer(ctx context.Context, in *Posting, body newOffer, bad *fault.Problems) (*created[offerView], error) {
	o := models.Offer{
		ID: models.NewID[models.OfferID](), AccountID: accountOf(ctx), Name: body.Name, URL: body.URL, Network: models.NetworkNone,
		PayoutType: models.PayoutType(body.PayoutType), WindowDays: 30, Status: models.OfferActive,
	}
	settings, err := s.store.Settings(ctx, o.AccountID)
	if err != nil {
		return nil, err
	}
	o.Zone = settings.Zone
	body.apply(&o, bad)
	if err := add(bad, o.Check(), offerPlace); err != nil {
		return nil, err
	}
	if err := bad.Err("the offer"); err != nil {
		return nil, err
	}
	secret := models.NewOfferSecret()
	o.SecretHash = models.HashOfferSecret(secret)
	stored, err := s.store.AddOffer(ctx, in.once(), o)
	if err != nil {
		return nil, err
	}
	if stored.ID != o.ID { // a repetition: the first one's secret is known to nobody any more
		secret = ""
	}
	return &created[offerView]{Location: "/v1/offers/" + string(stored.ID), Body: s.offerView(stored, settings.Currency, secret)}, nil
}

func (s *Server) offers(ctx context.Context, in *struct{ Paging }) (*reply[Page[offerView]], error) {
	after, err := afterID[models.OfferID](in.Paging)
	if err != nil {
		return nil, err
	}
	rows, err := s.store.Offers(ctx, accountOf(ctx), after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	settings, err := s.store.Settings(ctx, accountOf(ctx))
	if err != nil {
		return nil, err
	}
	view := func(o models.Offer) offerView { return s.offerView(o, settings.Currency, "") }
	return pageOf(rows, in.Limit, view, func(o models.Offer) string { return string(o.ID) }), nil
}

func (s *Server) offer(ctx context.Context, in *OnID) (*reply[offerView], error) {
	o, err := s.store.Offer(ctx, accountOf(ctx), models.OfferID(in.ID))
	if err != nil {
		return nil, err
	}
	use, err := s.store.OfferUse(ctx, o.AccountID, o.ID, s.now())
	if err != nil {
		return nil, err
	}
	v, err := s.offerAnswer(ctx, o, "")
	if err != nil {
		return nil, err
	}
	v.Body.Today = &offerUseView{Day: use.Day.Format(time.DateOnly), Clicks: use.Clicks, Conversions: use.Conversions}
	return v, nil
}

// offerAnswer is one offer, in the account's currency.
func (s *Server) offerAnswer(ctx context.Context, o models.Offer, secret string) (*reply[offerView], error) {
	settings, err := s.store.Settings(ctx, o.AccountID)
	if err != nil {
		return nil, err
	}
	return &reply[offerView]{Body: s.offerView(o, settings.Currency, secret)}, nil
}

// postbackURL is what to paste at the network. Without its secret it has a mark in its
// place.
func (s *Server) postbackURL(o models.Offer, secret string) string {
	if secret == "" {
		secret = "SECRET"
	}
	return s.door.PublicURL + "/postback/" + secret + "?" + postback.Template(string(o.Network), o.URL, o.PayoutType == models.PaysShare)
}

// pixelURL is what to put on the advertiser's page; empty for an offer without a pixel.
func (s *Server) pixelURL(o models.Offer) string {
	if !o.Pixel {
		return ""
	}
	return s.door.PublicURL + "/pixel/" + string(o.ID) + ".gif?click_id="
}
