package api

import (
	"context"
	"net/http"
	"strings"
	"time"

	"trackly/internal/fault"
	"trackly/models"
)

// connectionStore keeps connections to networks.
type connectionStore interface {
	AddConnection(ctx context.Context, o models.Once, c models.Connection, key models.Credentials) (models.Connection, error)
	Connection(ctx context.Context, account models.AccountID, id models.ConnectionID) (models.Connection, error)
	Connections(ctx context.Context, account models.AccountID, after models.ConnectionID, limit int) ([]models.Connection, error)
	DeleteConnection(ctx context.Context, account models.AccountID, id models.ConnectionID) error
}

// pullEngine pulls over them.
type pullEngine interface {
	StartPull(ctx context.Context, account models.AccountID, id models.ConnectionID) error
}

func (s *Server) connectionRoutes() {
	create := operation(http.MethodPost, "/v1/connections", "create-connection", "connections", "Connect a network whose conversions are to be pulled")
	create.Description = "Every quarter of an hour the conversions of the last seven days are read and booked at the offers of this network that have " +
		"the network's external_id. What was booked and is rejected later is taken back."
	create.DefaultStatus = http.StatusCreated
	post(s, create, s.createConnection)
	get(s, operation(http.MethodGet, "/v1/connections", "list-connections", "connections", "Read the connections to networks"), s.connections)
	get(s, operation(http.MethodGet, "/v1/connections/{id}", "get-connection", "connections", "Read a connection"), s.connection)
	remove := operation(http.MethodDelete, "/v1/connections/{id}", "delete-connection", "connections", "Forget a connection and its key")
	remove.DefaultStatus = http.StatusNoContent
	get(s, remove, s.deleteConnection)
	pull := operation(http.MethodPost, "/v1/connections/{id}/pull", "pull-connection", "connections", "Pull now, also over a connection that is blocked")
	pull.DefaultStatus = http.StatusAccepted
	post(s, pull, s.pull)
}

type newConnection struct {
	Network   string `json:"network" enum:"tune" doc:"Whose API it is."`
	Name      string `json:"name" doc:"For your eyes." example:"Acme Leads"`
	NetworkID string `json:"network_id" doc:"The network's id, a part of its API's address." example:"acme"`
	APIKey    string `json:"api_key" writeOnly:"true" doc:"The affiliate API key. Kept sealed and never shown again."`
	Zone      string `json:"zone" doc:"The IANA zone the network reports in." example:"America/New_York"`
	BaseURL   string `json:"base_url,omitempty" doc:"A stand-in on this machine; leave it out."`
}

// connectionView is a connection as clients read it.
type connectionView struct {
	ID        string     `json:"id"`
	Network   string     `json:"network" enum:"tune"`
	Name      string     `json:"name"`
	NetworkID string     `json:"network_id"`
	Zone      string     `json:"zone"`
	BaseURL   string     `json:"base_url,omitempty"`
	State     string     `json:"state" enum:"up,blocked" doc:"blocked: the network refuses the key. Nothing is pulled until a pull by hand works."`
	Problem   string     `json:"problem,omitempty" doc:"What the last pull found."`
	PulledAt  *time.Time `json:"pulled_at,omitempty" doc:"When everything was read last."`
	CreatedAt time.Time  `json:"created_at"`
}

func connectionViewOf(c models.Connection) connectionView {
	return connectionView{
		ID: string(c.ID), Network: string(c.Network), Name: c.Name, NetworkID: c.NetworkID, Zone: c.Zone, BaseURL: c.BaseURL,
		State: string(c.State), Problem: c.Problem, PulledAt: utc(c.PulledAt), CreatedAt: c.CreatedAt.UTC(),
	}
}

func (s *Server) createConnection(ctx context.Context, in *Posting, body newConnection, bad *fault.Problems) (*created[connectionView], error) {
	c := models.Connection{
		ID: models.NewID[models.ConnectionID](), AccountID: accountOf(ctx), Network: models.Network(body.Network), Name: strings.TrimSpace(body.Name),
		NetworkID: strings.ToLower(body.NetworkID), Zone: body.Zone, BaseURL: strings.TrimRight(body.BaseURL, "/"), State: models.ConnectionUp,
	}
	if c.BaseURL != "" && !s.local {
		bad.Add("base_url", "is not allowed here: outbound.local is off")
	}
	if err := add(bad, c.Check(body.APIKey), nil); err != nil {
		return nil, err
	}
	if err := bad.Err("the connection"); err != nil {
		return nil, err
	}
	c, err := s.store.AddConnection(ctx, in.once(), c, models.Credentials{Token: body.APIKey})
	if err != nil {
		return nil, err
	}
	return &created[connectionView]{Location: "/v1/connections/" + string(c.ID), Body: connectionViewOf(c)}, nil
}

func (s *Server) connections(ctx context.Context, in *struct{ Paging }) (*reply[Page[connectionView]], error) {
	after, err := afterID[models.ConnectionID](in.Paging)
	if err != nil {
		return nil, err
	}
	rows, err := s.store.Connections(ctx, accountOf(ctx), after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return pageOf(rows, in.Limit, connectionViewOf, func(c models.Connection) string { return string(c.ID) }), nil
}

func (s *Server) connection(ctx context.Context, in *OnID) (*reply[connectionView], error) {
	c, err := s.store.Connection(ctx, accountOf(ctx), models.ConnectionID(in.ID))
	if err != nil {
		return nil, err
	}
	return &reply[connectionView]{Body: connectionViewOf(c)}, nil
}

func (s *Server) deleteConnection(ctx context.Context, in *OnID) (*struct{}, error) {
	return nil, s.store.DeleteConnection(ctx, accountOf(ctx), models.ConnectionID(in.ID))
}

func (s *Server) pull(ctx context.Context, in *postingTo, _ nothing, bad *fault.Problems) (*reply[connectionView], error) {
	if err := bad.Err("the request"); err != nil {
		return nil, err
	}
	c, err := s.store.Connection(ctx, accountOf(ctx), models.ConnectionID(in.ID))
	if err != nil {
		return nil, err
	}
	if err := s.engine.StartPull(ctx, c.AccountID, c.ID); err != nil {
		return nil, err
	}
	return &reply[connectionView]{Body: connectionViewOf(c)}, nil
}
