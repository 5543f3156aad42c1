package api

import (
	"context"
	"crypto/subtle"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"trackly/internal/fault"
	"trackly/internal/handover"
	"trackly/internal/provider"
	"trackly/models"
)

// webhookStore finds the route a webhook is for, and stores what it says.
type webhookStore interface {
	WebhookRoute(ctx context.Context, id models.RouteID) (models.List, models.Route, models.Credentials, error)
	RecordStatus(ctx context.Context, account models.AccountID, list models.ListID, o models.Outcome) (bool, error)
	RecordInbound(ctx context.Context, l models.List, in models.Inbound) (models.InboundEffect, error)
	OptOutByProvider(ctx context.Context, account models.AccountID, ids []models.MessageID) error
	CountUnheard(ctx context.Context, account models.AccountID, provider string, codes map[string]int) error
}

const (
	// remembered is how long a route is not asked for again: changed credentials work
	// everywhere after this long.
	remembered  = 3 * time.Second
	lookupLimit = 5 * time.Second
)

// addressee is a route, its list, and its provider's way of reading webhooks.
type addressee struct {
	list    models.List
	route   models.Route
	caps    provider.Capabilities
	adapter provider.Webhooks
	secret  string // of its addresses
	until   time.Time
}

// dialled remembers the routes that webhooks are coming in for. A burst of callbacks for
// one route asks the database once.
type dialled struct {
	store     webhookStore
	providers provider.Registry
	door      handover.Door
	now       func() time.Time
	flights   singleflight.Group

	mu    sync.RWMutex
	known map[models.RouteID]addressee
}

func newDialled(store webhookStore, providers provider.Registry, door handover.Door, now func() time.Time) *dialled {
	return &dialled{store: store, providers: providers, door: door, now: now, known: map[models.RouteID]addressee{}}
}

// proves reports whether the secret in an address is the route's. Of a route that is
// remembered it is remembered too: deriving it is a tenth of a callback's work.
func (d *dialled) proves(id models.RouteID, secret string) bool {
	d.mu.RLock()
	a, ok := d.known[id]
	d.mu.RUnlock()
	if ok {
		return subtle.ConstantTimeCompare([]byte(a.secret), []byte(secret)) == 1
	}
	return d.door.Proves(id, secret)
}

// find is NotFound for a route that does not exist or has another provider.
func (d *dialled) find(ctx context.Context, name string, id models.RouteID) (addressee, error) {
	d.mu.RLock()
	a, ok := d.known[id]
	d.mu.RUnlock()
	if !ok || d.now().After(a.until) {
		v, err, _ := d.flights.Do(string(id), func() (any, error) { return d.load(ctx, id) })
		if err != nil {
			return addressee{}, err
		}
		a, _ = v.(addressee)
	}
	if a.route.Provider != name {
		return addressee{}, fault.New(fault.NotFound, "no such route")
	}
	return a, nil
}

func (d *dialled) load(ctx context.Context, id models.RouteID) (addressee, error) {
	// Others wait for this answer too: it must not end with the first one's request.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookupLimit)
	defer cancel()
	l, r, creds, err := d.store.WebhookRoute(ctx, id)
	if err != nil {
		d.forget(id)
		return addressee{}, err
	}
	dialer, err := d.providers.Dialer(r.Provider)
	if err != nil {
		return addressee{}, fault.Wrap(err, fault.Internal, "route %s has a provider nobody knows", id)
	}
	a := addressee{
		list: l, route: r, caps: dialer.Capabilities(), adapter: dialer.Dial(d.door.AccountOf(r, creds)), secret: d.door.Secret(id), until: d.now().Add(remembered),
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.known[id] = a
	return a, nil
}

func (d *dialled) forget(id models.RouteID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.known, id)
}
