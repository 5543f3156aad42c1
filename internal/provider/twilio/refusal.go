package twilio

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"strings"
	"time"

	"trackly/internal/fault"
	"trackly/internal/provider"
)

// longestWait bounds Retry-After: a date from a wrong clock must not silence a list.
const longestWait = 24 * time.Hour

// refusal is any answer but a 2xx. Twilio's own words are not kept: they quote phones.
type refusal struct {
	status     int
	code       string // empty when the answer was not Twilio's JSON
	retryAfter time.Duration
}

// Error implements error.
func (r *refusal) Error() string {
	return fmt.Sprintf("twilio answered %d with code %s", r.status, r.code)
}

func refused(res *http.Response, body []byte, now time.Time) *refusal {
	var said struct {
		Code int `json:"code"`
	}
	r := &refusal{status: res.StatusCode, retryAfter: waitOf(res.Header.Get("Retry-After"), now)}
	if json.Unmarshal(body, &said) == nil && said.Code != 0 {
		r.code = strconv.Itoa(said.Code)
	}
	return r
}

// waitOf reads Retry-After, which is seconds or an HTTP date. 0 means not said.
func waitOf(header string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if n, err := strconv.ParseUint(header, 10, 31); err == nil {
		return min(time.Duration(n)*time.Second, longestWait)
	}
	at, err := http.ParseTime(header)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), longestWait)
}

// answer classes a refused text. What Twilio may have accepted before it failed is
// Unanswered whatever the code: its own advice is that resending after 20500 can send
// twice.
func (r *refusal) answer() provider.Answer {
	_, known := codes[r.code]
	a := provider.Answer{Class: r.class(), Text: r.sentence(), Code: r.code, Unheard: r.code != "" && !known}
	if a.Class == provider.RetrySoon {
		a.RetryAfter = r.retryAfter
	}
	return a
}

func (r *refusal) class() provider.Class {
	if r.status < 400 || r.status >= 500 || r.status == http.StatusRequestTimeout {
		return provider.Unanswered
	}
	if m, ok := codes[r.code]; ok {
		return m.Class
	}
	switch r.status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
		return provider.AccountProblem
	case http.StatusTooManyRequests:
		return provider.RetrySoon
	}
	return unheardOf
}

func (r *refusal) sentence() string {
	if m, ok := codes[r.code]; ok {
		return m.Sentence
	}
	return fmt.Sprintf("Twilio refused the text (HTTP %d, code %s)", r.status, r.code)
}

// fault is what a refused look-up means: nothing was learnt.
func (r *refusal) fault() error {
	switch r.class() {
	case provider.AccountProblem:
		return fault.Wrap(r, fault.Forbidden, "Twilio does not let this account look texts up")
	case provider.RetrySoon:
		return fault.After(r.retryAfter, "Twilio asks for patience")
	default:
		return fault.Wrap(r, fault.Broken, "Twilio could not look the text up")
	}
}
