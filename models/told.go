package models

import (
	"regexp"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"trackly/internal/fault"
	"trackly/rules/conversion"
)

// The bounds of what is believed.
const (
	longestTransaction = 255
	mostAhead          = 24 * time.Hour // clocks and zones are wrong by less
)

//nolint:gochecknoglobals // constants
var (
	currencyForm  = regexp.MustCompile(`^[A-Z]{3}$`)
	earliestEvent = time.Date(2000, 1, 1, 0, 0, 0, 0, time.UTC)
)

// IsCurrency reports whether s looks like a currency's code.
func IsCurrency(s string) bool { return currencyForm.MatchString(s) }

// ConversionSources gives every source there is.
func ConversionSources() []ConversionSource {
	return []ConversionSource{ByPostback, ByPixel, ByRequest, ByFile, ByPull}
}

// ConversionStates gives every state there is.
func ConversionStates() []ConversionState {
	return []ConversionState{Credited, Uncredited, Unmatched, Waiting}
}

// Check is an Invalid fault with every complaint, or nothing. Whether the offer and the
// currency are known is for the store to say.
func (t Told) Check(now time.Time) error {
	var bad fault.Problems
	if !slices.Contains(ConversionKinds(), t.Kind) {
		bad.Add("kind", "must be one of %v", ConversionKinds())
	}
	if !slices.Contains(ConversionSources(), t.Source) {
		bad.Add("source", "must be one of %v", ConversionSources())
	}
	n := utf8.RuneCountInString(t.TransactionID)
	if n < 1 || n > longestTransaction || !utf8.ValidString(t.TransactionID) || strings.ContainsRune(t.TransactionID, 0) {
		bad.Add("transaction_id", "must be text of 1 to %d characters", longestTransaction)
	}
	if !t.At.IsZero() && (t.At.Before(earliestEvent) || t.At.After(now.Add(mostAhead))) {
		bad.Add("at", "must be a time from %d to now", earliestEvent.Year())
	}
	if t.Amount != nil && *t.Amount < 0 {
		bad.Add("amount", "must not be negative: a refund tells what it takes back as a positive amount")
	}
	if t.Amount != nil && *t.Amount > conversion.Most {
		bad.Add("amount", "must be at most %s", conversion.Most)
	}
	if t.Currency != "" && !IsCurrency(t.Currency) {
		bad.Add("currency", "must be three capital letters, such as USD")
	}
	return bad.Err("the conversion")
}
