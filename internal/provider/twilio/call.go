package twilio

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"github.com/twilio/twilio-go/client"
	openapi "github.com/twilio/twilio-go/rest/api/v2010"

	"trackly/internal/provider/wire"
)

// vendor is the address twilio-go builds its requests for.
const vendor = "https://api.twilio.com"

// lookupsVendor is the same for look-ups of phones, which have a host of their own.
const lookupsVendor = "https://lookups.twilio.com"

// who is the vendor in messages.
const who = "Twilio"

var errElsewhere = errors.New("the library asked for an unexpected address")

// call is one request through twilio-go's client.BaseClient seam. It exists because
// twilio-go's methods take no context, lose Retry-After, and tell a request that never
// left from one whose answer was lost by nothing.
type call struct {
	*adapter
	ctx   context.Context //nolint:containedctx // the seam has no context parameter; a call lives as long as its request
	reply wire.Reply      // what the library does not tell of the answer
}

// api is made by hand: the library's constructor reads the environment, and a
// TWILIO_REGION there would send texts elsewhere than the list says.
func (c *call) api() *openapi.ApiService {
	return openapi.NewApiService(&client.RequestHandler{Client: c})
}

// SendRequest implements client.BaseClient. Any status but 2xx is a *wire.Refusal.
func (c *call) SendRequest(method, rawURL string, data url.Values, _ map[string]any, _ ...byte) (*http.Response, error) {
	request, err := c.request(method, rawURL, data)
	if err != nil {
		return nil, err
	}
	c.reply = request.Do(c.ctx, c.http)
	if c.reply.Err != nil {
		return nil, c.reply.Err
	}
	if !c.reply.OK() {
		return nil, refused(c.reply)
	}
	body := c.reply.Body
	if method == http.MethodPost {
		body = slim(body)
	}
	return &http.Response{StatusCode: c.reply.Status, Header: c.reply.Header, Body: io.NopCloser(bytes.NewReader(body))}, nil
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
func (c *call) request(method, rawURL string, data url.Values) (wire.Call, error) {
	base := c.base
	path, ok := strings.CutPrefix(rawURL, vendor)
	if !ok {
		path, ok = strings.CutPrefix(rawURL, lookupsVendor)
		base = c.lookups
	}
	if !ok {
		return wire.Call{}, errElsewhere
	}
	u, form := *base, data.Encode()
	u.Path += path
	if method == http.MethodGet {
		u.RawQuery, form = form, ""
	}
	header := http.Header{"Authorization": {c.auth}}
	if form != "" {
		header["Content-Type"] = []string{"application/x-www-form-urlencoded"}
	}
	return wire.Call{Method: method, URL: &u, Header: header, Body: []byte(form)}, nil
}

// AccountSid implements client.BaseClient.
func (c *call) AccountSid() string { return c.account.SID }

// SetTimeout implements client.BaseClient; the http.Client has the limit.
func (c *call) SetTimeout(time.Duration) {}

// SetOauth implements client.BaseClient; accounts use basic authentication.
func (c *call) SetOauth(client.OAuth) {}

// OAuth implements client.BaseClient.
func (c *call) OAuth() client.OAuth { return nil }
