package twilio

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/http/httptrace"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"github.com/twilio/twilio-go/client"
	openapi "github.com/twilio/twilio-go/rest/api/v2010"
)

// answerLimit is the most bytes read of one answer. A page of fifty messages is some
// 60 KB.
const answerLimit = 1 << 20

// vendor is the address twilio-go builds its requests for.
const vendor = "https://api.twilio.com"

var errElsewhere = errors.New("the library asked for an unexpected address")

// call is one request through twilio-go's client.BaseClient seam. It exists because
// twilio-go's methods take no context, lose Retry-After, and tell a request that never
// left from one whose answer was lost by nothing.
type call struct {
	*adapter
	ctx   context.Context //nolint:containedctx // the seam has no context parameter; a call lives as long as its request
	left  atomic.Bool     // bytes of the request may have reached Twilio
	heard bool            // an answer arrived whole
}

// api is made by hand: the library's constructor reads the environment, and a
// TWILIO_REGION there would send texts elsewhere than the list says.
func (c *call) api() *openapi.ApiService {
	return openapi.NewApiService(&client.RequestHandler{Client: c})
}

// SendRequest implements client.BaseClient. Any status but 2xx is a *refusal.
func (c *call) SendRequest(method, rawURL string, data url.Values, _ map[string]any, _ ...byte) (*http.Response, error) {
	req, err := c.request(method, rawURL, data)
	if err != nil {
		return nil, err
	}
	res, err := c.http.Do(req)
	if err != nil {
		return nil, bare(err)
	}
	body, err := drain(res)
	if err != nil {
		return nil, bare(err)
	}
	c.heard = true
	if res.StatusCode < 200 || res.StatusCode > 299 {
		return nil, refused(res, body, time.Now())
	}
	if method == http.MethodPost {
		body = slim(body)
	}
	res.Body = io.NopCloser(bytes.NewReader(body))
	return res, nil
}

// slim leaves only the sid of a created message for twilio-go to decode, which takes
// ten microseconds for the twenty fields nobody here reads. A quote inside a JSON
// string is escaped, so the pattern cannot match in a text's body. An answer with a sid
// is an acceptance, whatever else is in it, so the rest is not checked, which took five
// more. What does not look as expected stays as it is.
func slim(body []byte) []byte {
	_, rest, found := bytes.Cut(body, []byte(`"sid":"`))
	sid, _, closed := bytes.Cut(rest, []byte(`"`))
	if !found || !closed || body[0] != '{' || !bytes.HasSuffix(bytes.TrimSpace(body), []byte("}")) {
		return body
	}
	return append(append([]byte(`{"sid":"`), sid...), `"}`...)
}

// request aims what twilio-go built at the list's own address. It parses no address on
// the way: this runs once a text.
func (c *call) request(method, rawURL string, data url.Values) (*http.Request, error) {
	path, ok := strings.CutPrefix(rawURL, vendor)
	if !ok {
		return nil, errElsewhere
	}
	u, form := *c.base, data.Encode()
	u.Path += path
	if method == http.MethodGet {
		u.RawQuery, form = form, ""
	}
	ctx := httptrace.WithClientTrace(c.ctx, c.trace())
	req, err := http.NewRequestWithContext(ctx, method, "", strings.NewReader(form))
	if err != nil {
		return nil, err
	}
	req.URL, req.Host = &u, u.Host
	req.Header["Authorization"] = []string{c.auth}
	if form != "" {
		req.Header["Content-Type"] = []string{"application/x-www-form-urlencoded"}
	}
	return req, nil
}

// trace watches whether anything left. A new connection is only asked for while
// nothing was written, so it starts the watch afresh.
func (c *call) trace() *httptrace.ClientTrace {
	return &httptrace.ClientTrace{
		GetConn:      func(string) { c.left.Store(false) },
		WroteHeaders: func() { c.left.Store(true) },
		WroteRequest: func(httptrace.WroteRequestInfo) { c.left.Store(true) },
	}
}

// drain reads an answer to its end, without which its connection is not used again.
func drain(res *http.Response) ([]byte, error) {
	defer func() { _ = res.Body.Close() }()
	buf := bytes.NewBuffer(make([]byte, 0, 2048))
	_, err := buf.ReadFrom(io.LimitReader(res.Body, answerLimit))
	return buf.Bytes(), err
}

// bare takes the address off an error: a look-up's address has the phone in it.
func bare(err error) error {
	if u, ok := errors.AsType[*url.Error](err); ok {
		return u.Err
	}
	return err
}

// AccountSid implements client.BaseClient.
func (c *call) AccountSid() string { return c.account.SID }

// SetTimeout implements client.BaseClient; the http.Client has the limit.
func (c *call) SetTimeout(time.Duration) {}

// SetOauth implements client.BaseClient; accounts use basic authentication.
func (c *call) SetOauth(client.OAuth) {}

// OAuth implements client.BaseClient.
func (c *call) OAuth() client.OAuth { return nil }
