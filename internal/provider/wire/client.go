package wire

import (
	"net"
	"net/http"
	"time"
)

// callLimit is how long one request may take, in all.
const callLimit = 10 * time.Second

// NewClient is a client for many small requests to one host: connections are kept, a
// request takes at most ten seconds, redirects are not followed. It speaks HTTP/1.1
// only: there net/http resends a POST on a dead idle connection only when not one byte
// of it was written, which cannot send a text twice. An Idempotency-Key header undoes
// that: net/http takes it as leave to resend.
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

// Client is hc with redirects left alone, or a client of its own when there is none.
func Client(hc *http.Client) *http.Client {
	if hc == nil {
		return NewClient()
	}
	own := *hc
	own.CheckRedirect = stay
	return &own
}

// stay keeps a redirect as the answer. A 307 would have the POST sent again elsewhere.
func stay(*http.Request, []*http.Request) error { return http.ErrUseLastResponse }
