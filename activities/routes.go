package activities

import (
	"context"
	"net"
	"net/url"
	"slices"
	"time"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/models"
)

const (
	// probeFirst is how long a route that went down is left alone at first: one answer that
	// was lost on the way must not hold up a list for long. The longer it is down, the
	// longer it is left alone, up to probeEvery.
	probeFirst = 3 * time.Second
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

// way is the route of one leg. Without an adapter there is none.
type way struct {
	models.Route
	adapter provider.Adapter
	caps    provider.Capabilities
	probe   bool          // a few texts only
	check   bool          // the route's check: it decides about the route, this leg does not
	wait    time.Duration // there is none before; 0: before a person acts
}

// route chooses the way of texts with this claim to one.
func (t *trip) route(ctx context.Context, rank int) (w way, err error) {
	w, ok, err := t.choose(ctx, rank)
	if err != nil || !ok {
		return w, err
	}
	w.adapter, w.caps, err = t.d.dial(t.h, w.Route)
	return w, err
}

// choose picks the route of what nobody has attempted yet. A list's check names its own
// route, checked or not.
func (t *trip) choose(ctx context.Context, rank int) (w way, ok bool, err error) {
	if rank != 0 {
		if w.Route, ok = models.RouteOf(t.h.List.Routes, rank); !ok {
			t.halt = "the list has no such route any more"
		}
		w.check = true
		return w, ok, nil
	}
	routes := slices.Clone(t.h.List.Routes)
	for {
		r, probe, err := models.Pick(routes, t.d.Now())
		if err != nil {
			return t.stranded(err), false, nil
		}
		if !probe {
			return way{Route: r}, true, nil
		}
		down := t.d.Now().Sub(r.ChangedAt)
		mine, err := t.d.Store.TakeProbe(ctx, r, min(max(down, probeFirst), probeEvery))
		if err != nil || mine {
			return way{Route: r, probe: true}, mine, err
		}
		// Another one is finding out. Meanwhile the route is as down as before.
		later := t.d.Now().Add(probeLost)
		for i := range routes {
			if routes[i].ID == r.ID {
				routes[i].ProbeAt = &later
			}
		}
	}
}

// stranded is a list without a usable route: it waits for one that is down, or for a
// person.
func (t *trip) stranded(err error) way {
	if f, ok := err.(*fault.Fault); ok && f.Kind == fault.Throttled { //nolint:errorlint // Pick promises this type
		return way{wait: max(f.RetryAfter, time.Second)}
	}
	t.halt = err.Error()
	return way{}
}

// onThisMachine reports whether nobody but this machine is behind the address.
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
	case w.check:
	case f.problem != "":
		return t.block(ctx, w, f.problem)
	case f.silent && w.State == models.RouteUp:
		_, err := t.moveRoute(ctx, w, models.RouteDown, "the provider does not answer", models.EventRouteDown, models.Warning)
		return err
	case w.probe && f.heard:
		_, err := t.moveRoute(ctx, w, models.RouteUp, "", models.EventRouteUp, models.Info)
		return err
	}
	return nil
}

// block takes a route out of use until a person has acted. Without another one the list
// is paused at once: each further text would only be refused.
func (t *trip) block(ctx context.Context, w way, problem string) error {
	first, err := t.moveRoute(ctx, w, models.RouteBlocked, problem, models.EventAccountProblem, models.Alert)
	if err != nil {
		return err
	}
	rest := make([]models.Route, 0, len(t.h.List.Routes))
	for _, r := range t.h.List.Routes {
		if r.ID != w.ID {
			rest = append(rest, r)
		}
	}
	_, _, err = models.Pick(rest, t.d.Now())
	if err == nil || fault.KindOf(err) == fault.Throttled {
		return nil
	}
	t.halt = problem
	if _, err := t.d.Store.MoveList(ctx, t.h.AccountID, t.h.List.ID, models.ListPaused, problem); err != nil || !first {
		return err // of several flights that find it out, one raises the event
	}
	return t.d.Store.AddEvent(ctx, models.Event{
		AccountID: t.h.AccountID, ListID: t.h.List.ID, Kind: models.EventListPaused, Severity: models.Alert,
		Text: "list " + t.h.List.Name + " is paused: " + problem,
	})
}

func (t *trip) moveRoute(ctx context.Context, w way, next models.RouteState, reason string, kind models.EventKind, s models.Severity) (bool, error) {
	first, err := t.d.Store.MoveRoute(ctx, w.Route, next, reason, probeFirst)
	if err != nil || !first {
		return false, err
	}
	text := w.Provider + " route of list " + t.h.List.Name + " is " + string(next)
	if reason != "" {
		text += ": " + reason
	}
	return true, t.d.Store.AddEvent(ctx, models.Event{AccountID: t.h.AccountID, ListID: t.h.List.ID, Kind: kind, Severity: s, Text: text})
}
