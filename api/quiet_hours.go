package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"trackly/internal/fault"
	"trackly/rules/quiethours"
)

func (s *Server) hoursRoutes() {
	get(s, operation(http.MethodGet, "/v1/quiet-hours", "get-quiet-hours", "settings", "Read the hours in which people may be texted"), s.quietHours)
	s.nextHoursRoute()
}

// hoursRuleView is one rule of the dated table.
type hoursRuleView struct {
	Country        string   `json:"country" doc:"ISO 3166; * for all countries without a rule."`
	State          string   `json:"state,omitempty" doc:"Absent: the whole country."`
	Days           []string `json:"days" nullable:"false" doc:"Days no rule of a place names are closed."`
	From           string   `json:"from" example:"08:00"`
	To             string   `json:"to" example:"21:00"`
	Holidays       string   `json:"holidays" doc:"Which holidays are closed: none, federal or state."`
	Cap            int      `json:"cap,omitempty" doc:"Most texts to one person in 24 hours; absent: none."`
	EffectiveFrom  string   `json:"effective_from,omitempty" doc:"The first day; absent: always."`
	EffectiveUntil string   `json:"effective_until,omitempty" doc:"The last day; absent: open."`
	Source         string   `json:"source"`
	Reviewed       string   `json:"reviewed" doc:"When somebody last read the source."`
	Note           string   `json:"note,omitempty"`
}

type quietHoursView struct {
	Version string          `json:"version" doc:"The date of the table; decisions name it."`
	Rules   []hoursRuleView `json:"rules" nullable:"false"`
}

func (s *Server) quietHours(context.Context, *struct{}) (*reply[quietHoursView], error) {
	if s.hours == nil {
		return nil, fault.New(fault.Internal, "the server has no table of quiet hours")
	}
	rows := s.hours.Rows()
	v := quietHoursView{Version: s.hours.Version(), Rules: make([]hoursRuleView, len(rows))}
	for i, r := range rows {
		v.Rules[i] = hoursRuleViewOf(r)
	}
	return &reply[quietHoursView]{Body: v}, nil
}

func hoursRuleViewOf(r quiethours.Row) hoursRuleView {
	days := make([]string, len(r.Days))
	for i, d := range r.Days {
		days[i] = strings.ToLower(d.String())
	}
	return hoursRuleView{
		Country: r.Country, State: r.State, Days: days, From: clockOf(r.From), To: clockOf(r.To), Holidays: r.Holidays, Cap: r.Cap,
		EffectiveFrom: dayOf(r.Effective), EffectiveUntil: dayOf(r.Until), Source: r.Source, Reviewed: dayOf(r.Reviewed), Note: r.Note,
	}
}

func dayOf(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}
