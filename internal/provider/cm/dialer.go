package cm

import (
	"cmp"
	"context"
	"net/http"
	"net/url"
	"regexp"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

const (
	// who is the vendor in messages.
	who = "CM"
	// vendor is where CM's own clients send.
	vendor = "https://gw.cmtelecom.com"
	// batchSize is CM's limit.
	batchSize = 1000
)

var productToken = regexp.MustCompile(`^[\x21-\x7e]{1,128}$`)

// Dialer makes CM adapters. A nil HTTP gives every adapter a client of its own, so a
// process with many lists sets one wire.NewClient here and shares its connections.
type Dialer struct{ HTTP *http.Client }

// Capabilities implements provider.Dialer. Any answer but 200 has CM post an inbound
// text again for a month.
func (Dialer) Capabilities() provider.Capabilities {
	return provider.Capabilities{Name: "cm", BatchSize: batchSize, InboundOK: http.StatusOK}
}

// Check implements provider.Dialer: an Invalid fault names every field that cannot
// work. Where reports go is set in CM's portal, so StatusURL is not looked at.
func (Dialer) Check(a provider.Account) error {
	var bad fault.Problems
	if !productToken.MatchString(a.Token) {
		bad.Add("token", "must be a product token, without blanks")
	}
	if !wire.IsSender(a.From) {
		bad.Add("from", "must be a number such as +15005550006, or a short code")
	}
	if baseOf(a.BaseURL) == nil {
		bad.Add("base_url", "must be an http or https address")
	}
	return bad.Err("the CM account")
}

// adapter is one product token. It has no state of its own and is safe for concurrent
// use.
type adapter struct {
	http   *http.Client
	url    *url.URL // nil when the configured address is nonsense
	header http.Header
	from   string
	frame  frame
}

// Dial implements provider.Dialer. It opens no connection. An account with a nonsense
// address makes an adapter whose every Send is an account problem.
func (d Dialer) Dial(a provider.Account) provider.Adapter {
	u := baseOf(a.BaseURL)
	if u != nil {
		u.Path += "/v1.0/message"
	}
	return &adapter{
		http: wire.Client(d.HTTP), url: u, from: a.From, frame: frameOf(a),
		// No token: it is in the body.
		header: http.Header{"Content-Type": {"application/json"}, "Accept": {"application/json"}},
	}
}

// baseOf is nil for an address nobody can call.
func baseOf(raw string) *url.URL { return wire.Base(cmp.Or(raw, vendor)) }

// Find implements provider.Sender: CM has nothing to ask.
func (*adapter) Find(context.Context, provider.Query) (provider.Finding, error) {
	return provider.Finding{}, fault.New(fault.Invalid, "CM cannot be asked what became of a text")
}
