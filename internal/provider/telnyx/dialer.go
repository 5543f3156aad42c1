package telnyx

import (
	"cmp"
	"crypto/ed25519"
	"encoding/base64"
	"net/http"
	"net/url"

	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

const (
	// vendor is Telnyx's own address.
	vendor = "https://api.telnyx.com"
	// who is the vendor in messages.
	who = "Telnyx"
)

// Dialer makes Telnyx adapters. A nil HTTP gives every adapter a client of its own, so
// a process with many lists sets one wire.NewClient here and shares its connections. A
// client set here must not resend a POST whose bytes may have left.
type Dialer struct{ HTTP *http.Client }

// Capabilities implements provider.Dialer. Telnyx's Idempotency-Key is not declared for
// messages, and a text can only be asked for by Telnyx's own id, which an answer that
// was lost would have brought.
func (Dialer) Capabilities() provider.Capabilities {
	return provider.Capabilities{Name: "telnyx", BatchSize: 1, Signs: true, AnswersStop: true, NeedsKey: true}
}

// Dial implements provider.Dialer. It opens no connection. An account that Check
// refuses makes an adapter whose every Send is an account problem, or that takes every
// webhook for a forgery.
func (d Dialer) Dial(a provider.Account) provider.Adapter {
	return &adapter{
		account:  a,
		http:     wire.Client(d.HTTP),
		auth:     "Bearer " + a.Token,
		base:     baseOf(a.BaseURL),
		callback: wire.CallbackPrefix(a.StatusURL),
		key:      keyOf(a.PublicKey),
	}
}

// baseOf is nil for an address nobody can call.
func baseOf(raw string) *url.URL { return wire.Base(cmp.Or(raw, vendor)) }

// keyOf is nil for what is no public key.
func keyOf(raw string) ed25519.PublicKey {
	key, err := base64.StdEncoding.DecodeString(raw)
	if err != nil || len(key) != ed25519.PublicKeySize {
		return nil
	}
	return key
}
