package api

import (
	"context"
	"net/http"
	"strconv"
	"time"

	"trackly/internal/fault"
	"trackly/models"
)

// inboundStore reads what people wrote, and keeps what a person made of it.
type inboundStore interface {
	List(ctx context.Context, account models.AccountID, id models.ListID) (models.List, error)
	InboundTexts(ctx context.Context, account models.AccountID, f models.InboundFilter, after int64, limit int) ([]models.Inbound, error)
	InboundText(ctx context.Context, account models.AccountID, id int64) (models.Inbound, error)
	Review(ctx context.Context, account models.AccountID, id int64, was models.Review, by string, at time.Time) (models.InboundEffect, error)
}

func (s *Server) inboundRoutes() {
	get(s, operation(http.MethodGet, "/v1/inbound", "list-inbound", "inbound", "Read what people wrote"), s.inboundTexts)
	get(s, operation(http.MethodGet, "/v1/inbound/{id}", "get-inbound", "inbound", "Read one text of a person"), s.inboundOne)
	answer := operation(http.MethodPost, "/v1/inbound/{id}/reply", "reply-to-inbound", "inbound", "Answer what somebody wrote")
	answer.Description = "Goes out at any hour and as it is. Whoever said STOP is not answered."
	answer.DefaultStatus, answer.Errors = http.StatusAccepted, []int{http.StatusForbidden}
	post(s, answer, s.replyTo)
	review := operation(http.MethodPost, "/v1/inbound/{id}/review", "review-inbound", "inbound", "Decide what an unclear answer was")
	post(s, review, s.review)
}

func (s *Server) inboundTexts(ctx context.Context, in *struct {
	Paging
	ListID string `query:"list_id" doc:"Only those to this list."`
	Review string `query:"review" enum:"open,kept,opted_out" doc:"Only those that wait for a person, or that one decided so."`
	Phone  string `query:"phone" maxLength:"64" doc:"Only those of this phone."`
},
) (*reply[Page[inboundView]], error) {
	after, err := afterNumber[int64](in.Paging)
	if err != nil {
		return nil, err
	}
	f := models.InboundFilter{ListID: models.ListID(in.ListID), Review: models.Review(in.Review)}
	if f.Phone, err = phoneAsked(in.Phone); err != nil {
		return nil, err
	}
	if f.ListID != "" {
		if _, err := s.store.List(ctx, accountOf(ctx), f.ListID); err != nil {
			return nil, err
		}
	}
	rows, err := s.store.InboundTexts(ctx, accountOf(ctx), f, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return pageOf(rows, in.Limit, inboundViewOf, func(i models.Inbound) string { return strconv.FormatInt(i.ID, 10) }), nil
}

// phoneAsked reads the phone of a filter; empty is no filter.
func phoneAsked(raw string) (string, error) {
	if raw == "" {
		return "", nil
	}
	var bad fault.Problems
	n := readPhone(&bad, "query.phone", raw)
	return n.E164, bad.Err("the request")
}

func (s *Server) inboundOf(ctx context.Context, id string) (models.Inbound, error) {
	n, err := numberOf[int64](id, "inbound message")
	if err != nil {
		return models.Inbound{}, err
	}
	return s.store.InboundText(ctx, accountOf(ctx), n)
}

func (s *Server) inboundOne(ctx context.Context, in *OnID) (*reply[inboundView], error) {
	i, err := s.inboundOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	return &reply[inboundView]{Body: inboundViewOf(i)}, nil
}

type replying struct {
	Body string `json:"body" minLength:"1" doc:"The text as it is." example:"We are open until six."`
}

func (s *Server) replyTo(ctx context.Context, in *postingTo, body replying, bad *fault.Problems) (*created[messageView], error) {
	i, err := s.inboundOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	checkLength(bad, body.Body)
	if err := bad.Err("the reply"); err != nil {
		return nil, err
	}
	if i.Phone == "" {
		return nil, fault.New(fault.Conflict, "this person was erased")
	}
	l, err := s.store.List(ctx, i.AccountID, i.ListID)
	if err != nil {
		return nil, err
	}
	return s.queue(ctx, in.once(), models.Single{
		AccountID: i.AccountID, ListID: i.ListID, Phone: i.Phone, Body: body.Body, Kind: models.KindReply, Refusal: l.Sendable(s.now()),
	})
}

type reviewing struct {
	Was string `json:"was" enum:"kept,opted_out" doc:"It was no opt-out, or it was one."`
	By  string `json:"by" minLength:"1" maxLength:"200" doc:"Who decides." example:"Ada"`
}

func (s *Server) review(ctx context.Context, in *postingTo, body reviewing, bad *fault.Problems) (*reply[inboundView], error) {
	i, err := s.inboundOf(ctx, in.ID)
	if err != nil {
		return nil, err
	}
	if err := bad.Err("the review"); err != nil {
		return nil, err
	}
	effect, err := s.store.Review(ctx, i.AccountID, i.ID, models.Review(body.Was), body.By, s.now())
	if err != nil {
		return nil, err
	}
	s.tell(ctx, models.List{AccountID: i.AccountID, ID: i.ListID}, effect)
	return s.inboundOne(ctx, &in.OnID)
}
