package api

import (
	"context"
	"sync"
	"time"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/postback"
)

// secrets remembers the offers that postbacks are coming in for: a burst of them asks the
// database once, and a change works everywhere a few seconds later.
type secrets struct {
	store postbackStore
	now   func() time.Time

	mu    sync.RWMutex
	known map[string]secretOffer // by the hash of the secret
}

// secretOffer has the terms too: their zone is a file on the disk, and opening it for every
// postback was a tenth of the work.
type secretOffer struct {
	models.Offer
	terms postback.Terms
	until time.Time
}

func newSecrets(store postbackStore, now func() time.Time) *secrets {
	return &secrets{store: store, now: now, known: map[string]secretOffer{}}
}

// find is NotFound for whatever is no secret of an offer, in the same words.
func (s *secrets) find(ctx context.Context, secret string) (secretOffer, error) {
	if !models.IsOfferSecret(secret) {
		return secretOffer{}, noSecret()
	}
	hash := models.HashOfferSecret(secret)
	s.mu.RLock()
	k, ok := s.known[string(hash)]
	s.mu.RUnlock()
	if ok && s.now().Before(k.until) {
		return k, nil
	}
	o, err := s.store.OfferBySecret(ctx, hash)
	s.mu.Lock()
	defer s.mu.Unlock()
	switch {
	case err == nil: // as many as there are offers: a wrong secret is not remembered
		k = secretOffer{Offer: o, terms: termsOf(o), until: s.now().Add(remembered)}
		s.known[string(hash)] = k
	case fault.KindOf(err) == fault.NotFound:
		delete(s.known, string(hash))
		err = noSecret()
	}
	return k, err
}

func noSecret() error { return fault.New(fault.NotFound, "nothing is here") }
