package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"strings"
	"time"

	"trackly/internal/fault"
	"trackly/models"
)

// settingStore keeps an account's own rules.
type settingStore interface {
	Settings(ctx context.Context, account models.AccountID) (models.Settings, error)
	SetSettings(ctx context.Context, account models.AccountID, n models.Settings) error
}

func (s *Server) settingRoutes() {
	get(s, operation(http.MethodGet, "/v1/settings", "get-settings", "settings", "Read the account's own rules"), s.settings)
	change := operation(http.MethodPatch, "/v1/settings", "change-settings", "settings", "Change the account's own rules")
	change.Description = "What is left out stays as it is. Quiet hours only ever narrow what the law allows."
	post(s, change, s.changeSettings)
}

// accountSettings are an account's rules, as read and as changed.
type accountSettings struct {
	Zone           *string     `json:"zone,omitempty" doc:"IANA; the account's days." example:"America/New_York"`
	Currency       *string     `json:"currency,omitempty" doc:"ISO 4217: of every amount. It can change only while the account has no offers, no conversions and has sent nothing that costs." example:"USD"`
	OptOutScope    *string     `json:"opt_out_scope,omitempty" enum:"list,brand,account" doc:"How far a STOP reaches."`
	FrequencyHours *int        `json:"frequency_hours,omitempty" minimum:"0" maximum:"720" doc:"Skip whoever got a text of any list in so many hours; 0: never."`
	Hours          *ownedHours `json:"hours,omitempty" doc:"The account's own hours, in each contact's local time."`
	UnknownZones   *[]string   `json:"unknown_zones,omitempty" nullable:"false" doc:"Zones assumed for toll-free and unknown places; none: all of the United States."`
	KeepTextsDays  *int        `json:"keep_texts_days,omitempty" minimum:"1" maximum:"3650" doc:"The words of texts are removed when they are so old."`
	KeepAddresses  *int        `json:"keep_addresses_days,omitempty" minimum:"1" maximum:"3650" doc:"Network addresses of clicks are cut short when they are so old: to 24 bits of an IPv4 address, 48 of an IPv6 one."`
}

type ownedHours struct {
	From     *string   `json:"from,omitempty" doc:"HH:MM. 00:00 to 00:00 means: only the law's hours hold." example:"09:00"`
	To       *string   `json:"to,omitempty" doc:"HH:MM, up to 24:00; texts go out before it." example:"20:00"`
	SkipDays *[]string `json:"skip_days,omitempty" nullable:"false" enum:"sunday,monday,tuesday,wednesday,thursday,friday,saturday" doc:"Days without any text."`
	Strict   *bool     `json:"strict,omitempty" doc:"11:00 to 20:00, on Sunday 12:00 to 20:00, everywhere."`
}

func settingsViewOf(n models.Settings) accountSettings {
	scope, from, to := string(n.OptOutScope), clockOf(n.HoursFrom), clockOf(n.HoursTo)
	days, zones := make([]string, len(n.HoursSkipDays)), append([]string{}, n.HoursUnknown...)
	for i, d := range n.HoursSkipDays {
		days[i] = strings.ToLower(d.String())
	}
	return accountSettings{
		Zone: &n.Zone, Currency: &n.Currency, OptOutScope: &scope, FrequencyHours: &n.FrequencyHours, UnknownZones: &zones, KeepTextsDays: &n.KeepTextsDays,
		KeepAddresses: &n.KeepAddressesDays,
		Hours:         &ownedHours{From: &from, To: &to, SkipDays: &days, Strict: &n.HoursStrict},
	}
}

// apply lays the request over the settings and complains of what is no time or day.
func (a accountSettings) apply(n *models.Settings, bad *fault.Problems) {
	set(&n.Zone, a.Zone)
	set(&n.Currency, a.Currency)
	set(&n.FrequencyHours, a.FrequencyHours)
	set(&n.KeepTextsDays, a.KeepTextsDays)
	set(&n.KeepAddressesDays, a.KeepAddresses)
	if a.OptOutScope != nil {
		n.OptOutScope = models.Scope(*a.OptOutScope)
	}
	if a.UnknownZones != nil {
		n.HoursUnknown = models.Texts(*a.UnknownZones)
	}
	if h := a.Hours; h != nil {
		set(&n.HoursStrict, h.Strict)
		setClock(&n.HoursFrom, h.From, "hours.from", bad)
		setClock(&n.HoursTo, h.To, "hours.to", bad)
		if h.SkipDays != nil {
			n.HoursSkipDays = weekdaysOf(*h.SkipDays)
		}
	}
}

// weekdaysOf passes over what is no day: the schema complained of it.
func weekdaysOf(names []string) models.Weekdays {
	days := models.Weekdays{}
	for d := time.Sunday; d <= time.Saturday; d++ {
		if slices.Contains(names, strings.ToLower(d.String())) {
			days = append(days, d)
		}
	}
	return days
}

func setClock(to *int, text *string, where string, bad *fault.Problems) {
	if text == nil {
		return
	}
	var h, m int
	if n, err := fmt.Sscanf(*text, "%2d:%2d", &h, &m); err != nil || n != 2 || clockOf(h*60+m) != *text || h*60+m > 24*60 {
		bad.Add(where, "must be a time of day such as 09:00, up to 24:00")
		return
	}
	*to = h*60 + m
}

func clockOf(minute int) string { return fmt.Sprintf("%02d:%02d", minute/60, minute%60) }

// settingPlace is where a setting is in the request.
func settingPlace(field string) string {
	switch field {
	case "from", "skip_days":
		return "hours." + field
	}
	return field
}

func (s *Server) settings(ctx context.Context, _ *struct{}) (*reply[accountSettings], error) {
	n, err := s.store.Settings(ctx, accountOf(ctx))
	if err != nil {
		return nil, err
	}
	return &reply[accountSettings]{Body: settingsViewOf(n)}, nil
}

func (s *Server) changeSettings(ctx context.Context, _ *asking, body accountSettings, bad *fault.Problems) (*reply[accountSettings], error) {
	n, err := s.store.Settings(ctx, accountOf(ctx))
	if err != nil {
		return nil, err
	}
	body.apply(&n, bad)
	if err := add(bad, n.Check(), settingPlace); err != nil {
		return nil, err
	}
	if err := bad.Err("the settings"); err != nil {
		return nil, err
	}
	if err := s.store.SetSettings(ctx, accountOf(ctx), n); err != nil {
		return nil, err
	}
	return s.settings(ctx, nil)
}
