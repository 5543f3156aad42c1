package api

import (
	"context"
	"net/http"
	"time"

	"trackly/internal/fault"
	"trackly/models"
)

// conversionStore reads conversions, and matches those that name nobody.
type conversionStore interface {
	Conversions(ctx context.Context, account models.AccountID, f models.ConversionFilter, after models.ConversionID, limit int) ([]models.Conversion, error)
	Conversion(ctx context.Context, account models.AccountID, id models.ConversionID) (models.Conversion, error)
	MatchConversion(ctx context.Context, account models.AccountID, id models.ConversionID, message models.MessageID, by string) (models.Conversion, error)
	Settings(ctx context.Context, account models.AccountID) (models.Settings, error)
}

func (s *Server) conversionViewRoutes() {
	get(s, operation(http.MethodGet, "/v1/conversions", "list-conversions", "conversions", "Read the conversions"), s.conversions)
	get(s, operation(http.MethodGet, "/v1/conversions/{id}", "get-conversion", "conversions", "Read a conversion"), s.conversion)
	match := operation(http.MethodPost, "/v1/conversions/{id}/match", "match-conversion", "conversions", "Credit a conversion to a message by hand")
	match.Description = "For what matched nothing, or nobody's click; all of its transaction goes with it. One that a click has earned stays there (409)."
	post(s, match, s.matchConversion)
}

// conversionView is a conversion as clients read it.
type conversionView struct {
	ID            string    `json:"id"`
	OfferID       string    `json:"offer_id"`
	Kind          string    `json:"kind" enum:"lead,sale,rebill,refund,chargeback,install,signup"`
	TransactionID string    `json:"transaction_id"`
	Source        string    `json:"source" enum:"postback,pixel,api,csv,tune" doc:"How we heard of it first."`
	At            time.Time `json:"at" doc:"When it happened."`
	ReceivedAt    time.Time `json:"received_at" doc:"When we heard of it."`
	Amount        moneyView `json:"amount" doc:"As it was told, or the payout."`
	Rate          string    `json:"rate,omitempty" doc:"At which the amount was converted; absent in the account's currency." example:"1.08"`
	Booked        moneyView `json:"booked" doc:"What the books make of it, in the account's currency: below 0 where it takes back."`
	State         string    `json:"state" enum:"credited,uncredited,unmatched,waiting" doc:"credited: a message earned it. uncredited: the person is known, but did not click in the offer's window. unmatched: it names nobody of ours. waiting: it takes back what nobody told of yet."`
	MessageID     string    `json:"message_id,omitempty" doc:"Credited."`
	ContactID     string    `json:"contact_id,omitempty" doc:"Credited."`
	ClickID       string    `json:"click_id,omitempty" doc:"That it names."`
	NamedMessage  string    `json:"named_message_id,omitempty" doc:"That it names."`
	MatchedBy     string    `json:"matched_by,omitempty" doc:"Who credited it by hand."`
	Repeats       int       `json:"repeats" doc:"How often it was told again."`
}

func conversionViewOf(c models.Conversion, currency string) conversionView {
	v := conversionView{
		ID: string(c.ID), OfferID: string(c.OfferID), Kind: string(c.Kind), TransactionID: c.TransactionID, Source: string(c.Source),
		At: c.At.UTC(), ReceivedAt: c.ReceivedAt.UTC(), Amount: moneyIn(c.Amount, c.Currency), Booked: moneyIn(c.Booked, currency),
		State: string(c.State), MatchedBy: c.MatchedBy, Repeats: c.Repeats,
	}
	if c.Currency != currency {
		v.Rate = c.Rate.String()
	}
	if c.MessageID != nil {
		v.MessageID = c.MessageID.String()
	}
	if c.SubscriptionID != nil {
		v.ContactID = number(int64(*c.SubscriptionID))
	}
	if c.ClickID != nil {
		v.ClickID = *c.ClickID
	}
	if c.NamedMessage != nil {
		v.NamedMessage = c.NamedMessage.String()
	}
	return v
}

func (s *Server) conversions(ctx context.Context, in *struct {
	Paging
	OfferID string `query:"offer_id" doc:"Only this offer's."`
	State   string `query:"state" enum:"credited,uncredited,unmatched,waiting" doc:"Only those in this state."`
	Kind    string `query:"kind" enum:"lead,sale,rebill,refund,chargeback,install,signup" doc:"Only those of this kind."`
},
) (*reply[Page[conversionView]], error) {
	after, err := afterID[models.ConversionID](in.Paging)
	if err != nil {
		return nil, err
	}
	f := models.ConversionFilter{OfferID: models.OfferID(in.OfferID), State: models.ConversionState(in.State), Kind: models.ConversionKind(in.Kind)}
	rows, err := s.store.Conversions(ctx, accountOf(ctx), f, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	settings, err := s.store.Settings(ctx, accountOf(ctx))
	if err != nil {
		return nil, err
	}
	view := func(c models.Conversion) conversionView { return conversionViewOf(c, settings.Currency) }
	return pageOf(rows, in.Limit, view, func(c models.Conversion) string { return string(c.ID) }), nil
}

func (s *Server) conversion(ctx context.Context, in *OnID) (*reply[conversionView], error) {
	c, err := s.store.Conversion(ctx, accountOf(ctx), models.ConversionID(in.ID))
	if err != nil {
		return nil, err
	}
	return s.conversionAnswer(ctx, c)
}

func (s *Server) conversionAnswer(ctx context.Context, c models.Conversion) (*reply[conversionView], error) {
	settings, err := s.store.Settings(ctx, c.AccountID)
	if err != nil {
		return nil, err
	}
	return &reply[conversionView]{Body: conversionViewOf(c, settings.Currency)}, nil
}

// newMatch says what earned a conversion.
type newMatch struct {
	MessageID string `json:"message_id" maxLength:"19" doc:"The text that earned it."`
}

func (s *Server) matchConversion(ctx context.Context, in *postingTo, body newMatch, bad *fault.Problems) (*reply[conversionView], error) {
	// What is not the account's is not there, whatever else is wrong.
	if _, err := s.store.Conversion(ctx, accountOf(ctx), models.ConversionID(in.ID)); err != nil {
		return nil, err
	}
	message, err := numberOf[models.MessageID](body.MessageID, "message")
	if err != nil {
		_ = add(bad, complaint("message_id", "is not a message of this account"), nil)
	}
	if err := bad.Err("the match"); err != nil {
		return nil, err
	}
	c, err := s.store.MatchConversion(ctx, accountOf(ctx), models.ConversionID(in.ID), message, actorOf(ctx))
	if err != nil {
		return nil, err
	}
	return s.conversionAnswer(ctx, c)
}
