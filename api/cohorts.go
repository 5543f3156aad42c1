package api

import (
	"context"
	"time"

	"trackly/internal/fault"
	"trackly/models"
)

// cohortsView is what contacts brought in by the age of their sign-up.
type cohortsView struct {
	From     string       `json:"from"`
	To       string       `json:"to"`
	Zone     string       `json:"zone" doc:"Whose days they are."`
	Currency string       `json:"currency"`
	Cohorts  []cohortView `json:"cohorts" nullable:"false" doc:"The largest first; 1,000 at most."`
}

type cohortView struct {
	Key  string    `json:"key" doc:"The Monday of the week, the list's id, or the field's value; empty: no value."`
	Name string    `json:"name"`
	Size int64     `json:"size" doc:"Subscriptions."`
	Ages []ageView `json:"ages" nullable:"false"`
}

type ageView struct {
	Days          int       `json:"days" doc:"Since each contact signed up."`
	Complete      bool      `json:"complete" doc:"All of the cohort are as old; otherwise it still grows."`
	Conversions   int64     `json:"conversions" doc:"Less those taken back."`
	Revenue       moneyView `json:"revenue"`
	Cost          moneyView `json:"cost"`
	Profit        moneyView `json:"profit"`
	RevenuePerOne *float64  `json:"revenue_per_contact,omitempty" doc:"In units of the currency."`
	ProfitPerOne  *float64  `json:"profit_per_contact,omitempty" doc:"In units of the currency."`
}

// cohortDays is how far a question for cohorts goes back that does not say.
const cohortDays = 180

type asksCohorts struct {
	By     string `query:"by" enum:"week,list,field" default:"week"`
	Field  string `query:"field" maxLength:"64" doc:"The custom field, with by=field."`
	From   string `query:"from" doc:"The first day of sign-up. Default: 180 days before the last."`
	To     string `query:"to" doc:"The last day. Default: today."`
	ListID string `query:"list_id" maxLength:"36"`
}

func (s *Server) cohorts(ctx context.Context, in *asksCohorts) (*reply[cohortsView], error) {
	set, err := s.store.Settings(ctx, accountOf(ctx))
	if err != nil {
		return nil, err
	}
	q, err := s.cohortQuery(ctx, in, set)
	if err != nil {
		return nil, err
	}
	all, err := s.store.Cohorts(ctx, q)
	if err != nil {
		return nil, err
	}
	v := cohortsView{
		From: q.From.Format(time.DateOnly), To: q.To.Format(time.DateOnly), Zone: set.Zone, Currency: set.Currency, Cohorts: []cohortView{},
	}
	for _, c := range all {
		v.Cohorts = append(v.Cohorts, cohortViewOf(c, set.Currency))
	}
	return &reply[cohortsView]{Body: v}, nil
}

func (s *Server) cohortQuery(ctx context.Context, in *asksCohorts, set models.Settings) (models.CohortQuery, error) {
	var bad fault.Problems
	q := models.CohortQuery{
		AccountID: accountOf(ctx), By: models.CohortBy(in.By), Field: in.Field, ListID: models.ListID(in.ListID), Now: s.now(),
	}
	if in.ListID != "" && !models.IsID(in.ListID) {
		bad.Add("list_id", "is not an id")
	}
	if known, err := s.store.FieldSet(ctx, q.AccountID); err != nil {
		return q, err
	} else if _, ok := known[in.Field]; q.By == models.CohortField && !ok {
		bad.Add("field", "is not a custom field of the account")
	}
	_, q.To = daysIn("", in.To, set.Zone, q.Now, &bad)
	q.From = dayIn("from", in.From, q.To.AddDate(0, 0, -cohortDays), &bad)
	if q.From.After(q.To) {
		bad.Add("from", "must not be after to")
	}
	return q, bad.Err("the cohorts")
}

func cohortViewOf(c models.Cohort, currency string) cohortView {
	v := cohortView{Key: c.Key, Name: c.Name, Size: c.Size, Ages: make([]ageView, len(c.Ages))}
	for i, a := range c.Ages {
		profit := a.Revenue - a.Cost
		v.Ages[i] = ageView{
			Days: a.Days, Complete: a.Complete, Conversions: a.Conversions, Revenue: moneyIn(a.Revenue, currency),
			Cost: moneyIn(a.Cost, currency), Profit: moneyIn(profit, currency),
			RevenuePerOne: share(a.Revenue.Units(), float64(c.Size)), ProfitPerOne: share(profit.Units(), float64(c.Size)),
		}
	}
	return v
}
