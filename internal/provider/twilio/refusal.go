package twilio

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strconv"
	"time"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

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

func refused(reply wire.Reply) *refusal {
	var said struct {
		Code int `json:"code"`
	}
	r := &refusal{status: reply.Status, retryAfter: reply.RetryAfter()}
	if json.Unmarshal(reply.Body, &said) == nil && said.Code != 0 {
		r.code = strconv.Itoa(said.Code)
	}
	return r
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
