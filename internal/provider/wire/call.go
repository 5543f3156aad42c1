package wire

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"sync/atomic"
	"time"

	"trackly/internal/provider"
)

// answerLimit is the most bytes read of one answer. A thousand texts answered one by
// one are some 512 KiB.
const answerLimit = 4 << 20

var errTooLong = errors.New("the answer is too long")

// Call is one request to a provider.
type Call struct {
	Method string
	URL    *url.URL // not kept
	Header http.Header
	Body   []byte
}

// Reply is what is known after a call: an answer that arrived whole, or an error.
type Reply struct {
	Status int
	Header http.Header
	Body   []byte
	Err    error // nil when an answer arrived whole; holds no address: phones are in those
	Left   bool  // bytes of the request may have reached the provider
}

// Do makes the call, once. Left tells a request that never left this machine, which may
// be made again, from one whose answer was lost, which may not.
func (c Call) Do(ctx context.Context, hc *http.Client) Reply {
	var left atomic.Bool
	ctx = httptrace.WithClientTrace(ctx, watch(&left))
	// The address is known and set by hand: parsing it again would be paid once a text.
	req, err := http.NewRequestWithContext(ctx, c.Method, "", bytes.NewReader(c.Body))
	if err != nil {
		return Reply{Err: err}
	}
	req.URL, req.Host, req.Header = c.URL, c.URL.Host, c.Header
	res, err := hc.Do(req)
	if err != nil {
		return Reply{Err: bare(err), Left: left.Load()}
	}
	defer func() { _ = res.Body.Close() }()
	body, err := drain(res)
	return Reply{Status: res.StatusCode, Header: res.Header, Body: body, Err: bare(err), Left: true}
}

// watch notes whether anything left. A new connection is only asked for while nothing
// was written, so it starts the watch afresh.
func watch(left *atomic.Bool) *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn:      func(string) { left.Store(false) },
		WroteHeaders: func() { left.Store(true) },
		WroteRequest: func(httptrace.WroteRequestInfo) { left.Store(true) },
	}
}

// drain reads an answer to its end, without which its connection is not used again.
func drain(res *http.Response) ([]byte, error) {
	size := int64(2048)
	if res.ContentLength > size && res.ContentLength <= answerLimit {
		size = res.ContentLength
	}
	buf := bytes.NewBuffer(make([]byte, 0, size+bytes.MinRead))
	n, err := buf.ReadFrom(io.LimitReader(res.Body, answerLimit+1))
	if err == nil && n > answerLimit {
		err = errTooLong
	}
	return buf.Bytes(), err
}

// bare takes the address off an error: a look-up's address has the phone in it.
func bare(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

// OK reports whether the provider answered with a 2xx.
func (r Reply) OK() bool { return r.Err == nil && r.Status >= 200 && r.Status <= 299 }

// RetryAfter is how long the provider asks to be left alone, 0 when it did not say.
func (r Reply) RetryAfter() time.Duration { return waitOf(r.Header.Get("Retry-After"), time.Now()) }

// Lost is what a call without an answer means for its texts. who is the provider's name.
func (r Reply) Lost(who string) provider.Answer {
	if r.Left {
		return provider.Answer{Class: provider.Unanswered, Text: "the connection ended before " + who + " answered"}
	}
	return provider.Answer{Class: provider.RetrySoon, Text: who + " could not be reached"}
}

// Garbled is what a success nobody can read means for its texts.
func Garbled(who string) provider.Answer {
	return provider.Answer{Class: provider.Unanswered, Text: who + "'s answer could not be read"}
}
