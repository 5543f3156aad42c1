package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"trackly/models"
)

// eventStore reads what people should know of.
type eventStore interface {
	Events(ctx context.Context, account models.AccountID, after int64, limit int) ([]models.Event, error)
	UnheardCodes(ctx context.Context, account models.AccountID) ([]models.UnheardCode, error)
}

func (s *Server) eventRoutes() {
	get(s, operation(http.MethodGet, "/v1/events", "list-events", "events", "Read what happened that a person should know of"), s.events)
	get(s, operation(http.MethodGet, "/v1/unheard-codes", "list-unheard-codes", "providers", "Read the provider codes that are in no table"), s.unheardCodes)
}

// eventView is something a person should know of.
type eventView struct {
	ID       string    `json:"id"`
	ListID   string    `json:"list_id,omitempty" doc:"Absent: the whole account."`
	Kind     string    `json:"kind" example:"route_down"`
	Severity string    `json:"severity" enum:"info,warning,alert"`
	Text     string    `json:"text"`
	At       time.Time `json:"at"`
}

func eventViewOf(e models.Event) eventView {
	return eventView{
		ID: strconv.FormatInt(e.ID, 10), ListID: string(e.ListID), Kind: string(e.Kind), Severity: string(e.Severity),
		Text: e.Text, At: e.At.UTC(),
	}
}

func (s *Server) events(ctx context.Context, in *struct{ Paging }) (*reply[Page[eventView]], error) {
	after, err := afterNumber[int64](in.Paging)
	if err != nil {
		return nil, err
	}
	rows, err := s.store.Events(ctx, accountOf(ctx), after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return pageOf(rows, in.Limit, eventViewOf, func(e models.Event) string { return strconv.FormatInt(e.ID, 10) }), nil
}

// unheardView is a code nobody has heard of.
type unheardView struct {
	Provider string    `json:"provider"`
	Code     string    `json:"code"`
	Seen     int64     `json:"seen" doc:"How often."`
	FirstAt  time.Time `json:"first_at"`
	LastAt   time.Time `json:"last_at"`
}

type unheardListView struct {
	Items []unheardView `json:"items" nullable:"false" doc:"At most 500, the most frequent first."`
}

func (s *Server) unheardCodes(ctx context.Context, _ *struct{}) (*reply[unheardListView], error) {
	rows, err := s.store.UnheardCodes(ctx, accountOf(ctx))
	if err != nil {
		return nil, err
	}
	v := unheardListView{Items: make([]unheardView, len(rows))}
	for i, c := range rows {
		v.Items[i] = unheardView{Provider: c.Provider, Code: c.Code, Seen: c.Seen, FirstAt: c.FirstAt.UTC(), LastAt: c.LastAt.UTC()}
	}
	return &reply[unheardListView]{Body: v}, nil
}
