package api

import (
	"context"
	"net/http"
	"slices"
	"time"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/conversion"
	"trackly/rules/price"
)

// rateStore keeps what other currencies are worth.
type rateStore interface {
	SetRate(ctx context.Context, account models.AccountID, r models.Rate) (models.Rate, error)
	Rates(ctx context.Context, account models.AccountID) ([]models.Rate, error)
	Settings(ctx context.Context, account models.AccountID) (models.Settings, error)
}

func (s *Server) rateRoutes() {
	put := operation(http.MethodPut, "/v1/rates/{currency}", "set-rate", "rates", "Say what another currency is worth")
	put.Description = "Conversions in that currency are refused before. What is booked stays at the rate it was booked at."
	post(s, put, s.setRate)
	get(s, operation(http.MethodGet, "/v1/rates/{currency}", "get-rate", "rates", "Read what another currency is worth"), s.rate)
	get(s, operation(http.MethodGet, "/v1/rates", "list-rates", "rates", "Read what other currencies are worth"), s.rates)
}

// onCurrency addresses a rate.
type onCurrency struct {
	Currency string `path:"currency" doc:"ISO 4217, in capital letters." example:"EUR"`
}

type settingRate struct {
	Currency string `path:"currency" doc:"ISO 4217, in capital letters." example:"EUR"`
	Request  sent
}

func (s *settingRate) body() *sent { return &s.Request }

type newRate struct {
	Rate string `json:"rate" doc:"Of the account's currency, for one unit; at most six decimals." example:"1.08"`
}

type rateView struct {
	Currency  string    `json:"currency" example:"EUR"`
	Rate      string    `json:"rate" doc:"Of the account's currency, for one unit." example:"1.08"`
	ChangedAt time.Time `json:"changed_at"`
}

type ratesView struct {
	Items []rateView `json:"items" nullable:"false"`
}

func rateViewOf(r models.Rate) rateView {
	return rateView{Currency: r.Currency, Rate: r.Rate.String(), ChangedAt: r.ChangedAt.UTC()}
}

func (s *Server) setRate(ctx context.Context, in *settingRate, body newRate, bad *fault.Problems) (*reply[rateView], error) {
	settings, err := s.store.Settings(ctx, accountOf(ctx))
	if err != nil {
		return nil, err
	}
	switch {
	case !models.KnownCurrency(in.Currency):
		bad.Add("path.currency", "must be a currency of ISO 4217, such as EUR")
	case in.Currency == settings.Currency:
		bad.Add("path.currency", "is the account's own currency")
	}
	var rate price.Micros
	setMoney(&rate, &body.Rate, "rate", bad)
	if len(*bad) == 0 && (rate <= 0 || rate > conversion.MostRate) {
		bad.Add("rate", "must be more than 0 and at most %s", conversion.MostRate)
	}
	if err := bad.Err("the rate"); err != nil {
		return nil, err
	}
	r, err := s.store.SetRate(ctx, accountOf(ctx), models.Rate{Currency: in.Currency, Rate: rate})
	if err != nil {
		return nil, err
	}
	return &reply[rateView]{Body: rateViewOf(r)}, nil
}

func (s *Server) rates(ctx context.Context, _ *struct{}) (*reply[ratesView], error) {
	all, err := s.store.Rates(ctx, accountOf(ctx))
	if err != nil {
		return nil, err
	}
	v := ratesView{Items: make([]rateView, len(all))}
	for i, r := range all {
		v.Items[i] = rateViewOf(r)
	}
	return &reply[ratesView]{Body: v}, nil
}

func (s *Server) rate(ctx context.Context, in *onCurrency) (*reply[rateView], error) {
	all, err := s.store.Rates(ctx, accountOf(ctx))
	if err != nil {
		return nil, err
	}
	i := slices.IndexFunc(all, func(r models.Rate) bool { return r.Currency == in.Currency })
	if i < 0 {
		return nil, fault.New(fault.NotFound, "no such rate")
	}
	return &reply[rateView]{Body: rateViewOf(all[i])}, nil
}
