package twilio

import (
	"cmp"
	"encoding/base64"
	"net/http"
	"net/url"

	"github.com/twilio/twilio-go/client"

	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

// Dialer makes Twilio adapters. A nil HTTP gives every adapter a client of its own, so
// a process with many lists sets one wire.NewClient here and shares its connections. A
// client set here must not resend a POST whose bytes may have left.
type Dialer struct{ HTTP *http.Client }

// Capabilities implements provider.Dialer. Twilio takes one text a request and has no
// idempotency key for messages.
func (Dialer) Capabilities() provider.Capabilities {
	return provider.Capabilities{Name: "twilio", BatchSize: 1, FindsTexts: true, Signs: true, AnswersStop: true, NeedsSID: true, LooksUp: true}
}

// Dial implements provider.Dialer. It opens no connection. An account that Check
// refuses makes an adapter whose every Send is an account problem.
func (d Dialer) Dial(a provider.Account) provider.Adapter {
	secret := base64.StdEncoding.EncodeToString([]byte(a.SID + ":" + a.Token))
	return &adapter{
		account:   a,
		http:      wire.Client(d.HTTP),
		auth:      "Basic " + secret,
		base:      baseOf(a.BaseURL),
		lookups:   wire.Base(cmp.Or(a.BaseURL, lookupsVendor)),
		callback:  wire.CallbackPrefix(a.StatusURL),
		validator: client.NewRequestValidator(a.Token),
	}
}

// baseOf is nil for an address nobody can call.
func baseOf(raw string) *url.URL { return wire.Base(cmp.Or(raw, vendor)) }
