package sandbox

import (
	"context"
	"errors"
	"io"
	"net/http"
	"strings"
)

// errUnwell is an answer that is worth another try.
var errUnwell = errors.New("the receiver did not take the webhook")

// errRefused is an answer that is not.
var errRefused = errors.New("the receiver refused the webhook")

// parcel is one webhook, ready to post.
type parcel struct {
	address, body, kind, agent string
	method                     string            // empty means POST
	signed                     map[string]string // headers, as the provider spells them
	stubborn                   bool              // a refusal is worth another try too
	strict                     bool              // only 200 is a yes
}

// jsonParcel is a webhook of the providers that speak JSON. All of them try again until
// they hear a yes.
func jsonParcel(address, agent string, body []byte) parcel {
	return parcel{address: address, body: string(body), kind: "application/json", agent: agent, stubborn: true}
}

// post makes one webhook call.
func (s *Sandbox) post(ctx context.Context, p parcel) error {
	req, err := http.NewRequestWithContext(ctx, or(p.method, http.MethodPost), p.address, strings.NewReader(p.body))
	if err != nil {
		return errRefused
	}
	req.Header.Set("Content-Type", p.kind)
	req.Header.Set("User-Agent", p.agent)
	for name, value := range p.signed {
		req.Header.Set(name, value)
	}
	res, err := s.o.HTTP.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	_, _ = io.CopyN(io.Discard, res.Body, 64<<10) // read so that the connection is used again
	return p.judge(res.StatusCode)
}

func (p parcel) judge(status int) error {
	switch {
	case p.strict && status != http.StatusOK, status >= http.StatusInternalServerError:
		return errUnwell
	case status < http.StatusMultipleChoices:
		return nil
	case p.stubborn:
		return errUnwell
	}
	return errRefused
}
