package activities

import (
	"context"
	"net"
	"net/url"
	"time"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/models"
)

const (
	// probeEvery is how long a route that is down is left alone.
	probeEvery = 30 * time.Second
	// probeSize is how many texts find out whether it is up again.
	probeSize = 5
	// probeLost is how long whoever lost the race for the probe stays away.
	probeLost = 5 * time.Second
)

// routeStore is the part of the store that knows routes' health.
type routeStore interface {
	MoveRoute(ctx context.Context, r models.Route, next models.RouteState, reason string, probeIn time.Duration) (bool, error)
	TakeProbe(ctx context.Context, r models.Route, again time.Duration) (bool, error)
	MoveList(ctx context.Context, account models.AccountID, id models.ListID, next models.ListState, reason string) (models.List, error)
	AddEvent(ctx context.Context, e models.Event) error
	CountUnheard(ctx context.Context, account models.AccountID, provider string, codes map[string]int) error
}

// unbounded is more texts than a batch has.
const unbounded = models.BatchSize + 1

// way is the route of one leg.
type way struct {
	models.Route
	adapter provider.Adapter
	caps    provider.Capabilities
	probe   bool          // a few texts only
	wait    time.Duration // there is none before
}

// most is how many texts one leg may claim. A process that dies leaves its
// claimed texts unknown. Where the provider cannot be asked after them, those that were
// never called stay so for good, and their people get nothing: so only as many are claimed
// as are called at once.
func (w way) most() int {
	switch {
	case w.probe:
		return probeSize
	case !w.caps.FindsTexts && w.caps.BatchSize == 1:
		return crewSize
	}
	return unbounded
}

// route chooses the way of what nobody has attempted yet. A list's check names its own
// route, checked or not.
func (t *trip) route(ctx context.Context, queued []models.QueuedMessage) (w way, err error) {
	if rank := queued[0].Route; rank != 0 {
		r, ok := models.RouteOf(t.h.List.Routes, rank)
		if !ok {
			return w, fault.New(fault.Conflict, "the list has no route %d any more", rank)
		}
		w.Route = r
	} else if w.Route, w.probe, err = models.Pick(t.h.List.Routes, t.d.Now()); err != nil {
		return t.stranded(err)
	}
	if w.probe {
		mine, err := t.d.Store.TakeProbe(ctx, w.Route, probeEvery)
		if err != nil || !mine {
			return way{wait: probeLost}, err
		}
	}
	if t.d.Clock.Pretended() && !onThisMachine(w.BaseURL) {
		t.halt = "this installation pretends another time of day: only a provider on this machine may be sent to"
		return w, nil
	}
	w.adapter, w.caps, err = t.d.dial(t.h, w.Route)
	return w, err
}

// stranded is a list without a usable route: it waits for one that is down, or for a
// person.
func (t *trip) stranded(err error) (way, error) {
	if f, ok := err.(*fault.Fault); ok && f.Kind == fault.Throttled { //nolint:errorlint // Pick promises this type
		return way{wait: max(f.RetryAfter, time.Second)}, nil
	}
	t.halt = err.Error()
	return way{}, nil
}

func onThisMachine(base string) bool {
	u, err := url.Parse(base)
	if err != nil {
		return false
	}
	ip := net.ParseIP(u.Hostname())
	return u.Hostname() == "localhost" || ip != nil && ip.IsLoopback()
}

// learn draws the conclusions of a flight for its route: an account with a problem is
// not used any more, one that does not answer is left alone for a while, and one that
// answers a probe is up again.
func (t *trip) learn(ctx context.Context, w way, f *flight) error {
	ctx = context.WithoutCancel(ctx)
	if err := t.d.Store.CountUnheard(ctx, t.h.AccountID, w.Provider, f.unheard); err != nil {
		return err
	}
	switch {
	case f.problem != "":
		return t.block(ctx, w, f.problem)
	case f.silent && w.State == models.RouteUp:
		_, err := t.moveRoute(ctx, w, models.RouteDown, "the provider does not answer", models.EventRouteDown, models.Warning)
		return err
	case w.probe && f.accepted > 0:
		_, err := t.moveRoute(ctx, w, models.RouteUp, "", models.EventRouteUp, models.Info)
		return err
	}
	return nil
}

// block takes a route out of use until a person has acted. Without another one the list
// is paused at once: each further text would only be refused.
func (t *trip) block(ctx context.Context, w way, problem string) error {
	if _, err := t.moveRoute(ctx, w, models.RouteBlocked, problem, models.EventAccountProblem, models.Alert); err != nil {
		return err
	}
	rest := make([]models.Route, 0, len(t.h.List.Routes))
	for _, r := range t.h.List.Routes {
		if r.ID != w.ID {
			rest = append(rest, r)
		}
	}
	_, _, err := models.Pick(rest, t.d.Now())
	if err == nil || fault.KindOf(err) == fault.Throttled {
		return nil
	}
	t.halt = problem
	if _, err := t.d.Store.MoveList(ctx, t.h.AccountID, t.h.List.ID, models.ListPaused, problem); err != nil {
		return err
	}
	return t.d.Store.AddEvent(ctx, models.Event{
		AccountID: t.h.AccountID, ListID: t.h.List.ID, Kind: models.EventListPaused, Severity: models.Alert,
		Text: "list " + t.h.List.Name + " is paused: " + problem,
	})
}

func (t *trip) moveRoute(ctx context.Context, w way, next models.RouteState, reason string, kind models.EventKind, s models.Severity) (bool, error) {
	first, err := t.d.Store.MoveRoute(ctx, w.Route, next, reason, probeEvery)
	if err != nil || !first {
		return false, err
	}
	text := w.Provider + " route of list " + t.h.List.Name + " is " + string(next)
	if reason != "" {
		text += ": " + reason
	}
	return true, t.d.Store.AddEvent(ctx, models.Event{AccountID: t.h.AccountID, ListID: t.h.List.ID, Kind: kind, Severity: s, Text: text})
}
