package api

import (
	"context"
	"net/http"
	"strings"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/models"
)

// listStore keeps lists.
type listStore interface {
	AddList(ctx context.Context, o models.Once, l models.List, creds ...models.Credentials) (models.List, error)
	List(ctx context.Context, account models.AccountID, id models.ListID) (models.List, error)
	Lists(ctx context.Context, account models.AccountID, after models.ListID, limit int) ([]models.List, error)
	SetList(ctx context.Context, l models.List) (models.List, error)
	MoveList(ctx context.Context, account models.AccountID, id models.ListID, next models.ListState, reason string) (models.List, error)
	routeStore
}

const optOutLine = "Reply STOP to opt out"

func (s *Server) listRoutes() {
	create := operation(http.MethodPost, "/v1/lists", "create-list", "lists", "Create a sending list")
	create.DefaultStatus = http.StatusCreated
	post(s, create, s.createList)
	get(s, operation(http.MethodGet, "/v1/lists", "list-lists", "lists", "Read the sending lists"), s.lists)
	get(s, operation(http.MethodGet, "/v1/lists/{id}", "get-list", "lists", "Read a sending list"), s.list)
	s.listSettingRoutes()
	s.routeRoutes()
	s.checkRoutes()
	post(s, operation(http.MethodPost, "/v1/lists/{id}/pause", "pause-list", "lists", "Send nothing more from a list"), s.pauseList)
	post(s, operation(http.MethodPost, "/v1/lists/{id}/resume", "resume-list", "lists", "Send from a list again"), s.resumeList)
}

// newList asks for a list.
type newList struct {
	Name         string           `json:"name" doc:"For your eyes." example:"Main number"`
	Brand        string           `json:"brand,omitempty" doc:"Put before every text, and the value of {{brand_name}}. Lists with the same brand share opt-outs when the account's scope is the brand." example:"Acme"`
	Phone        string           `json:"phone" doc:"The sending number, E.164." example:"+12025550100"`
	Provider     string           `json:"provider" doc:"Whose API sends the texts: twilio, infobip, cm or telnyx." example:"twilio"`
	Settings     providerSettings `json:"provider_settings" doc:"The account at the provider."`
	PaceGroup    string           `json:"pace_group,omitempty" doc:"Lists that share one provider account share this group's pace."`
	LinkURL      string           `json:"link_url,omitempty" doc:"Where short links live; empty: this server."`
	PrependBrand *bool            `json:"prepend_brand,omitempty" default:"true" doc:"Begin every text with the brand."`
	OptOutLine   *string          `json:"opt_out_line,omitempty" default:"Reply STOP to opt out" doc:"The last line of every text; empty: none."`
	ListSettings
}

func (n newList) list(account models.AccountID, caps provider.Capabilities) models.List {
	l := models.List{
		ID: models.NewID[models.ListID](), AccountID: account, Name: n.Name, Brand: n.Brand, Phone: n.Phone,
		LinkURL: strings.TrimRight(n.LinkURL, "/"), PrependBrand: true, OptOutLine: optOutLine, State: models.ListActive,
		AnswersStop: models.AnsweredByTrackly, AnswersHelp: models.AnsweredByTrackly,
	}
	if caps.AnswersStop {
		l.AnswersStop, l.AnswersHelp = models.AnsweredByProvider, models.AnsweredByProvider
	}
	if n.PrependBrand != nil {
		l.PrependBrand = *n.PrependBrand
	}
	if n.OptOutLine != nil {
		l.OptOutLine = *n.OptOutLine
	}
	n.apply(&l)
	l.Routes = []models.Route{newRoute{
		Phone: n.Phone, Provider: n.Provider, Settings: n.Settings, PaceGroup: n.PaceGroup,
	}.route(l, 1)}
	return l
}

func (s *Server) createList(ctx context.Context, in *Posting, body newList, bad *fault.Problems) (*created[listView], error) {
	l := body.list(accountOf(ctx), s.capabilities(body.Provider))
	if err := add(bad, l.Check(), nil); err != nil {
		return nil, err
	}
	creds := body.Settings.credentials()
	if err := s.checkRoute(bad, l.Routes[0], creds); err != nil {
		return nil, err
	}
	if err := bad.Err("the list"); err != nil {
		return nil, err
	}
	l, err := s.store.AddList(ctx, in.once(), l, creds)
	if err != nil {
		return nil, err
	}
	return &created[listView]{Location: "/v1/lists/" + string(l.ID), Body: s.listView(l)}, nil
}

// capabilities of a provider nobody knows are none; the check complains of the name.
func (s *Server) capabilities(name string) provider.Capabilities {
	if d, err := s.providers.Dialer(name); err == nil {
		return d.Capabilities()
	}
	return provider.Capabilities{}
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
