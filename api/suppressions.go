package api

import (
	"context"
	"net/http"
	"strconv"
	"strings"
	"unicode/utf8"

	"trackly/internal/fault"
	"trackly/models"
)

// suppressionStore keeps who must not be texted.
type suppressionStore interface {
	List(ctx context.Context, account models.AccountID, id models.ListID) (models.List, error)
	Suppress(ctx context.Context, x models.Suppression, phones []models.Number) (models.Suppressed, error)
	Suppressions(ctx context.Context, account models.AccountID, phone string, after int64, limit int) ([]models.Suppression, error)
	Suppression(ctx context.Context, account models.AccountID, id int64) (models.Suppression, error)
	LiftSuppression(ctx context.Context, account models.AccountID, id int64, reason, by string) (models.Suppression, error)
}

// shortestReason is for a person's own words: "ok" explains nothing to a regulator.
const shortestReason = 10

func (s *Server) suppressionRoutes() {
	s.suppressRoute()
	get(s, operation(http.MethodGet, "/v1/suppressions", "list-suppressions", "suppressions", "Read who must not be texted, and who was silenced once"), s.suppressions)
	lift := operation(http.MethodPost, "/v1/suppressions/{id}/lift", "lift-suppression", "suppressions", "Text somebody again, for a written reason")
	lift.Description = "The reason is kept for ever as the proof of consent."
	post(s, lift, s.lift)
}

func (s *Server) suppressions(ctx context.Context, in *struct {
	Paging
	Phone string `query:"phone" maxLength:"64" doc:"Only those of this phone."`
},
) (*reply[Page[suppressionView]], error) {
	after, err := afterNumber[int64](in.Paging)
	if err != nil {
		return nil, err
	}
	phone, err := phoneAsked(in.Phone)
	if err != nil {
		return nil, err
	}
	rows, err := s.store.Suppressions(ctx, accountOf(ctx), phone, after, in.Limit+1)
	if err != nil {
		return nil, err
	}
	return pageOf(rows, in.Limit, suppressionViewOf, func(x models.Suppression) string { return strconv.FormatInt(x.ID, 10) }), nil
}

type lifting struct {
	Reason string `json:"reason" maxLength:"1000" doc:"An owner's own words, at least 10 characters." example:"Asked in person at the counter to get our texts again."`
	By     string `json:"by" minLength:"1" maxLength:"200" doc:"Who decides." example:"Ada"`
}

func (s *Server) lift(ctx context.Context, in *postingTo, body lifting, bad *fault.Problems) (*reply[suppressionView], error) {
	id, err := numberOf[int64](in.ID, "suppression")
	if err != nil {
		return nil, err
	}
	x, err := s.store.Suppression(ctx, accountOf(ctx), id)
	if err != nil {
		return nil, err
	}
	reason := strings.TrimSpace(body.Reason)
	if utf8.RuneCountInString(reason) < shortestReason {
		bad.Add("reason", "must have at least %d characters", shortestReason)
	}
	if err := bad.Err("the request"); err != nil {
		return nil, err
	}
	if x, err = s.store.LiftSuppression(ctx, x.AccountID, x.ID, reason, body.By); err != nil {
		return nil, err
	}
	return &reply[suppressionView]{Body: suppressionViewOf(x)}, nil
}
