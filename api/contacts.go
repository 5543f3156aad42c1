package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"trackly/models"
)

// contactStore reads the contacts of lists.
type contactStore interface {
	List(ctx context.Context, account models.AccountID, id models.ListID) (models.List, error)
	Subscriptions(ctx context.Context, account models.AccountID, list models.ListID, after models.SubscriptionID, limit int) ([]models.Subscription, error)
	Subscription(ctx context.Context, account models.AccountID, list models.ListID, id models.SubscriptionID) (models.Subscription, error)
}

func (s *Server) contactRoutes() {
	get(s, operation(http.MethodGet, "/v1/lists/{id}/contacts", "list-contacts", "contacts", "Read a list's contacts"), s.contacts)
	get(s, operation(http.MethodGet, "/v1/lists/{id}/contacts/{contact_id}", "get-contact", "contacts", "Read a contact of a list"), s.contact)
}

// contactView is a contact on a list.
type contactView struct {
	ID         string            `json:"id" doc:"Of the contact on this list."`
	Phone      string            `json:"phone"`
	Status     string            `json:"status" enum:"active,opted_out,invalid,suppressed" doc:"Only active contacts are texted."`
	FirstName  string            `json:"first_name"`
	LastName   string            `json:"last_name"`
	State      string            `json:"state" doc:"US state, two letters."`
	Fields     map[string]string `json:"fields" doc:"Custom fields."`
	SignupAt   time.Time         `json:"signup_at"`
	OptedOutAt *time.Time        `json:"opted_out_at,omitempty"`

	SendCount     int64      `json:"send_count" doc:"Texts of campaigns, of the API and replies that the provider took."`
	ClickCount    int64      `json:"click_count"`
	LastSentAt    *time.Time `json:"last_sent_at,omitempty"`
	LastClickedAt *time.Time `json:"last_clicked_at,omitempty"`
}

func contactViewOf(c models.Subscription) contactView {
	fields := c.Fields
	if fields == nil {
		fields = map[string]string{}
	}
	return contactView{
		ID: strconv.FormatInt(int64(c.ID), 10), Phone: c.Phone, Status: string(c.Status), FirstName: c.FirstName, LastName: c.LastName,
		State: c.State, Fields: fields, SignupAt: c.SignupAt.UTC(), OptedOutAt: utc(c.OptedOutAt),
		SendCount: c.SendCount, ClickCount: c.ClickCount, LastSentAt: utc(c.LastSentAt), LastClickedAt: utc(c.LastClickedAt),
	}
}

func (s *Server) contacts(ctx context.Context, in *struct {
	OnID
	Paging
},
) (*reply[Page[contactView]], error) {
	after, err := afterNumber[models.SubscriptionID](in.Paging)
	if err != nil {
		return nil, err
	}
	l, err := s.store.List(ctx, accountOf(ctx), models.ListID(in.ID))
	if err != nil {
		return nil, err
	}
	rows, err := s.store.Subscriptions(ctx, l.AccountID, l.ID, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return pageOf(rows, in.Limit, contactViewOf, func(c models.Subscription) string { return strconv.FormatInt(int64(c.ID), 10) }), nil
}

func (s *Server) contact(ctx context.Context, in *struct {
	OnID
	ContactID string `path:"contact_id" doc:"The contact's id."`
},
) (*reply[contactView], error) {
	id, err := numberOf[models.SubscriptionID](in.ContactID, "contact")
	if err != nil {
		return nil, err
	}
	c, err := s.store.Subscription(ctx, accountOf(ctx), models.ListID(in.ID), id)
	if err != nil {
		return nil, err
	}
	return &reply[contactView]{Body: contactViewOf(c)}, nil
}
