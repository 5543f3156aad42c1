package api

import (
	"context"
	"net/http"
	"strings"

	"github.com/labstack/echo/v4"

	"trackly/internal/fault"
	"trackly/models"
)

// domainStore keeps lists' link domains.
type domainStore interface {
	AddLinkDomain(ctx context.Context, o models.Once, d models.LinkDomain) (models.LinkDomain, error)
	LinkDomain(ctx context.Context, account models.AccountID, list models.ListID, id models.DomainID) (models.LinkDomain, error)
	LinkDomains(ctx context.Context, account models.AccountID, list models.ListID) ([]models.LinkDomain, error)
	SetLinkDomain(ctx context.Context, d models.LinkDomain) (models.LinkDomain, error)
	DeleteLinkDomain(ctx context.Context, account models.AccountID, list models.ListID, id models.DomainID) error
	CheckedDomain(ctx context.Context, d models.LinkDomain, problem string) (models.LinkDomain, error)
}

// linkChecker asks domains whether they lead here, and answers those who ask us.
type linkChecker interface {
	Check(ctx context.Context, url string) (problem string)
	Answer(ask string) (string, bool)
}

func (s *Server) domainRoutes() {
	get(s, operation(http.MethodGet, "/v1/lists/{id}/domains", "list-domains", "lists", "Read a list's link domains"), s.domains)
	create := operation(http.MethodPost, "/v1/lists/{id}/domains", "create-domain", "lists", "Give a list a link domain")
	create.Description = "It is checked at once: its DNS must lead to this server, and phones must accept its certificate. " +
		"New texts lead to the first domain by rank that is up. One whose burn limit is reached is retired; links already sent keep working."
	create.DefaultStatus = http.StatusCreated
	post(s, create, s.createDomain)
	post(s, operation(http.MethodPatch, "/v1/lists/{id}/domains/{domain}", "change-domain", "lists", "Change a link domain's rank or burn limit"), s.changeDomain)
	remove := operation(http.MethodDelete, "/v1/lists/{id}/domains/{domain}", "delete-domain", "lists", "Take a link domain from a list")
	remove.DefaultStatus = http.StatusNoContent
	get(s, remove, s.deleteDomain)
	post(s, operation(http.MethodPost, "/v1/lists/{id}/domains/{domain}/check", "check-domain", "lists", "Find out now whether a link domain leads here"), s.checkDomain)
	s.echo.GET("/.well-known/trackly", s.answerCheck)
}

// OnDomain addresses a link domain of a list.
type OnDomain struct {
	OnID
	Domain string `path:"domain" doc:"The domain's id."`
}

type newDomain struct {
	URL       string `json:"url" doc:"The domain alone, without a path." example:"https://go.example.com"`
	Rank      int    `json:"rank,omitempty" default:"1" minimum:"1" maximum:"32" doc:"The order in which domains are used up."`
	BurnLimit int64  `json:"burn_limit,omitempty" minimum:"0" doc:"After so many texts the next domain is used; 0: no limit. Batches in flight at that moment may pass it."`
}

func (s *Server) createDomain(ctx context.Context, in *postingTo, body newDomain, bad *fault.Problems) (*created[domainView], error) {
	if _, err := s.store.List(ctx, accountOf(ctx), models.ListID(in.ID)); err != nil {
		return nil, err
	}
	d := models.LinkDomain{
		ID: models.NewID[models.DomainID](), AccountID: accountOf(ctx), ListID: models.ListID(in.ID),
		URL: strings.ToLower(strings.TrimRight(body.URL, "/")), Rank: max(body.Rank, 1), BurnLimit: body.BurnLimit, State: models.DomainNew,
	}
	if err := add(bad, d.Check(), nil); err != nil {
		return nil, err
	}
	if err := bad.Err("the domain"); err != nil {
		return nil, err
	}
	d, err := s.store.AddLinkDomain(ctx, in.once(), d)
	if err != nil {
		return nil, err
	}
	v, err := s.checked(ctx, d)
	return &created[domainView]{Location: "/v1/lists/" + string(d.ListID) + "/domains/" + string(d.ID), Body: v}, err
}

// checked asks the domain and keeps what was found.
func (s *Server) checked(ctx context.Context, d models.LinkDomain) (domainView, error) {
	if s.links == nil {
		return domainView{}, fault.New(fault.Internal, "this server checks no link domains")
	}
	problem := s.links.Check(ctx, d.URL)
	if err := ctx.Err(); err != nil {
		return domainView{}, err // the client left: that says nothing of the domain
	}
	d, err := s.store.CheckedDomain(ctx, d, problem)
	if err != nil {
		return domainView{}, err
	}
	all, err := s.store.LinkDomains(ctx, d.AccountID, d.ListID)
	return domainViewOf(all)(d), err
}

func (s *Server) domains(ctx context.Context, in *OnID) (*reply[domainsView], error) {
	l, err := s.store.List(ctx, accountOf(ctx), models.ListID(in.ID))
	if err != nil {
		return nil, err
	}
	all, err := s.store.LinkDomains(ctx, l.AccountID, l.ID)
	if err != nil {
		return nil, err
	}
	return &reply[domainsView]{Body: s.domainsViewOf(l, all)}, nil
}

type domainChange struct {
	Rank      *int   `json:"rank,omitempty" minimum:"1" maximum:"32"`
	BurnLimit *int64 `json:"burn_limit,omitempty" minimum:"0" doc:"0: no limit. A retired domain whose limit is raised is checked and used again."`
}

func (s *Server) changeDomain(ctx context.Context, in *struct {
	OnDomain
	Posting
}, body domainChange, bad *fault.Problems,
) (*reply[domainView], error) {
	d, err := s.domain(ctx, in.OnDomain)
	if err != nil {
		return nil, err
	}
	if body.Rank != nil {
		d.Rank = *body.Rank
	}
	if body.BurnLimit != nil {
		d.BurnLimit = *body.BurnLimit
	}
	if err := bad.Err("the domain"); err != nil {
		return nil, err
	}
	if d, err = s.store.SetLinkDomain(ctx, d); err != nil {
		return nil, err
	}
	v, err := s.checked(ctx, d)
	return &reply[domainView]{Body: v}, err
}

func (s *Server) domain(ctx context.Context, in OnDomain) (models.LinkDomain, error) {
	return s.store.LinkDomain(ctx, accountOf(ctx), models.ListID(in.ID), models.DomainID(in.Domain))
}

func (s *Server) deleteDomain(ctx context.Context, in *OnDomain) (*struct{}, error) {
	return nil, s.store.DeleteLinkDomain(ctx, accountOf(ctx), models.ListID(in.ID), models.DomainID(in.Domain))
}

func (s *Server) checkDomain(ctx context.Context, in *struct {
	OnDomain
	Posting
}, _ nothing, bad *fault.Problems,
) (*reply[domainView], error) {
	if err := bad.Err("the request"); err != nil {
		return nil, err
	}
	d, err := s.domain(ctx, in.OnDomain)
	if err != nil {
		return nil, err
	}
	v, err := s.checked(ctx, d)
	return &reply[domainView]{Body: v}, err
}

// answerCheck handles GET /.well-known/trackly, by which this installation knows itself
// behind a link domain. Whoever else asks finds nothing here.
func (s *Server) answerCheck(c echo.Context) error {
	if s.links != nil {
		if answer, ok := s.links.Answer(c.QueryParam("ask")); ok {
			c.Response().Header().Set("Cache-Control", "no-store")
			return c.String(http.StatusOK, answer)
		}
	}
	return echo.ErrNotFound
}
