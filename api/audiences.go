package api

import (
	"cmp"
	"context"
	"net/http"
	"time"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/audience"
	"trackly/rules/field"
)

// audienceStore keeps audiences and reads who is in them.
type audienceStore interface {
	List(ctx context.Context, account models.AccountID, id models.ListID) (models.List, error)
	FieldSet(ctx context.Context, account models.AccountID) (field.Set, error)
	AddAudience(ctx context.Context, o models.Once, a models.Audience) (models.Audience, error)
	Audience(ctx context.Context, account models.AccountID, id models.AudienceID) (models.Audience, error)
	Audiences(ctx context.Context, account models.AccountID, after models.AudienceID, limit int) ([]models.Audience, error)
	ChangeAudience(ctx context.Context, a models.Audience) (models.Audience, error)
	DeleteAudience(ctx context.Context, account models.AccountID, id models.AudienceID) error
	CheckNamed(ctx context.Context, account models.AccountID, f audience.Filter) error
	AudienceCount(ctx context.Context, m models.Members) (int64, error)
	AudienceSample(ctx context.Context, m models.Members, n int) ([]models.Subscription, error)
	AudienceMembers(ctx context.Context, m models.Members, after models.MemberPlace, limit int) ([]models.Subscription, error)
	AudienceStanding(ctx context.Context, a models.Audience, who models.Who) (models.Standing, error)
}

func (s *Server) audienceRoutes() {
	create := operation(http.MethodPost, "/v1/audiences", "create-audience", "audiences", "Save an audience")
	create.DefaultStatus = http.StatusCreated
	create.Description = "A dynamic audience is whoever matches its filter when it is asked; a static one is whoever matches now, for good."
	post(s, create, s.createAudience)
	get(s, operation(http.MethodGet, "/v1/audiences", "list-audiences", "audiences", "Read the audiences"), s.audiences)
	get(s, operation(http.MethodGet, "/v1/audiences/{id}", "get-audience", "audiences", "Read an audience"), s.audience)
	post(s, operation(http.MethodPatch, "/v1/audiences/{id}", "change-audience", "audiences", "Rename an audience or change its filter"), s.changeAudience)
	remove := operation(http.MethodDelete, "/v1/audiences/{id}", "delete-audience", "audiences", "Delete an audience")
	remove.DefaultStatus, remove.Errors = http.StatusNoContent, []int{http.StatusConflict}
	remove.Description = "Refused while an unfinished campaign or another audience needs it."
	get(s, remove, s.deleteAudience)
	s.audienceCountRoutes()
	s.audienceWhyRoute()
}

// newAudience asks for an audience.
type newAudience struct {
	Name   string      `json:"name" example:"Texas, clicked lately"`
	Kind   string      `json:"kind,omitempty" enum:"dynamic,static" default:"dynamic" doc:"Read anew each time, or frozen now."`
	Filter *filterJSON `json:"filter,omitempty" doc:"Who is in it; left out: all who may be texted."`
}

// audienceChange names what is to change; what is left out stays.
type audienceChange struct {
	Name   *string     `json:"name,omitempty"`
	Filter *filterJSON `json:"filter,omitempty" doc:"Of a dynamic audience. The filter of a static one says how it was made."`
}

// audienceView is an audience as clients read it.
type audienceView struct {
	ID        string      `json:"id"`
	Name      string      `json:"name"`
	Kind      string      `json:"kind" enum:"dynamic,static"`
	Filter    *filterJSON `json:"filter"`
	Size      *int64      `json:"size,omitempty" doc:"Of a static audience: how many were frozen. Who has opted out since is no longer counted as a member."`
	FrozenAt  *time.Time  `json:"frozen_at,omitempty" doc:"Of a static audience."`
	CreatedAt time.Time   `json:"created_at"`
	UpdatedAt time.Time   `json:"updated_at"`
}

func audienceViewOf(a models.Audience) audienceView {
	return audienceView{
		ID: string(a.ID), Name: a.Name, Kind: string(a.Kind), Filter: filterOf(a.Filter), Size: a.Size, FrozenAt: utc(a.FrozenAt),
		CreatedAt: a.CreatedAt.UTC(), UpdatedAt: a.UpdatedAt.UTC(),
	}
}

func (s *Server) createAudience(ctx context.Context, in *Posting, body newAudience, bad *fault.Problems) (*created[audienceView], error) {
	a := models.Audience{
		ID: models.NewID[models.AudienceID](), AccountID: accountOf(ctx), Name: body.Name,
		Kind: cmp.Or(models.AudienceKind(body.Kind), models.AudienceDynamic), Filter: body.Filter.filter(),
	}
	if err := s.checkAudience(ctx, bad, a); err != nil {
		return nil, err
	}
	a, err := s.store.AddAudience(ctx, in.once(), a)
	if err != nil {
		return nil, err
	}
	return &created[audienceView]{Location: "/v1/audiences/" + string(a.ID), Body: audienceViewOf(a)}, nil
}

// checkAudience returns all that is wrong with an audience.
func (s *Server) checkAudience(ctx context.Context, bad *fault.Problems, a models.Audience) error {
	a.CheckName(bad)
	if a.FrozenAt != nil { // its filter is the past, whose fields and audiences may be gone
		return bad.Err("the audience")
	}
	if err := s.checkFilter(ctx, bad, a.AccountID, a.Filter); err != nil {
		return err
	}
	return bad.Err("the audience")
}

func (s *Server) audiences(ctx context.Context, in *struct{ Paging }) (*reply[Page[audienceView]], error) {
	after, err := afterID[models.AudienceID](in.Paging)
	if err != nil {
		return nil, err
	}
	rows, err := s.store.Audiences(ctx, accountOf(ctx), after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return pageOf(rows, in.Limit, audienceViewOf, func(a models.Audience) string { return string(a.ID) }), nil
}

func (s *Server) audience(ctx context.Context, in *OnID) (*reply[audienceView], error) {
	a, err := s.store.Audience(ctx, accountOf(ctx), models.AudienceID(in.ID))
	if err != nil {
		return nil, err
	}
	return &reply[audienceView]{Body: audienceViewOf(a)}, nil
}

func (s *Server) changeAudience(ctx context.Context, in *postingTo, body audienceChange, bad *fault.Problems) (*reply[audienceView], error) {
	a, err := s.store.Audience(ctx, accountOf(ctx), models.AudienceID(in.ID))
	if err != nil {
		return nil, err
	}
	set(&a.Name, body.Name)
	if body.Filter != nil {
		if a.Kind == models.AudienceStatic {
			bad.Add("filter", "of a static audience says how it was made and stays; make a new one")
		}
		a.Filter = body.Filter.filter()
	}
	if err := s.checkAudience(ctx, bad, a); err != nil {
		return nil, err
	}
	if a, err = s.store.ChangeAudience(ctx, a); err != nil {
		return nil, err
	}
	return &reply[audienceView]{Body: audienceViewOf(a)}, nil
}

func (s *Server) deleteAudience(ctx context.Context, in *OnID) (*struct{}, error) {
	return nil, s.store.DeleteAudience(ctx, accountOf(ctx), models.AudienceID(in.ID))
}

// checkFilter adds what is wrong with a filter, as far as it takes the account to know.
func (s *Server) checkFilter(ctx context.Context, bad *fault.Problems, account models.AccountID, f audience.Filter) error {
	known, err := s.store.FieldSet(ctx, account)
	if err != nil {
		return err
	}
	if err := add(bad, f.Check(known), nil); err != nil {
		return err
	}
	return add(bad, s.store.CheckNamed(ctx, account, f), nil)
}
