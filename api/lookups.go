package api

import (
	"context"
	"net/http"
	"time"

	"trackly/models"
	"trackly/rules/price"
)

// lookupStore counts look-ups.
type lookupStore interface {
	Lookups(ctx context.Context, account models.AccountID, since time.Time) ([]models.Lookups, error)
}

func (s *Server) lookupRoutes() {
	op := operation(http.MethodGet, "/v1/look-ups", "list-look-ups", "contacts", "Read how many phones were looked up, by day and provider")
	get(s, op, s.lookups)
}

// lookupsView is what was asked of one provider on one day.
type lookupsView struct {
	Day      string    `json:"day" doc:"UTC." example:"2026-11-23"`
	Provider string    `json:"provider" example:"twilio"`
	Asked    int64     `json:"asked" doc:"Answered by the provider, who wants money for each."`
	Cached   int64     `json:"cached" doc:"Known already."`
	Failed   int64     `json:"failed" doc:"The provider does not know the phone, or did not answer."`
	Cost     moneyView `json:"cost" doc:"As far as the provider's answers name a price; Twilio's name none."`
}

// lookupDaysView are days with look-ups.
type lookupDaysView struct {
	Items []lookupsView `json:"items" nullable:"false" doc:"Newest first."`
}

func (s *Server) lookups(ctx context.Context, in *struct {
	Days int `query:"days" minimum:"1" maximum:"366" default:"30" doc:"How many days, today among them."`
},
) (*reply[lookupDaysView], error) {
	all, err := s.store.Lookups(ctx, accountOf(ctx), s.now().UTC().AddDate(0, 0, 1-in.Days))
	if err != nil {
		return nil, err
	}
	settings, err := s.store.Settings(ctx, accountOf(ctx))
	if err != nil {
		return nil, err
	}
	v := lookupDaysView{Items: []lookupsView{}}
	for _, l := range all {
		v.Items = append(v.Items, lookupsView{
			Day: l.Day.Format(time.DateOnly), Provider: l.Provider, Asked: l.Asked, Cached: l.Cached, Failed: l.Failed,
			Cost: moneyIn(price.Micros(l.Cost), settings.Currency),
		})
	}
	return &reply[lookupDaysView]{Body: v}, nil
}
