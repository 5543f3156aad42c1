package infobip

import (
	"net/http"
	"net/url"
	"regexp"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

// who is the vendor in messages.
const who = "Infobip"

// batchSize bounds what one lost answer leaves in doubt. Infobip documents no maximum.
const batchSize = 500

var apiKey = regexp.MustCompile(`^[\x21-\x7e]{1,256}$`)

// Dialer makes Infobip adapters. A nil HTTP gives every adapter a client of its own, so
// a process with many lists sets one wire.NewClient here and shares its connections.
type Dialer struct{ HTTP *http.Client }

// Capabilities implements provider.Dialer. Infobip rejects a message id it has seen.
func (Dialer) Capabilities() provider.Capabilities {
	return provider.Capabilities{Name: "infobip", BatchSize: batchSize, OwnIDs: true, FindsTexts: true}
}

// Check implements provider.Dialer: an Invalid fault names every field that cannot
// work. There is no address of Infobip's own to fall back on: every account has one.
func (Dialer) Check(a provider.Account) error {
	var bad fault.Problems
	if !apiKey.MatchString(a.Token) {
		bad.Add("token", "must be an API key, without blanks")
	}
	if !wire.IsSender(a.From) {
		bad.Add("from", "must be a number such as +15005550006, or a short code")
	}
	if wire.Base(a.BaseURL) == nil {
		bad.Add("base_url", "must be the account's own address, such as https://xxxxx.api.infobip.com")
	}
	if wire.Base(a.StatusURL) == nil {
		bad.Add("status_url", "must be an http or https address")
	}
	return bad.Err("the Infobip account")
}

// adapter is one Infobip account. It has no state of its own and is safe for
// concurrent use.
type adapter struct {
	http   *http.Client
	base   *url.URL // nil when the configured address is nonsense
	header http.Header
	from   string
	frame  frame
}

// Dial implements provider.Dialer. It opens no connection. An account without an
// address makes an adapter whose every Send is an account problem.
func (d Dialer) Dial(a provider.Account) provider.Adapter {
	return &adapter{
		http: wire.Client(d.HTTP),
		base: wire.Base(a.BaseURL),
		header: http.Header{
			"Authorization": {"App " + a.Token}, "Content-Type": {"application/json"}, "Accept": {"application/json"},
		},
		from:  a.From,
		frame: frameOf(a),
	}
}

// call is a request to a path of the account.
func (a *adapter) call(method, path string, query url.Values, body []byte) wire.Call {
	u := *a.base
	u.Path += path
	u.RawQuery = query.Encode()
	return wire.Call{Method: method, URL: &u, Header: a.header, Body: body}
}
