package api

import (
	"context"
	"net/http"
	"time"

	"trackly/internal/fault"
	"trackly/models"
)

// shortLinkStore keeps links that were made by the API.
type shortLinkStore interface {
	AddShortLink(ctx context.Context, o models.Once, l models.ShortLink) (models.ShortLink, error)
	ShortLink(ctx context.Context, account models.AccountID, id models.MessageID) (models.ShortLink, error)
	ShortLinks(ctx context.Context, account models.AccountID, after models.MessageID, limit int) ([]models.ShortLink, error)
	ShortLinkClicks(ctx context.Context, account models.AccountID, ids ...models.MessageID) (map[models.MessageID]models.ShortLinkClicks, error)
}

func (s *Server) shortLinkRoutes() {
	create := operation(http.MethodPost, "/v1/links", "create-link", "links", "Make a short link to any URL")
	create.DefaultStatus = http.StatusCreated
	post(s, create, s.createShortLink)
	get(s, operation(http.MethodGet, "/v1/links", "list-links", "links", "Read the short links, with their clicks"), s.shortLinks)
	get(s, operation(http.MethodGet, "/v1/links/{id}", "get-link", "links", "Read a short link, with its clicks"), s.shortLink)
}

// newShortLink asks for a link.
type newShortLink struct {
	URL  string `json:"url" doc:"Where it leads: http or https, and not to a host of short links. May hold {click_id}." example:"https://shop.example/autumn"`
	Name string `json:"name,omitempty" doc:"For your eyes." example:"Autumn flyer"`
}

// shortLinkView is a link as clients read it.
type shortLinkView struct {
	ID        string         `json:"id"`
	ShortURL  string         `json:"short_url" doc:"What to give to people." example:"https://t.example/Ab3dE7x"`
	URL       string         `json:"url"`
	Name      string         `json:"name"`
	Clicks    clickCountView `json:"clicks"`
	CreatedAt time.Time      `json:"created_at"`
}

// clickCountView is requests, by what is believed of them now.
type clickCountView struct {
	Human  int64 `json:"human"`
	Bot    int64 `json:"bot"`
	Unsure int64 `json:"unsure"`
}

func (s *Server) shortLinkViewOf(l models.ShortLink, n models.ShortLinkClicks) shortLinkView {
	code, _ := s.codes.Encode(int64(l.ID), 1) // the sequence ends before what a code can carry
	return shortLinkView{
		ID: l.ID.String(), ShortURL: s.door.PublicURL + "/" + code, URL: l.URL, Name: l.Name, CreatedAt: l.CreatedAt.UTC(),
		Clicks: clickCountView{Human: n.Human, Bot: n.Bot, Unsure: n.Unsure},
	}
}

func (s *Server) createShortLink(ctx context.Context, in *Posting, body newShortLink, bad *fault.Problems) (*created[shortLinkView], error) {
	l := models.ShortLink{AccountID: accountOf(ctx), Name: body.Name, URL: body.URL}
	if err := add(bad, l.Check(s.door.PublicURL), nil); err != nil {
		return nil, err
	}
	if err := bad.Err("the link"); err != nil {
		return nil, err
	}
	l, err := s.store.AddShortLink(ctx, in.once(), l)
	if err != nil {
		return nil, err
	}
	v, err := s.countedLinks(ctx, l)
	if err != nil {
		return nil, err
	}
	return &created[shortLinkView]{Location: "/v1/links/" + v[0].ID, Body: v[0]}, nil
}

func (s *Server) shortLink(ctx context.Context, in *OnID) (*reply[shortLinkView], error) {
	id, err := numberOf[models.MessageID](in.ID, "link")
	if err != nil {
		return nil, err
	}
	l, err := s.store.ShortLink(ctx, accountOf(ctx), id)
	if err != nil {
		return nil, err
	}
	v, err := s.countedLinks(ctx, l)
	if err != nil {
		return nil, err
	}
	return &reply[shortLinkView]{Body: v[0]}, nil
}

func (s *Server) shortLinks(ctx context.Context, in *struct{ Paging }) (*reply[Page[shortLinkView]], error) {
	after, err := afterNumber[models.MessageID](in.Paging)
	if err != nil {
		return nil, err
	}
	rows, err := s.store.ShortLinks(ctx, accountOf(ctx), after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	views, err := s.countedLinks(ctx, rows...)
	if err != nil {
		return nil, err
	}
	return pageOf(views, in.Limit, func(v shortLinkView) shortLinkView { return v }, func(v shortLinkView) string { return v.ID }), nil
}

func (s *Server) countedLinks(ctx context.Context, all ...models.ShortLink) ([]shortLinkView, error) {
	ids := make([]models.MessageID, len(all))
	for i, l := range all {
		ids[i] = l.ID
	}
	clicks, err := s.store.ShortLinkClicks(ctx, accountOf(ctx), ids...)
	if err != nil {
		return nil, err
	}
	views := make([]shortLinkView, len(all))
	for i, l := range all {
		views[i] = s.shortLinkViewOf(l, clicks[l.ID])
	}
	return views, nil
}
