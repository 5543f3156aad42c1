package api

import (
	"context"
	"net/http"
	"time"

	"trackly/rules/phone"
	"trackly/rules/place"
)

func (s *Server) nextHoursRoute() {
	op := operation(http.MethodGet, "/v1/quiet-hours/next", "get-next-hours", "settings", "Ask whether somebody may be texted now, and otherwise when")
	op.Description = "Judged by the law's table and the account's settings, as a marketing text is. The more is left out, the more places are possible, and all must be open."
	get(s, op, s.nextHours)
}

// nextHoursView is the answer for one place.
type nextHoursView struct {
	Open    bool       `json:"open"`
	Until   *time.Time `json:"until,omitempty" doc:"When it closes."`
	Next    *time.Time `json:"next,omitempty" doc:"When it opens; absent when it is open, or not within 14 days."`
	Cap     int        `json:"cap,omitempty" doc:"Most texts to one person in 24 hours; absent: none."`
	Rules   []string   `json:"rules" nullable:"false" doc:"Which applied." example:"[\"US-FL\",\"US\"]"`
	Why     string     `json:"why,omitempty"`
	Place   string     `json:"place" doc:"Where the contact may be." example:"US-FL America/New_York"`
	Version string     `json:"version" doc:"Of the table."`
}

func (s *Server) nextHours(ctx context.Context, in *struct {
	Phone  string `query:"phone" maxLength:"64" doc:"Its digits tell a country and perhaps zones."`
	Zone   string `query:"zone" maxLength:"64" doc:"IANA." example:"America/New_York"`
	State  string `query:"state" maxLength:"64" doc:"Two letters or the name."`
	Postal string `query:"postal" maxLength:"16"`
},
) (*reply[nextHoursView], error) {
	if _, err := s.quietHours(ctx, nil); err != nil {
		return nil, err
	}
	var number phone.Number
	if e164, err := phoneAsked(in.Phone); err != nil {
		return nil, err
	} else if e164 != "" {
		if number, err = phone.Parse(e164, home); err != nil {
			return nil, err
		}
	}
	own, err := s.store.Settings(ctx, accountOf(ctx))
	if err != nil {
		return nil, err
	}
	p := place.Of(place.Facts{
		Phone: number.E164, Region: number.Region, PhoneZones: number.Zones, Zone: in.Zone, State: in.State, Postal: in.Postal,
	})
	v := s.hours.Judge(p, own.Policy(), s.now())
	return &reply[nextHoursView]{Body: nextHoursView{
		Open: v.Open, Until: known(v.Until), Next: known(v.Next), Cap: v.Cap, Rules: append([]string{}, v.Rules...), Why: v.Why,
		Place: p.Key(), Version: s.hours.Version(),
	}}, nil
}

// known is nil for the zero time.
func known(t time.Time) *time.Time {
	if t.IsZero() {
		return nil
	}
	return utc(&t)
}
