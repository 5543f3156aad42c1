package api

import (
	"cmp"
	"context"
	"net/http"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/phone"
	"trackly/workflows"
)

// checkStore begins checks.
type checkStore interface {
	BeginCheck(ctx context.Context, o models.Once, in models.Single) (models.Route, models.MessageID, error)
}

// checkEngine runs them.
type checkEngine interface {
	StartCheck(ctx context.Context, in workflows.CheckInput) error
}

func (s *Server) checkRoutes() {
	check := operation(http.MethodPost, "/v1/lists/{id}/check", "check-list", "lists", "Find out whether a provider account works")
	check.Description = "Tries the credentials, sends a test text to a phone of yours, and waits for the provider's callback. " +
		"What was found is in the list's routes; a route that did not pass sends nothing."
	check.DefaultStatus = http.StatusAccepted
	post(s, check, s.checkList)
}

type checking struct {
	To   string `json:"to" doc:"A phone of yours; it gets a text." example:"+12025550123"`
	Rank int    `json:"rank,omitempty" minimum:"1" maximum:"2" default:"1" doc:"Which of the list's routes."`
}

// testText is what a check sends.
func testText(l models.List) string {
	return cmp.Or(l.Brand, l.Name) + ": this is the test of a sending number. Nothing is to be done."
}

func (s *Server) checkList(ctx context.Context, in *postingTo, body checking, bad *fault.Problems) (*reply[listView], error) {
	l, err := s.store.List(ctx, accountOf(ctx), models.ListID(in.ID))
	if err != nil {
		return nil, err
	}
	to := readPhone(bad, "to", body.To)
	rank := cmp.Or(body.Rank, 1)
	if _, ok := models.RouteOf(l.Routes, rank); !ok {
		bad.Add("rank", "the list has no route %d", rank)
	}
	if err := bad.Err("the check"); err != nil {
		return nil, err
	}
	if err := l.Ready(); err != nil {
		return nil, err
	}
	r, test, err := s.store.BeginCheck(ctx, in.once(), models.Single{
		AccountID: l.AccountID, ListID: l.ID, Phone: to.E164, Region: to.Region, Zones: to.Zones,
		Body: testText(l), Kind: models.KindTest, Route: rank,
	})
	if err != nil {
		return nil, err
	}
	if err := s.engine.StartCheck(ctx, workflows.CheckInput{AccountID: l.AccountID, ListID: l.ID, RouteID: r.ID, MessageID: test}); err != nil {
		return nil, err
	}
	if l, err = s.store.List(ctx, l.AccountID, l.ID); err != nil {
		return nil, err
	}
	return &reply[listView]{Body: s.listView(l)}, nil
}

// readPhone reads a phone as people write it. The complaint does not repeat it.
func readPhone(bad *fault.Problems, where, raw string) phone.Number {
	n, err := phone.Parse(raw, home)
	if err != nil {
		bad.Add(where, "%s", err)
	}
	return n
}

// home is where a number without a country code is dialled.
const home = "US"
