package api

import (
	"context"
	"net/http"
	"strings"

	"trackly/internal/fault"
	"trackly/internal/handover"
	"trackly/models"
)

// listStore keeps lists.
type listStore interface {
	AddList(ctx context.Context, o models.Once, l models.List, token string) (models.List, error)
	List(ctx context.Context, account models.AccountID, id models.ListID) (models.List, error)
	Lists(ctx context.Context, account models.AccountID, after models.ListID, limit int) ([]models.List, error)
	MoveList(ctx context.Context, account models.AccountID, id models.ListID, next models.ListState, reason string) (models.List, error)
}

const optOutLine = "Reply STOP to opt out"

func (s *Server) listRoutes() {
	create := operation(http.MethodPost, "/v1/lists", "create-list", "lists", "Create a sending list")
	create.DefaultStatus = http.StatusCreated
	post(s, create, s.createList)
	get(s, operation(http.MethodGet, "/v1/lists", "list-lists", "lists", "Read the sending lists"), s.lists)
	get(s, operation(http.MethodGet, "/v1/lists/{id}", "get-list", "lists", "Read a sending list"), s.list)
	post(s, operation(http.MethodPost, "/v1/lists/{id}/pause", "pause-list", "lists", "Send nothing more from a list"), s.pauseList)
	post(s, operation(http.MethodPost, "/v1/lists/{id}/resume", "resume-list", "lists", "Send from a list again"), s.resumeList)
}

// newList asks for a list.
type newList struct {
	Name         string           `json:"name" doc:"For your eyes." example:"Main number"`
	Brand        string           `json:"brand,omitempty" doc:"Put before every text, and the value of {{brand_name}}." example:"Acme"`
	Phone        string           `json:"phone" doc:"The sending number, E.164." example:"+12025550100"`
	Provider     string           `json:"provider" doc:"Whose API sends the texts." example:"twilio"`
	Settings     providerSettings `json:"provider_settings" doc:"The account at the provider."`
	LinkURL      string           `json:"link_url,omitempty" doc:"Where short links live; empty: this server."`
	PrependBrand *bool            `json:"prepend_brand,omitempty" default:"true" doc:"Begin every text with the brand."`
	OptOutLine   *string          `json:"opt_out_line,omitempty" default:"Reply STOP to opt out" doc:"The last line of every text; empty: none."`
}

type providerSettings struct {
	AccountSID string `json:"account_sid" doc:"The account's id at the provider."`
	AuthToken  string `json:"auth_token" writeOnly:"true" doc:"Kept sealed and never shown again."`
	BaseURL    string `json:"base_url,omitempty" doc:"Any server that speaks the provider's API; empty: the provider's own."`
}

func (n newList) list(account models.AccountID) models.List {
	l := models.List{
		ID: models.NewID[models.ListID](), AccountID: account, Name: n.Name, Brand: n.Brand, Phone: n.Phone,
		Provider: n.Provider, ProviderSID: n.Settings.AccountSID, BaseURL: strings.TrimRight(n.Settings.BaseURL, "/"),
		LinkURL: strings.TrimRight(n.LinkURL, "/"), PrependBrand: true, OptOutLine: optOutLine, State: models.ListActive,
	}
	if n.PrependBrand != nil {
		l.PrependBrand = *n.PrependBrand
	}
	if n.OptOutLine != nil {
		l.OptOutLine = *n.OptOutLine
	}
	return l
}

func (s *Server) createList(ctx context.Context, in *Posting, body newList, bad *fault.Problems) (*created[listView], error) {
	l := body.list(accountOf(ctx))
	if err := add(bad, l.Check(), listPlace); err != nil {
		return nil, err
	}
	if err := s.checkProvider(bad, l, body.Settings.AuthToken); err != nil {
		return nil, err
	}
	if err := bad.Err("the list"); err != nil {
		return nil, err
	}
	l, err := s.store.AddList(ctx, in.once(), l, body.Settings.AuthToken)
	if err != nil {
		return nil, err
	}
	return &created[listView]{Location: "/v1/lists/" + string(l.ID), Body: s.listView(l)}, nil
}

func (s *Server) checkProvider(bad *fault.Problems, l models.List, token string) error {
	dialer, err := s.providers.Dialer(l.Provider)
	if err != nil {
		var unknown fault.Problems
		unknown.Add("provider", "%s", err)
		return add(bad, unknown.Err("the list"), nil)
	}
	return add(bad, dialer.Check(handover.AccountOf(l, token, s.publicURL)), listPlace)
}

// listPlace is where a field of a list or of its provider account is in the request.
func listPlace(field string) string {
	switch field {
	case "sid":
		return "provider_settings.account_sid"
	case "token":
		return "provider_settings.auth_token"
	case "base_url":
		return "provider_settings.base_url"
	case "from":
		return "phone"
	}
	return field
}

func (s *Server) lists(ctx context.Context, in *struct{ Paging }) (*reply[Page[listView]], error) {
	after, err := afterID[models.ListID](in.Paging)
	if err != nil {
		return nil, err
	}
	rows, err := s.store.Lists(ctx, accountOf(ctx), after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return pageOf(rows, in.Limit, s.listView, func(l models.List) string { return string(l.ID) }), nil
}

func (s *Server) list(ctx context.Context, in *OnID) (*reply[listView], error) {
	l, err := s.store.List(ctx, accountOf(ctx), models.ListID(in.ID))
	if err != nil {
		return nil, err
	}
	return &reply[listView]{Body: s.listView(l)}, nil
}

// pausing says why.
type pausing struct {
	Reason string `json:"reason" minLength:"1" maxLength:"200" doc:"What people read who wonder." example:"waiting for the carrier"`
}

// nothing is a body without members.
type nothing struct{}

func (s *Server) pauseList(ctx context.Context, in *postingTo, body pausing, bad *fault.Problems) (*reply[listView], error) {
	if err := bad.Err("the request"); err != nil {
		return nil, err
	}
	return s.moveList(ctx, in.ID, models.ListPaused, body.Reason)
}

func (s *Server) resumeList(ctx context.Context, in *postingTo, _ nothing, bad *fault.Problems) (*reply[listView], error) {
	if err := bad.Err("the request"); err != nil {
		return nil, err
	}
	return s.moveList(ctx, in.ID, models.ListActive, "")
}

func (s *Server) moveList(ctx context.Context, id string, next models.ListState, reason string) (*reply[listView], error) {
	l, err := s.store.MoveList(ctx, accountOf(ctx), models.ListID(id), next, reason)
	if err != nil {
		return nil, err
	}
	return &reply[listView]{Body: s.listView(l)}, nil
}
