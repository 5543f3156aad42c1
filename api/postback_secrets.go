package api

import (
	"context"
	"sync"
	"time"

	"trackly/internal/fault"
	"trackly/models"
)

// secrets remembers the offers that postbacks are coming in for: a burst of them asks the
// database once, and a change works everywhere a few seconds later.
type secrets struct {
	store postbackStore
	now   func() time.Time

	mu    sync.RWMutex
	known map[string]secretOffer // by the hash of the secret
}

type secretOffer struct {
	offer models.Offer
	until time.Time
}

func newSecrets(store postbackStore, now func() time.Time) *secrets {
	return &secrets{store: store, now: now, known: map[string]secretOffer{}}
}

// find is NotFound for whatever is no secret of an offer, in the same words.
func (s *secrets) find(ctx context.Context, secret string) (models.Offer, error) {
	if !models.IsOfferSecret(secret) {
		return models.Offer{}, noSecret()
	}
	hash := models.HashOfferSecret(secret)
	s.mu.RLock()
	k, ok := s.known[string(hash)]
	s.mu.RUnlock()
	if ok && s.now().Before(k.until) {
		return k.offer, nil
	}
	o, err := s.store.OfferBySecret(ctx, hash)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err == nil: // as many as there are offers: a wrong secret is not remembered
		s.known[string(hash)] = secretOffer{offer: o, until: s.now().Add(remembered)}
	case fault.KindOf(err) == fault.NotFound:
		delete(s.known, string(hash))
		err = noSecret()
	}
	return o, err
}

func noSecret() error { return fault.New(fault.NotFound, "nothing is here") }
