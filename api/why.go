package api

import (
	"context"
	"net/http"
	"time"

	"trackly/models"
)

// whyStore reads what was decided about messages.
type whyStore interface {
	Story(ctx context.Context, account models.AccountID, id models.MessageID) (models.Story, error)
}

func (s *Server) whyRoutes() {
	op := operation(http.MethodGet, "/v1/messages/{id}/why", "get-message-why", "messages", "Read why a message was sent, or was not")
	op.Description = "Every decision about the message, in order. What was not written down at the time, and follows from it being claimed, is marked as derived."
	get(s, op, s.why)
}

// whyView is a message's story.
type whyView struct {
	MessageID string        `json:"message_id"`
	State     string        `json:"state" enum:"queued,claimed,sent,delivered,undelivered,failed,skipped,unknown"`
	Steps     []findingView `json:"steps" nullable:"false" doc:"In order."`
	Clicks    []clickView   `json:"clicks" nullable:"false" doc:"The requests to its links, in order; of more than 200, the first."`
}

// clickView is a request to a link of a message.
type clickView struct {
	At         time.Time `json:"at"`
	Link       int       `json:"link" doc:"The number of the link."`
	Verdict    string    `json:"verdict" enum:"human,bot,unsure" doc:"What is believed now."`
	Reason     string    `json:"reason" doc:"Why." example:"too_soon"`
	OwnVerdict string    `json:"own_verdict,omitempty" doc:"What the request alone says; absent unless other requests say something else."`
	OwnReason  string    `json:"own_reason,omitempty" doc:"Why; absent likewise."`
	Counts     bool      `json:"counts,omitempty" doc:"It is the one click that counts for the message."`
}

func clickViewOf(c models.ClickTold) clickView {
	v := clickView{At: c.At.UTC(), Link: c.Link, Verdict: string(c.Verdict), Reason: string(c.Reason), Counts: c.Counts}
	if c.Revised() {
		v.OwnVerdict, v.OwnReason = string(c.OwnVerdict), string(c.OwnReason)
	}
	return v
}

type findingView struct {
	At      time.Time  `json:"at"`
	Step    string     `json:"step" enum:"planned,waited,passed,claimed,put_back,skipped,unknown,handed_over,reported"`
	Check   string     `json:"check,omitempty" doc:"The check that decided, or the reason." example:"quiet_hours"`
	Why     string     `json:"why" doc:"In a sentence or two."`
	Until   *time.Time `json:"until,omitempty" doc:"Until when it waits."`
	Version string     `json:"version,omitempty" doc:"Of the rules that decided."`
	Code    string     `json:"code,omitempty" doc:"The provider's own code."`
	Class   string     `json:"class,omitempty" doc:"What the code means for us."`
	Derived bool       `json:"derived,omitempty" doc:"Not written down at the time: it follows from the claim, which is made only when all checks are passed, and is told with today's settings."`
}

func findingViewOf(f models.Finding) findingView {
	return findingView{
		At: f.At.UTC(), Step: f.Step, Check: f.Check, Why: f.Why, Until: utc(f.Until), Version: f.Version,
		Code: f.Code, Class: f.Class, Derived: f.Derived,
	}
}

func (s *Server) why(ctx context.Context, in *OnID) (*reply[whyView], error) {
	id, err := numberOf[models.MessageID](in.ID, "message")
	if err != nil {
		return nil, err
	}
	story, err := s.store.Story(ctx, accountOf(ctx), id)
	if err != nil {
		return nil, err
	}
	v := whyView{MessageID: in.ID, State: string(story.Message.State), Steps: []findingView{}, Clicks: []clickView{}}
	for _, f := range story.Why(s.meaning) {
		v.Steps = append(v.Steps, findingViewOf(f))
	}
	for _, c := range story.Clicks {
		v.Clicks = append(v.Clicks, clickViewOf(c))
	}
	return &reply[whyView]{Body: v}, nil
}

// meaning looks a code up in its provider's table.
func (s *Server) meaning(name, code string) (class, sentence string) {
	d, err := s.providers.Dialer(name)
	if err != nil {
		return "", ""
	}
	m := d.Codes()[code]
	return string(m.Class), m.Sentence
}
