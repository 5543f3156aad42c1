package wire

import (
	"fmt"
	"net/http"
	"time"

	"trackly/internal/fault"
	"trackly/internal/provider"
)

// UnheardOf is the class of a code in no table. The text was certainly not delivered,
// so trying again a few times is harmless; the other classes would write off a phone,
// stop a list or accuse a creative on no evidence.
const UnheardOf = provider.RetryLater

// Refusal is any answer but a 2xx. The provider's own words are not kept: they quote
// phones.
type Refusal struct {
	Who        string // the provider's name
	Status     int
	Code       string // empty when the answer was not the provider's JSON
	RetryAfter time.Duration
	Codes      map[string]provider.Meaning
}

// Error implements error.
func (r *Refusal) Error() string {
	return fmt.Sprintf("%s answered %d with code %s", r.Who, r.Status, r.Code)
}

// Answer classes what a refused request says of its texts.
func (r *Refusal) Answer() provider.Answer {
	_, known := r.Codes[r.Code]
	a := provider.Answer{Class: r.Class(), Text: r.sentence(), Code: r.Code}
	a.Whole = a.Class != provider.Unanswered
	// No code would change what a failure of the provider means.
	a.Unheard = r.Code != "" && !known && a.Class != provider.Unanswered
	if a.Class == provider.RetrySoon {
		a.RetryAfter = r.RetryAfter
	}
	return a
}

// Class is the code's, or else the status's. What a provider may have accepted before
// it failed is Unanswered whatever the code: resending after a 5xx can send twice.
func (r *Refusal) Class() provider.Class {
	if r.Status < 400 || r.Status >= 500 || r.Status == http.StatusRequestTimeout {
		return provider.Unanswered
	}
	if m, ok := r.Codes[r.Code]; ok {
		return m.Class
	}
	switch r.Status {
	case http.StatusUnauthorized, http.StatusForbidden, http.StatusNotFound:
		return provider.AccountProblem
	case http.StatusTooManyRequests:
		return provider.RetrySoon
	}
	return UnheardOf
}

func (r *Refusal) sentence() string {
	if m, ok := r.Codes[r.Code]; ok {
		return m.Sentence
	}
	if r.Code == "" {
		return fmt.Sprintf("%s refused the text (HTTP %d)", r.Who, r.Status)
	}
	return fmt.Sprintf("%s refused the text (HTTP %d, code %s)", r.Who, r.Status, r.Code)
}

// Fault is what a refused look-up means: nothing was learnt.
func (r *Refusal) Fault() error {
	switch r.Class() {
	case provider.AccountProblem:
		return fault.Wrap(r, fault.Forbidden, "%s does not let this account look texts up", r.Who)
	case provider.RetrySoon:
		return fault.After(r.RetryAfter, "%s asks for patience", r.Who)
	default:
		return fault.Wrap(r, fault.Broken, "%s could not look the text up", r.Who)
	}
}
