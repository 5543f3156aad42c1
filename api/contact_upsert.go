package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/phone"
)

func (s *Server) upsertRoutes() {
	put := operation(http.MethodPut, "/v1/lists/{id}/contacts", "put-contact", "contacts", "Bring a contact onto a list, or change it")
	put.Description = "The contact is found by its phone. What is left out or empty stays as it is. Somebody who said STOP stays out, and nothing of " +
		"them is touched, unless they signed up on the web since then: signup_method web, and consent with at, disclosure, page_url and ip."
	put.Errors = []int{http.StatusConflict}
	post(s, put, s.putContact)
	bulk := operation(http.MethodPost, "/v1/lists/{id}/contacts/bulk", "put-contacts", "contacts", "Bring up to 1,000 contacts onto a list, or change them")
	bulk.Description = "As for one contact, each by itself: one that is refused spoils no other. The results come in the order of the contacts."
	post(s, bulk, s.putContacts)
}

// newContacts are many contacts.
type newContacts struct {
	Contacts []newContact `json:"contacts" minItems:"1" maxItems:"1000" nullable:"false"`
}

// putView is what became of a contact.
type putView struct {
	Result  string       `json:"result" enum:"created,updated,unchanged,opted_out" doc:"opted_out: must not be texted, and nothing was touched."`
	Contact *contactView `json:"contact,omitempty" doc:"As it is now; absent when it is not on the list."`
}

// putRowView is what became of one of many.
type putRowView struct {
	Result   string      `json:"result" enum:"created,updated,unchanged,opted_out,refused"`
	ID       string      `json:"id,omitempty" doc:"Of the contact on this list."`
	Problems []Complaint `json:"problems,omitempty" doc:"Why it is refused."`
}

// putManyView is what became of many.
type putManyView struct {
	Created   int          `json:"created"`
	Updated   int          `json:"updated"`
	Unchanged int          `json:"unchanged"`
	OptedOut  int          `json:"opted_out" doc:"Must not be texted; nothing was touched."`
	Refused   int          `json:"refused"`
	Results   []putRowView `json:"results" nullable:"false" doc:"In the order of the contacts."`
}

func (s *Server) putContact(ctx context.Context, in *postingTo, body newContact, bad *fault.Problems) (*reply[putView], error) {
	l, err := s.store.List(ctx, accountOf(ctx), models.ListID(in.ID))
	if err != nil {
		return nil, err
	}
	set, err := s.store.FieldSet(ctx, l.AccountID)
	if err != nil {
		return nil, err
	}
	e := body.entry(set, s.now(), *bad)
	if err := e.Problems.Err("the contact"); err != nil {
		return nil, err
	}
	done, err := s.store.UpsertContacts(ctx, in.once(), l.AccountID, l.ID, []models.Entry{e})
	if err != nil {
		return nil, err
	}
	if err := done[0].Problems.Err("the contact"); err != nil {
		return nil, err
	}
	v := putView{Result: string(done[0].Fate)}
	if done[0].ID != 0 {
		c, err := s.store.Subscription(ctx, l.AccountID, l.ID, done[0].ID)
		if err != nil {
			return nil, err
		}
		contact := contactViewOf(c, set)
		v.Contact = &contact
	}
	return &reply[putView]{Body: v}, nil
}

func (s *Server) putContacts(ctx context.Context, in *postingMuch, body newContacts, bad *fault.Problems) (*reply[putManyView], error) {
	l, err := s.store.List(ctx, accountOf(ctx), models.ListID(in.ID))
	if err != nil {
		return nil, err
	}
	set, err := s.store.FieldSet(ctx, l.AccountID)
	if err != nil {
		return nil, err
	}
	rows, rest := byRow(*bad, "contacts", len(body.Contacts))
	if err := rest.Err("the request"); err != nil {
		return nil, err
	}
	entries, first, now := make([]models.Entry, len(body.Contacts)), map[string]int{}, s.now()
	for i, n := range body.Contacts {
		e := n.entry(set, now, rows[i])
		if at, twice := first[e.Phone]; twice && len(e.Problems) == 0 {
			e.Problems.Add("phone", "is the phone of contacts[%d] too", at)
		}
		if entries[i] = e; len(e.Problems) == 0 {
			first[e.Phone] = i
		}
	}
	done, err := s.store.UpsertContacts(ctx, in.once(), l.AccountID, l.ID, entries)
	if err != nil {
		return nil, err
	}
	return &reply[putManyView]{Body: putManyViewOf(done)}, nil
}

// byRow parts what the schema found wrong with single items of a list from the rest.
func byRow(bad fault.Problems, list string, n int) (rows []fault.Problems, rest fault.Problems) {
	rows = make([]fault.Problems, n)
	for _, p := range bad {
		inside, ok := strings.CutPrefix(p.Where, list+"[")
		number, where, closed := strings.Cut(inside, "]")
		i, err := strconv.Atoi(number)
		if !ok || !closed || err != nil || i < 0 || i >= n {
			rest = append(rest, p)
			continue
		}
		rows[i] = append(rows[i], fault.Problem{Where: strings.TrimPrefix(where, "."), Message: p.Message})
	}
	return rows, rest
}

func putManyViewOf(done []models.Upserted) putManyView {
	v := putManyView{Results: make([]putRowView, len(done))}
	counts := map[models.Fate]*int{
		models.FateCreated: &v.Created, models.FateUpdated: &v.Updated, models.FateUnchanged: &v.Unchanged,
		models.FateOptedOut: &v.OptedOut, models.FateRefused: &v.Refused,
	}
	for i, u := range done {
		*counts[u.Fate]++
		row := putRowView{Result: string(u.Fate), ID: number(int64(u.ID))}
		for _, p := range u.Named(i) {
			row.Problems = append(row.Problems, Complaint{Location: p.Where, Message: p.Message})
		}
		v.Results[i] = row
	}
	return v
}

// changingContact is a request to change a contact of a list.
type changingContact struct {
	OnContact
	Request sent
}

func (c *changingContact) body() *sent { return &c.Request }

func (s *Server) changeContact(ctx context.Context, in *changingContact, body AboutContact, bad *fault.Problems) (*reply[contactView], error) {
	c, set, err := s.contactOf(ctx, in.ID, in.ContactID)
	if err != nil {
		return nil, err
	}
	var own fault.Problems
	n, _ := phone.Parse(c.Phone, "") // of somebody who was erased there is none: the store refuses
	change := body.change(&own, n.Region, set, true)
	if err := add(bad, own.Err("the contact"), nil); err != nil {
		return nil, err
	}
	if err := bad.Err("the contact"); err != nil {
		return nil, err
	}
	if c, err = s.store.ChangeContact(ctx, c.AccountID, c.ListID, c.ID, change); err != nil {
		return nil, err
	}
	return &reply[contactView]{Body: contactViewOf(c, set)}, nil
}

// manyLimit is for a thousand contacts, each with its proof of consent.
const manyLimit = 8 << 20

// postingMuch is a request to one thing with a long body.
type postingMuch struct {
	OnID
	Key     string `header:"Idempotency-Key" maxLength:"255" pattern:"^[!-~]+$" doc:"Any text of yours, at most 255 visible ASCII characters. A repetition with the same key and content gets the first one's result."`
	Request sentMuch
}

func (p *postingMuch) body() *sent { return &p.Request.all }

func (p *postingMuch) once() models.Once {
	return models.Once{Key: p.Key, RequestHash: p.Request.all.hash}
}
