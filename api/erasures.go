package api

import (
	"context"
	"net/http"
	"time"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/phone"
)

// erasureStore forgets people.
type erasureStore interface {
	Erase(ctx context.Context, e models.Erasure) (models.Erased, error)
}

func (s *Server) erasureRoutes() {
	op := operation(http.MethodPost, "/v1/erasures", "erase-person", "persons", "Forget a person")
	op.Description = "Everything that describes the person, and what was said, is taken away at once and for good. The proof of permission " +
		"and of its end stays, without the phone. No import brings the person back; START from the phone does. Safe to repeat."
	post(s, op, s.erase)
}

// newErasure asks that a person is forgotten.
type newErasure struct {
	Phone  string `json:"phone" doc:"The person's phone, E.164." example:"+12025550123"`
	Reason string `json:"reason" doc:"Why: kept for ever, so neither the person's name nor phone belongs here." example:"asked by mail, ticket 812"`
	By     string `json:"by" doc:"Who decided it: kept for ever." example:"ada@example.com"`
}

// erasedView counts what was taken away. It does not repeat the phone.
type erasedView struct {
	ErasedAt      time.Time `json:"erased_at" doc:"When the person was erased: earlier, if nothing was held now."`
	Subscriptions int64     `json:"subscriptions" doc:"Blanked: names, fields, whereabouts."`
	Messages      int64     `json:"messages" doc:"Texts to the person that were taken away."`
	Inbound       int64     `json:"inbound" doc:"Texts of the person that were taken away. Opt-outs stay as proof."`
	Clicks        int64     `json:"clicks" doc:"Clicks whose address and browser were taken away."`
	Refusals      int64     `json:"refusals" doc:"Refused rows of imports that held the phone."`
	Skipped       int64     `json:"skipped" doc:"Queued messages that will not go out."`
}

func (s *Server) erase(ctx context.Context, _ *asking, body newErasure, bad *fault.Problems) (*reply[erasedView], error) {
	e := models.Erasure{AccountID: accountOf(ctx), Phone: phoneIn(body.Phone), By: body.By, Reason: body.Reason}
	if err := add(bad, e.Check(), nil); err != nil {
		return nil, err
	}
	if err := bad.Err("the erasure"); err != nil {
		return nil, err
	}
	done, err := s.store.Erase(ctx, e)
	if err != nil {
		return nil, err
	}
	s.tell(ctx, models.List{AccountID: e.AccountID}, models.InboundEffect{Campaigns: done.Campaigns, Skipped: done.Skipped})
	return &reply[erasedView]{Body: erasedView{
		ErasedAt: done.At.UTC(), Subscriptions: done.Subscriptions, Messages: done.Messages, Inbound: done.Inbound,
		Clicks: done.Clicks, Refusals: done.Refusals, Skipped: done.Skipped,
	}}, nil
}

// phoneIn is a phone as it is stored, when it is one: a person may be named as they were
// written in a file. Otherwise it comes back as it is, for a refusal.
func phoneIn(raw string) string {
	if n, err := phone.Parse(raw, "US"); err == nil {
		return n.E164
	}
	return raw
}
