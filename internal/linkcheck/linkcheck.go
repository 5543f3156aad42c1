// Package linkcheck finds out whether a link domain leads to this installation: its name
// resolves, it speaks HTTPS with a certificate that phones accept, and who answers there is
// us. It decides nothing about the domain and keeps nothing.
package linkcheck

import (
	"context"
	"crypto/hmac"
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/hex"
	"errors"
	"io"
	"net/http"
	"net/url"
	"strings"
	"time"

	"trackly/internal/reach"
)

// Path is where the other end answers.
const Path = "/.well-known/trackly"

const (
	limit = 6 * time.Second // of one try
	pause = time.Second     // between two
	tries = 2               // one lost packet must not take a domain out of use
)

// Checker asks domains, and answers for this installation. It is safe for concurrent use.
type Checker struct {
	key  []byte
	http *http.Client
}

// New makes a checker. Every process of an installation has the same key. local lets it ask
// domains on this machine and in private networks.
func New(key []byte, local bool) *Checker {
	return &Checker{key: key, http: reach.NewClient(limit, local)}
}

// sign keeps the questions apart from the answers: one must not pass for the other.
func (c *Checker) sign(what, nonce string) string {
	mac := hmac.New(sha256.New, c.key)
	_, _ = mac.Write([]byte(what + "\n" + nonce)) // a hash never fails
	return hex.EncodeToString(mac.Sum(nil))
}

// Ask makes a question that only this installation answers.
func (c *Checker) Ask() string {
	nonce := rand.Text()
	return nonce + "." + c.sign("ask", nonce)
}

// Answer answers a question of this installation. Anybody else's gets nothing: an answer to
// everybody would show which domains belong together.
func (c *Checker) Answer(ask string) (string, bool) {
	nonce, mac, ok := strings.Cut(ask, ".")
	if !ok || len(nonce) > 64 || subtle.ConstantTimeCompare([]byte(mac), []byte(c.sign("ask", nonce))) != 1 {
		return "", false
	}
	return c.sign("answer", nonce), true
}

// Check says what is wrong with the domain at this URL; nothing is wrong when it is empty.
func (c *Checker) Check(ctx context.Context, domain string) (problem string) {
	for try := range tries {
		if try > 0 && !sleep(ctx, pause) {
			break
		}
		if problem = c.once(ctx, domain); problem == "" {
			break
		}
	}
	return problem
}

func (c *Checker) once(ctx context.Context, domain string) string {
	ask := c.Ask()
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, domain+Path+"?ask="+url.QueryEscape(ask), nil)
	if err != nil {
		return "the address cannot be read"
	}
	res, err := c.http.Do(req)
	if err != nil {
		return explain(err)
	}
	defer func() { _ = res.Body.Close() }() // nothing was written
	want, _ := c.Answer(ask)
	got, err := io.ReadAll(io.LimitReader(res.Body, int64(len(want))+2))
	switch {
	case res.StatusCode >= http.StatusMultipleChoices && res.StatusCode < http.StatusBadRequest:
		return "the server there redirects instead of answering: point the domain at this installation itself"
	case res.StatusCode >= http.StatusInternalServerError:
		return "the server there fails: it answered " + res.Status
	case err != nil:
		return explain(err)
	case res.StatusCode != http.StatusOK || strings.TrimSpace(string(got)) != want:
		return "another server answers there, not this installation: point the domain's DNS, or its proxy, here"
	}
	return ""
}

// sleep reports whether it slept for so long.
func sleep(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}

// isTimeout reports whether it was one, of any kind.
func isTimeout(err error) bool {
	var t interface{ Timeout() bool }
	return errors.As(err, &t) && t.Timeout()
}
