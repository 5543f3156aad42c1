package sandbox

import (
	"context"
	"crypto/hmac"
	"crypto/sha1" //nolint:gosec // Twilio signs webhooks with HMAC-SHA1
	"encoding/base64"
	"errors"
	"io"
	"net/http"
	"net/url"
	"slices"
	"strings"
)

// errUnwell is an answer that is worth another try.
var errUnwell = errors.New("the receiver answered 5xx")

// errRefused is an answer that is not.
var errRefused = errors.New("the receiver refused the webhook")

// sign is Twilio's signature: the address, then every field's name and value in the
// order of names.
func sign(token, address string, form url.Values) string {
	keys := make([]string, 0, len(form))
	for k := range form {
		keys = append(keys, k)
	}
	slices.Sort(keys)
	mac := hmac.New(sha1.New, []byte(token))
	_, _ = io.WriteString(mac, address) // a hash never fails
	for _, k := range keys {
		_, _ = io.WriteString(mac, k+form.Get(k))
	}
	return base64.StdEncoding.EncodeToString(mac.Sum(nil))
}

// post makes one signed webhook call.
func (s *Sandbox) post(ctx context.Context, token, address string, form url.Values) error {
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, address, strings.NewReader(form.Encode()))
	if err != nil {
		return errRefused
	}
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("User-Agent", "TwilioProxy/1.1")
	req.Header.Set("X-Twilio-Signature", sign(token, address, form))
	res, err := s.o.HTTP.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	_, _ = io.CopyN(io.Discard, res.Body, 64<<10) // read so that the connection is used again
	switch {
	case res.StatusCode >= http.StatusInternalServerError:
		return errUnwell
	case res.StatusCode >= http.StatusMultipleChoices:
		return errRefused
	}
	return nil
}
