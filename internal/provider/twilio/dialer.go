package twilio

import (
	"encoding/base64"
	"net"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/twilio/twilio-go/client"

	"trackly/internal/provider"
)

// callLimit is how long one request to Twilio may take, in all.
const callLimit = 10 * time.Second

// Dialer makes Twilio adapters. A nil HTTP gives every adapter a client of its own, so
// a process with many lists sets one NewClient here and shares its connections. A
// client set here must not resend a POST whose bytes may have left.
type Dialer struct{ HTTP *http.Client }

// NewClient is a client for many small requests to one host: connections are kept, a
// request takes at most ten seconds, redirects are not followed. It speaks HTTP/1.1
// only: there net/http resends a POST on a dead idle connection only when not one byte
// of it was written, which cannot send a text twice.
func NewClient() *http.Client {
	only := new(http.Protocols)
	only.SetHTTP1(true)
	return &http.Client{
		Timeout:       callLimit,
		CheckRedirect: stay,
		Transport: &http.Transport{
			Proxy:                 http.ProxyFromEnvironment,
			DialContext:           (&net.Dialer{Timeout: 5 * time.Second, KeepAlive: 30 * time.Second}).DialContext,
			TLSHandshakeTimeout:   5 * time.Second,
			ExpectContinueTimeout: time.Second,
			MaxIdleConns:          1024,
			MaxIdleConnsPerHost:   256,
			// Shorter than the far side's patience: a text written to a connection
			// the other end is just closing is a text whose fate nobody knows.
			IdleConnTimeout: 30 * time.Second,
			Protocols:       only,
		},
	}
}

// stay keeps a redirect as the answer. A 307 would have the POST sent again elsewhere.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }

// Capabilities implements provider.Dialer. Twilio takes one text a request and has no
// idempotency key for messages.
func (Dialer) Capabilities() provider.Capabilities {
	return provider.Capabilities{Name: "twilio", BatchSize: 1, FindsTexts: true, Signs: true, AnswersStop: true, NeedsSID: true}
}

// Dial implements provider.Dialer. It opens no connection. An account that Check
// refuses makes an adapter whose every Send is an account problem.
func (d Dialer) Dial(a provider.Account) provider.Adapter {
	secret := base64.StdEncoding.EncodeToString([]byte(a.SID + ":" + a.Token))
	return &adapter{
		account:   a,
		http:      d.client(),
		auth:      "Basic " + secret,
		base:      baseOf(a.BaseURL),
		callback:  callbackPrefix(a.StatusURL),
		validator: client.NewRequestValidator(a.Token),
	}
}

func (d Dialer) client() *http.Client {
	if d.HTTP == nil {
		return NewClient()
	}
	own := *d.HTTP
	own.CheckRedirect = stay
	return &own
}

// baseOf is nil for an address nobody can call, so that a mistyped stand-in is never
// replaced by the real Twilio.
func baseOf(raw string) *url.URL {
	if raw == "" {
		raw = vendor
	}
	u, err := url.Parse(raw)
	if err != nil || !webAddress(u) {
		return nil
	}
	u.Path = strings.TrimSuffix(u.Path, "/")
	return u
}

// callbackPrefix is all of the callback's address but our message id.
func callbackPrefix(statusURL string) string {
	switch {
	case statusURL == "":
		return ""
	case strings.Contains(statusURL, "?"):
		return statusURL + "&message="
	default:
		return statusURL + "?message="
	}
}
