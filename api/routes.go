package api

import (
	"context"
	"net/http"
	"strings"

	"trackly/internal/fault"
	"trackly/models"
)

// routeStore changes lists' routes.
type routeStore interface {
	SetRoute(ctx context.Context, r models.Route, c models.Credentials) (models.Route, error)
}

func (s *Server) routeRoutes() {
	put := operation(http.MethodPut, "/v1/lists/{id}/routes/{rank}", "set-route", "lists", "Set a list's provider account, or the one to fall back on")
	post(s, put, s.setRoute)
}

// newRoute asks for a route.
type newRoute struct {
	Phone     string           `json:"phone" doc:"The sending number at this provider, E.164." example:"+12025550100"`
	Provider  string           `json:"provider" doc:"Whose API sends the texts: twilio, infobip, cm or telnyx." example:"infobip"`
	Settings  providerSettings `json:"provider_settings" doc:"The account at the provider."`
	PaceGroup string           `json:"pace_group,omitempty" doc:"Routes over one provider account share this group's pace."`
}

type providerSettings struct {
	AccountSID string `json:"account_sid,omitempty" doc:"The account's id at the provider, where it has one (Twilio: the account SID; Telnyx: the messaging profile)."`
	AuthToken  string `json:"auth_token" writeOnly:"true" doc:"The auth token, API key or product token. Kept sealed and never shown again."`
	PublicKey  string `json:"public_key,omitempty" writeOnly:"true" doc:"Checks webhooks where the provider signs with a key pair (Telnyx)."`
	BaseURL    string `json:"base_url,omitempty" doc:"Any server that speaks the provider's API; empty: the provider's own. Infobip gives every account one of its own."`
}

func (p providerSettings) credentials() models.Credentials {
	return models.Credentials{Token: p.AuthToken, PublicKey: p.PublicKey}
}

func (n newRoute) route(l models.List, rank int) models.Route {
	return models.Route{
		ID: models.NewID[models.RouteID](), AccountID: l.AccountID, ListID: l.ID, Rank: rank, Provider: n.Provider,
		Phone: n.Phone, SID: n.Settings.AccountSID, BaseURL: strings.TrimRight(n.Settings.BaseURL, "/"),
		PaceGroup: n.PaceGroup, State: models.RouteUp,
	}
}

// checkRoute adds what would keep a route from ever sending.
func (s *Server) checkRoute(bad *fault.Problems, r models.Route, c models.Credentials) error {
	if err := add(bad, r.Check(), routePlace); err != nil {
		return err
	}
	dialer, err := s.providers.Dialer(r.Provider)
	if err != nil {
		var unknown fault.Problems
		unknown.Add("provider", "%s", err)
		return add(bad, unknown.Err("the route"), nil)
	}
	return add(bad, dialer.Check(s.door.AccountOf(r, c)), routePlace)
}

// routePlace is where a field of a route or of its provider account is in the request.
func routePlace(field string) string {
	switch field {
	case "sid":
		return "provider_settings.account_sid"
	case "token":
		return "provider_settings.auth_token"
	case "public_key":
		return "provider_settings.public_key"
	case "base_url":
		return "provider_settings.base_url"
	case "from":
		return "phone"
	}
	return field
}

// onRoute addresses a route of a list by its rank.
type onRoute struct {
	OnID
	Rank int `path:"rank" minimum:"1" maximum:"2" doc:"1 is tried first; 2 when that one is down or blocked."`
	Posting
}

func (s *Server) setRoute(ctx context.Context, in *onRoute, body newRoute, bad *fault.Problems) (*reply[listView], error) {
	l, err := s.store.List(ctx, accountOf(ctx), models.ListID(in.ID))
	if err != nil {
		return nil, err
	}
	r, creds := body.route(l, in.Rank), body.Settings.credentials()
	if err := s.checkRoute(bad, r, creds); err != nil {
		return nil, err
	}
	if err := bad.Err("the route"); err != nil {
		return nil, err
	}
	if _, err := s.store.SetRoute(ctx, r, creds); err != nil {
		return nil, err
	}
	if l, err = s.store.List(ctx, l.AccountID, l.ID); err != nil {
		return nil, err
	}
	return &reply[listView]{Body: s.listView(l)}, nil
}
