package api

import (
	"context"
	"net/http"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/field"
	"trackly/rules/merge"
)

// previewStore reads what a preview is made from.
type previewStore interface {
	List(ctx context.Context, account models.AccountID, id models.ListID) (models.List, error)
	Creative(ctx context.Context, account models.AccountID, id models.CreativeID) (models.Creative, error)
	Subscription(ctx context.Context, account models.AccountID, list models.ListID, id models.SubscriptionID) (models.Subscription, error)
	FieldSet(ctx context.Context, account models.AccountID) (field.Set, error)
	LinkDomains(ctx context.Context, account models.AccountID, list models.ListID) ([]models.LinkDomain, error)
}

func (s *Server) previewRoutes() {
	try := operation(http.MethodPost, "/v1/creatives/preview", "preview-text", "creatives", "See a text as a phone will, before saving it")
	post(s, try, s.previewText)
	get(s, operation(http.MethodGet, "/v1/creatives/{id}/preview", "preview-creative", "creatives", "See a creative as a phone will"), s.previewCreative)
}

// previewing asks how a text would look.
type previewing struct {
	Body      string         `json:"body" doc:"The text, as in a creative."`
	Links     []newLink      `json:"links,omitempty" doc:"Where its links lead."`
	ListID    string         `json:"list_id,omitempty" doc:"Whose brand and opt-out line go around it."`
	ContactID string         `json:"contact_id,omitempty" doc:"A contact of that list to write to."`
	Contact   *sampleContact `json:"contact,omitempty" doc:"Or somebody made up."`
}

type sampleContact struct {
	Phone     string            `json:"phone,omitempty"`
	FirstName string            `json:"first_name,omitempty"`
	LastName  string            `json:"last_name,omitempty"`
	State     string            `json:"state,omitempty"`
	Zip       string            `json:"zip,omitempty"`
	Fields    map[string]string `json:"fields,omitempty" doc:"Custom fields."`
}

func (s *Server) previewText(ctx context.Context, _ *asking, body previewing, bad *fault.Problems) (*reply[previewView], error) {
	c := models.Creative{Name: "preview", Body: body.Body, Links: linksOf("", body.Links)}
	if err := add(bad, c.Check(), nil); err != nil {
		return nil, err
	}
	l, person, err := s.readers(ctx, bad, "", body.ListID, body.ContactID)
	if err != nil {
		return nil, err
	}
	if sample := body.Contact; sample != nil && body.ContactID == "" {
		person = models.QueuedMessage{
			Phone: sample.Phone, FirstName: sample.FirstName, LastName: sample.LastName, State: sample.State, Postal: sample.Zip, Fields: sample.Fields,
		}
	}
	if err := bad.Err("the text"); err != nil {
		return nil, err
	}
	return s.preview(ctx, c, l, person)
}

func (s *Server) previewCreative(ctx context.Context, in *struct {
	OnID
	ListID    string `query:"list_id" doc:"Whose brand and opt-out line go around it."`
	ContactID string `query:"contact_id" doc:"A contact of that list to write to."`
},
) (*reply[previewView], error) {
	c, err := s.store.Creative(ctx, accountOf(ctx), models.CreativeID(in.ID))
	if err != nil {
		return nil, err
	}
	var bad fault.Problems
	l, person, err := s.readers(ctx, &bad, "query.", in.ListID, in.ContactID)
	if err != nil {
		return nil, err
	}
	if err := bad.Err("the request"); err != nil {
		return nil, err
	}
	return s.preview(ctx, c, l, person)
}

// readers finds the list and the contact a preview is for. What does not exist is a
// complaint about where it was named.
func (s *Server) readers(ctx context.Context, bad *fault.Problems, prefix, list, contact string) (l models.List, q models.QueuedMessage, err error) {
	if list == "" {
		if contact != "" {
			bad.Add(prefix+"contact_id", "needs the list_id of its list")
		}
		return l, q, nil
	}
	if l, err = s.store.List(ctx, accountOf(ctx), models.ListID(list)); err != nil {
		return l, q, missing(bad, err, prefix+"list_id", "is not a list of this account")
	}
	if contact == "" {
		return l, q, nil
	}
	id, err := numberOf[models.SubscriptionID](contact, "contact")
	var c models.Subscription
	if err == nil {
		c, err = s.store.Subscription(ctx, l.AccountID, l.ID, id)
	}
	if err != nil {
		return l, q, missing(bad, err, prefix+"contact_id", "is not a contact of this list")
	}
	return l, models.QueuedMessage{Phone: c.Phone, FirstName: c.FirstName, LastName: c.LastName, State: c.State, Postal: c.Postal, Fields: c.Fields}, nil
}

// missing makes a complaint of "not found": the request named something in its body.
func missing(bad *fault.Problems, err error, where, message string) error {
	if fault.KindOf(err) != fault.NotFound {
		return err
	}
	bad.Add(where, "%s", message)
	return nil
}

func (s *Server) preview(ctx context.Context, c models.Creative, l models.List, person models.QueuedMessage) (*reply[previewView], error) {
	t, err := merge.Parse(c.Body)
	if err != nil {
		return nil, err
	}
	h := models.Handover{List: l}
	if l.ID != "" {
		if h.Domains, err = s.store.LinkDomains(ctx, l.AccountID, l.ID); err != nil {
			return nil, err
		}
	}
	at, _ := h.LinkBase(s.door.PublicURL)
	text, absent, err := s.render(t, l, at, person)
	if err != nil {
		return nil, err
	}
	settings, err := s.store.Settings(ctx, accountOf(ctx))
	if err != nil {
		return nil, err
	}
	view := s.previewViewOf(text, absent, settings.Currency)
	if view.Unknown, err = s.unknownFields(ctx, accountOf(ctx), c.Body); err != nil {
		return nil, err
	}
	return &reply[previewView]{Body: view}, nil
}

// render writes the text the way a worker does. Its links are those of message 0, which
// never exists: as long as real ones, and leading nowhere.
func (s *Server) render(t merge.Template, l models.List, at string, person models.QueuedMessage) (string, []string, error) {
	var failed error
	text, absent := t.Render(nil, func(name string) (string, bool) {
		if name == merge.BrandField {
			return l.Brand, l.Brand != ""
		}
		v, ok := person.Value(name)
		return v, ok && v != ""
	}, func(n int) string {
		code, err := s.codes.Encode(0, n)
		if err != nil {
			failed = err
		}
		return at + "/" + code
	})
	return l.Dress(string(text)), absent, failed
}
