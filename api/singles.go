package api

import (
	"cmp"
	"context"
	"net/http"
	"unicode/utf8"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/phone"
)

// singleStore queues texts to one contact.
type singleStore interface {
	List(ctx context.Context, account models.AccountID, id models.ListID) (models.List, error)
	AddSingle(ctx context.Context, o models.Once, in models.Single) (models.MessageID, error)
	Message(ctx context.Context, account models.AccountID, id models.MessageID) (models.Message, error)
}

// longestText is that of creatives too, in characters.
const longestText = 1600

func (s *Server) singleRoutes() {
	send := operation(http.MethodPost, "/v1/messages", "send-message", "messages", "Send a text to one contact")
	send.Description = "The text is queued, and handed over when its list's pace, the contact's consent, caps and quiet hours allow. " +
		"GET /v1/messages/{id}/why tells what keeps it."
	send.DefaultStatus, send.Errors = http.StatusAccepted, []int{http.StatusForbidden}
	post(s, send, s.send)
}

// newMessage asks for a text to one contact.
type newMessage struct {
	ListID  string      `json:"list_id" doc:"From where."`
	To      string      `json:"to" doc:"The phone, best in E.164 form." example:"+12125550123"`
	Body    string      `json:"body" minLength:"1" doc:"The text as it is; nothing is filled in. Around kind api go the list's brand and opt-out line." example:"Your order is on its way."`
	Kind    string      `json:"kind,omitempty" enum:"api,passcode" default:"api" doc:"A one-time passcode goes out at any hour and without brand and opt-out line; marketing does not."`
	Consent *newConsent `json:"consent,omitempty" doc:"The proof of consent of somebody who is not on the list yet. Who said STOP stays out all the same."`
	Asks    bool        `json:"asks,omitempty" doc:"It asks for a yes or a no: for 24 hours YES means yes to it, and NO is an answer and no doubtful opt-out."`
}

type newConsent struct {
	Method     string `json:"method" minLength:"1" maxLength:"50" doc:"How: web_form, checkout, paper, ..." example:"web_form"`
	Evidence   string `json:"evidence,omitempty" maxLength:"2000" doc:"What proves it."`
	Disclosure string `json:"disclosure,omitempty" maxLength:"5000" doc:"What the person was shown. Kept with its SHA-256."`
	PageURL    string `json:"page_url,omitempty" maxLength:"2000"`
	IP         string `json:"ip,omitempty" maxLength:"45"`
	UserAgent  string `json:"user_agent,omitempty" maxLength:"500"`
}

func (n newMessage) single(l models.List, to phone.Number) models.Single {
	in := models.Single{
		AccountID: l.AccountID, ListID: l.ID, Phone: to.E164, Region: to.Region, Zones: to.Zones,
		Body: n.Body, Kind: cmp.Or(models.Kind(n.Kind), models.KindAPI), Asks: n.Asks,
	}
	if in.Kind == models.KindAPI {
		in.Body = l.Dress(n.Body)
	}
	if n.Consent != nil {
		o := models.OptIn(*n.Consent)
		in.OptIn = &o
	}
	return in
}

func (s *Server) send(ctx context.Context, in *Posting, body newMessage, bad *fault.Problems) (*created[messageView], error) {
	l, err := s.store.List(ctx, accountOf(ctx), models.ListID(body.ListID))
	if err != nil {
		if err := missing(bad, err, "list_id", "is not a list of this account"); err != nil {
			return nil, err
		}
	}
	to := readPhone(bad, "to", body.To)
	single := body.single(l, to)
	single.Refusal = l.Sendable(s.now())
	checkLength(bad, single.Body)
	if err := bad.Err("the message"); err != nil {
		return nil, err
	}
	return s.queue(ctx, in.once(), single)
}

// checkLength complains of a text that is too long as it would be sent.
func checkLength(bad *fault.Problems, text string) {
	if n := utf8.RuneCountInString(text); n > longestText {
		bad.Add("body", "the text has %d characters as it would be sent; at most %d are taken", n, longestText)
	}
}

// queue stores a single text and tells the list's outbox. That may fail: the keeper finds
// what waits in an outbox.
func (s *Server) queue(ctx context.Context, o models.Once, in models.Single) (*created[messageView], error) {
	id, err := s.store.AddSingle(ctx, o, in)
	if err != nil {
		return nil, err
	}
	m, err := s.store.Message(ctx, in.AccountID, id)
	if err != nil {
		return nil, err
	}
	if err := s.engine.NudgeOutbox(ctx, models.Source{AccountID: in.AccountID, ListID: in.ListID}); err != nil {
		s.log.WarnContext(ctx, "a single text waits for the keeper", "list", in.ListID, "message", id, "error", err)
	}
	return &created[messageView]{Location: "/v1/messages/" + id.String(), Body: messageViewOf(m)}, nil
}
