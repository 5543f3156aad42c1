package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"trackly/models"
	"trackly/rules/field"
)

// contactStore reads and writes the contacts of lists.
type contactStore interface {
	List(ctx context.Context, account models.AccountID, id models.ListID) (models.List, error)
	FieldSet(ctx context.Context, account models.AccountID) (field.Set, error)
	Subscriptions(ctx context.Context, account models.AccountID, list models.ListID, after models.SubscriptionID, limit int) ([]models.Subscription, error)
	SubscriptionsOf(ctx context.Context, account models.AccountID, list models.ListID, phone string) ([]models.Subscription, error)
	Subscription(ctx context.Context, account models.AccountID, list models.ListID, id models.SubscriptionID) (models.Subscription, error)
	UpsertContacts(ctx context.Context, o models.Once, account models.AccountID, list models.ListID, all []models.Entry) ([]models.Upserted, error)
	ChangeContact(ctx context.Context, account models.AccountID, list models.ListID, id models.SubscriptionID, c models.Change) (models.Subscription, error)
}

func (s *Server) contactRoutes() {
	get(s, operation(http.MethodGet, "/v1/lists/{id}/contacts", "list-contacts", "contacts", "Read a list's contacts"), s.contacts)
	get(s, operation(http.MethodGet, "/v1/lists/{id}/contacts/{contact_id}", "get-contact", "contacts", "Read a contact of a list"), s.contact)
	change := operation(http.MethodPatch, "/v1/lists/{id}/contacts/{contact_id}", "change-contact", "contacts", "Change what is known of a contact")
	change.Description = "What is left out stays as it is; an empty text takes it away."
	change.Errors = []int{http.StatusConflict}
	post(s, change, s.changeContact)
	s.upsertRoutes()
}

// contactView is a contact on a list.
type contactView struct {
	ID           string         `json:"id" doc:"Of the contact on this list."`
	Phone        string         `json:"phone"`
	Status       string         `json:"status" enum:"active,opted_out,invalid,suppressed" doc:"Only active contacts are texted."`
	FirstName    string         `json:"first_name"`
	LastName     string         `json:"last_name"`
	State        string         `json:"state" doc:"US state, two letters, when it was given."`
	Zip          string         `json:"zip" doc:"Postal code, when it was given."`
	Zone         string         `json:"zone" doc:"IANA time zone, when it was given."`
	AtState      string         `json:"at_state" doc:"Where the contact is, by all that is known; empty when that is no single state."`
	Zones        []string       `json:"zones" nullable:"false" doc:"Every time zone the contact may be in."`
	Carrier      string         `json:"carrier" doc:"Mobile network, as a look-up learned."`
	LineType     string         `json:"line_type" enum:",mobile,landline,voip,toll_free,other" doc:"Empty: nobody asked, or nobody knows."`
	Fields       map[string]any `json:"fields" doc:"Custom fields, each of its type."`
	SignupMethod string         `json:"signup_method" example:"import"`
	SignupAt     time.Time      `json:"signup_at"`
	OptedOutAt   *time.Time     `json:"opted_out_at,omitempty"`

	SendCount     int64      `json:"send_count" doc:"Texts of campaigns, of the API and replies that the provider took."`
	ClickCount    int64      `json:"click_count"`
	LastSentAt    *time.Time `json:"last_sent_at,omitempty"`
	LastClickedAt *time.Time `json:"last_clicked_at,omitempty"`
}

func contactViewOf(c models.Subscription, set field.Set) contactView {
	v := contactView{
		ID: strconv.FormatInt(int64(c.ID), 10), Phone: c.Phone, Status: string(c.Status), FirstName: c.FirstName, LastName: c.LastName,
		State: c.State, Zip: c.Postal, Zone: c.Zone, AtState: c.AtState, Zones: c.AtZones, Carrier: c.Carrier, LineType: string(c.LineType),
		Fields: typedFields(c.Fields, set), SignupMethod: c.SignupMethod, SignupAt: c.SignupAt.UTC(), OptedOutAt: utc(c.OptedOutAt),
		SendCount: c.SendCount, ClickCount: c.ClickCount, LastSentAt: utc(c.LastSentAt), LastClickedAt: utc(c.LastClickedAt),
	}
	if v.Zones == nil {
		v.Zones = []string{}
	}
	return v
}

func (s *Server) contacts(ctx context.Context, in *struct {
	OnID
	Paging
	Phone string `query:"phone" maxLength:"64" doc:"Only the contact with this phone."`
},
) (*reply[Page[contactView]], error) {
	after, err := afterNumber[models.SubscriptionID](in.Paging)
	if err != nil {
		return nil, err
	}
	phone, err := phoneAsked(in.Phone)
	if err != nil {
		return nil, err
	}
	l, err := s.store.List(ctx, accountOf(ctx), models.ListID(in.ID))
	if err != nil {
		return nil, err
	}
	set, err := s.store.FieldSet(ctx, l.AccountID)
	if err != nil {
		return nil, err
	}
	var rows []models.Subscription
	if phone != "" {
		rows, err = s.store.SubscriptionsOf(ctx, l.AccountID, l.ID, phone)
	} else {
		rows, err = s.store.Subscriptions(ctx, l.AccountID, l.ID, after, in.Limit+1)
	}
	if err != nil {
		return nil, err
	}
	view := func(c models.Subscription) contactView { return contactViewOf(c, set) }
	return pageOf(rows, in.Limit, view, func(c models.Subscription) string { return strconv.FormatInt(int64(c.ID), 10) }), nil
}

// OnContact addresses a contact of a list.
type OnContact struct {
	OnID
	ContactID string `path:"contact_id" doc:"The contact's id."`
}

func (s *Server) contact(ctx context.Context, in *OnContact) (*reply[contactView], error) {
	c, set, err := s.contactOf(ctx, in.ID, in.ContactID)
	if err != nil {
		return nil, err
	}
	return &reply[contactView]{Body: contactViewOf(c, set)}, nil
}

func (s *Server) contactOf(ctx context.Context, list, contact string) (c models.Subscription, set field.Set, err error) {
	id, err := numberOf[models.SubscriptionID](contact, "contact")
	if err != nil {
		return c, nil, err
	}
	if c, err = s.store.Subscription(ctx, accountOf(ctx), models.ListID(list), id); err != nil {
		return c, nil, err
	}
	set, err = s.store.FieldSet(ctx, c.AccountID)
	return c, set, err
}
