package api

import (
	"context"
	"fmt"
	"net/http"
	"slices"
	"time"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/field"
	"trackly/rules/merge"
)

// creativeStore keeps creatives.
type creativeStore interface {
	AddCreative(ctx context.Context, o models.Once, c models.Creative) (models.Creative, error)
	Creative(ctx context.Context, account models.AccountID, id models.CreativeID) (models.Creative, error)
	Creatives(ctx context.Context, account models.AccountID, after models.CreativeID, limit int) ([]models.Creative, error)
	MoveCreative(ctx context.Context, account models.AccountID, id models.CreativeID, next models.CreativeStatus) error
	FieldSet(ctx context.Context, account models.AccountID) (field.Set, error)
}

func (s *Server) creativeRoutes() {
	create := operation(http.MethodPost, "/v1/creatives", "create-creative", "creatives", "Create a creative")
	create.DefaultStatus = http.StatusCreated
	post(s, create, s.createCreative)
	get(s, operation(http.MethodGet, "/v1/creatives", "list-creatives", "creatives", "Read the creatives"), s.creatives)
	get(s, operation(http.MethodGet, "/v1/creatives/{id}", "get-creative", "creatives", "Read a creative"), s.creative)
	remove := operation(http.MethodDelete, "/v1/creatives/{id}", "delete-creative", "creatives", "Delete a creative")
	remove.Description = "It cannot be sent any more. Links in texts that were sent keep leading where they led."
	remove.DefaultStatus = http.StatusNoContent
	get(s, remove, s.deleteCreative)
}

// newCreative asks for a creative.
type newCreative struct {
	Name  string    `json:"name" doc:"For your eyes." example:"Autumn offer"`
	Body  string    `json:"body" doc:"The text: {{link1}}, {{first_name|there}}, {{brand_name}}, custom fields." example:"Hi {{first_name|there}}, your quote: {{link1}}"`
	Links []newLink `json:"links,omitempty" doc:"Where {{link1}}, {{link2}}, ... lead."`
}

// newLink asks for a link. OfferID is a pointer, since an empty one is a mistake.
type newLink struct {
	URL        string            `json:"url,omitempty" doc:"Left out: the offer's. May hold {click_id}, {message_id}, {offer_id}, {external_id} and {sub1} to {sub5}." example:"https://offer.example/?sub={click_id}"`
	OfferID    *string           `json:"offer_id,omitempty" doc:"Where it leads while the offer takes clicks; its fallback is taken when not."`
	Parameters map[string]string `json:"parameters,omitempty" doc:"Added to the URL, in place of those with the same name; sub1 to sub5 fill its macros. Values may hold {click_id}, {message_id}, {offer_id} and {external_id}."`
}

func linksOf(id models.CreativeID, links []newLink) []models.CreativeLink {
	out := make([]models.CreativeLink, len(links))
	for i, l := range links {
		out[i] = models.CreativeLink{CreativeID: id, Number: i + 1, URL: l.URL, OfferID: (*models.OfferID)(l.OfferID), Parameters: l.Parameters}
	}
	return out
}

// creativeView is a creative as clients read it.
type creativeView struct {
	ID        string    `json:"id"`
	Name      string    `json:"name"`
	Body      string    `json:"body"`
	Links     []newLink `json:"links,omitempty" doc:"Not in lists of creatives."`
	Status    string    `json:"status" enum:"active,paused,archived" doc:"Archived means deleted."`
	CreatedAt time.Time `json:"created_at"`
}

func creativeViewOf(c models.Creative) creativeView {
	v := creativeView{ID: string(c.ID), Name: c.Name, Body: c.Body, Status: string(c.Status), CreatedAt: c.CreatedAt.UTC()}
	for _, l := range c.Links {
		v.Links = append(v.Links, newLink{URL: l.URL, OfferID: (*string)(l.OfferID), Parameters: l.Parameters})
	}
	return v
}

func (s *Server) createCreative(ctx context.Context, in *Posting, body newCreative, bad *fault.Problems) (*created[creativeView], error) {
	c := models.Creative{
		ID: models.NewID[models.CreativeID](), AccountID: accountOf(ctx), Name: body.Name, Body: body.Body, Status: models.CreativeActive,
	}
	c.Links = linksOf(c.ID, body.Links)
	if err := add(bad, c.Check(), nil); err != nil {
		return nil, err
	}
	if err := s.checkOffers(ctx, bad, c); err != nil {
		return nil, err
	}
	unknown, err := s.unknownFields(ctx, c.AccountID, body.Body)
	if err != nil {
		return nil, err
	}
	for _, name := range unknown {
		bad.Add("body", "%q is not a known field: it is neither built in nor a custom field of this account", name)
	}
	if err := bad.Err("the creative"); err != nil {
		return nil, err
	}
	if c, err = s.store.AddCreative(ctx, in.once(), c); err != nil {
		return nil, err
	}
	return &created[creativeView]{Location: "/v1/creatives/" + string(c.ID), Body: creativeViewOf(c)}, nil
}

// checkOffers complains of offers that are not the account's. Another account's are as
// unknown as those that never were.
func (s *Server) checkOffers(ctx context.Context, bad *fault.Problems, c models.Creative) error {
	for i, l := range c.Links {
		if l.OfferID == nil || !models.IsID(*l.OfferID) {
			continue // Check complained
		}
		o, err := s.store.Offer(ctx, c.AccountID, *l.OfferID)
		if err == nil && o.Status == models.OfferArchived {
			err = fault.New(fault.NotFound, "no such offer")
		}
		if err != nil {
			if err = missing(bad, err, fmt.Sprintf("links[%d].offer_id", i), "is not an offer of this account"); err != nil {
				return err
			}
		}
	}
	return nil
}

// unknownFields lists the merge fields of a body that the account does not have. A
// body that cannot be parsed has none: that is another complaint.
func (s *Server) unknownFields(ctx context.Context, account models.AccountID, body string) ([]string, error) {
	t, err := merge.Parse(body)
	if err != nil {
		return nil, nil //nolint:nilerr // see above
	}
	asked := slices.DeleteFunc(t.Fields(), func(name string) bool {
		switch name {
		case merge.BrandField, "first_name", "last_name", "state", "zip", "phone":
			return true
		}
		return false
	})
	if len(asked) == 0 {
		return nil, nil
	}
	known, err := s.store.FieldSet(ctx, account)
	if err != nil {
		return nil, err
	}
	return slices.DeleteFunc(asked, func(name string) bool { return known[name] != "" }), nil
}

func (s *Server) creatives(ctx context.Context, in *struct{ Paging }) (*reply[Page[creativeView]], error) {
	after, err := afterID[models.CreativeID](in.Paging)
	if err != nil {
		return nil, err
	}
	rows, err := s.store.Creatives(ctx, accountOf(ctx), after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return pageOf(rows, in.Limit, creativeViewOf, func(c models.Creative) string { return string(c.ID) }), nil
}

func (s *Server) creative(ctx context.Context, in *OnID) (*reply[creativeView], error) {
	c, err := s.store.Creative(ctx, accountOf(ctx), models.CreativeID(in.ID))
	if err != nil {
		return nil, err
	}
	return &reply[creativeView]{Body: creativeViewOf(c)}, nil
}

func (s *Server) deleteCreative(ctx context.Context, in *OnID) (*struct{}, error) {
	return nil, s.store.MoveCreative(ctx, accountOf(ctx), models.CreativeID(in.ID), models.CreativeArchived)
}
