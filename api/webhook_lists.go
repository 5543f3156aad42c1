package api

import (
	"context"
	"sync"
	"time"

	"golang.org/x/sync/singleflight"

	"trackly/internal/fault"
	"trackly/internal/handover"
	"trackly/internal/provider"
	"trackly/models"
)

// webhookStore finds the list a webhook is for, and stores what it says.
type webhookStore interface {
	WebhookList(ctx context.Context, id models.ListID) (models.List, string, error)
	RecordStatus(ctx context.Context, account models.AccountID, list models.ListID, o models.Outcome) (bool, error)
	RecordInbound(ctx context.Context, in models.Inbound) (models.InboundEffect, error)
}

const (
	// remembered is how long a list is not asked for again: a changed token works
	// everywhere after this long.
	remembered  = 3 * time.Second
	lookupLimit = 5 * time.Second
)

// addressee is a list with its provider's way of reading webhooks.
type addressee struct {
	list    models.List
	adapter provider.Webhooks
	until   time.Time
}

// dialled remembers the lists that webhooks are coming in for. A burst of callbacks
// for one list asks the database once.
type dialled struct {
	store     webhookStore
	providers provider.Registry
	publicURL string
	now       func() time.Time
	flights   singleflight.Group

	mu    sync.RWMutex
	known map[models.ListID]addressee
}

func newDialled(store webhookStore, providers provider.Registry, publicURL string, now func() time.Time) *dialled {
	return &dialled{store: store, providers: providers, publicURL: publicURL, now: now, known: map[models.ListID]addressee{}}
}

// find is NotFound for a list that does not exist or has another provider.
func (d *dialled) find(ctx context.Context, name string, id models.ListID) (addressee, error) {
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
	if a.list.Provider != name {
		return addressee{}, fault.New(fault.NotFound, "no such list")
	}
	return a, nil
}

func (d *dialled) load(ctx context.Context, id models.ListID) (addressee, error) {
	// Others wait for this answer too: it must not end with the first one's request.
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), lookupLimit)
	defer cancel()
	l, token, err := d.store.WebhookList(ctx, id)
	if err != nil {
		d.forget(id)
		return addressee{}, err
	}
	dialer, err := d.providers.Dialer(l.Provider)
	if err != nil {
		return addressee{}, fault.Wrap(err, fault.Internal, "list %s has a provider nobody knows", id)
	}
	a := addressee{
		list: l, adapter: dialer.Dial(handover.AccountOf(l, token, d.publicURL)), until: d.now().Add(remembered),
	}
	d.mu.Lock()
	defer d.mu.Unlock()
	d.known[id] = a
	return a, nil
}

func (d *dialled) forget(id models.ListID) {
	d.mu.Lock()
	defer d.mu.Unlock()
	delete(d.known, id)
}
