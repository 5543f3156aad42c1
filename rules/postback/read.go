package postback

import (
	"slices"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"github.com/google/uuid"

	"trackly/internal/fault"
	"trackly/rules/price"
)

// The limits of what is read at all.
const (
	MostParams = 64
	MostName   = 64  // bytes
	MostValue  = 512 // bytes
	// mostID is how long an id may be, in characters. A longer one is refused and not cut:
	// cut ids of two conversions may be the same.
	mostID = 255
)

// Event is what somebody tells of a conversion.
type Event struct {
	Kind          string
	TransactionID string
	ClickID       string // as told, whether it is ours or not
	MessageID     int64
	Amount        *price.Micros // nothing: nobody said
	Currency      string        // empty: nobody said
	At            time.Time     // zero: nobody said
}

// Terms are what an event is read by.
type Terms struct {
	Share bool           // the offer pays a share of a sale, so the sale is the amount, not the payout
	Zone  *time.Location // of times that name none; nil: UTC
}

// Read makes an event of parameters by any of the names that networks use. Of several
// names for one thing the likeliest that says something counts. The error is Invalid and
// has every complaint.
//
// An event without a transaction is that of its click, or of its message: told again it
// is the same one. So a network that names no transaction tells of one event of a kind for
// a click, and a second rebill is lost. Without any of the three it is refused.
func Read(params map[string][]string, terms Terms) (Event, error) {
	var bad fault.Problems
	p := paramsOf(params, &bad)
	if err := bad.Err("the conversion"); err != nil {
		return Event{}, err
	}
	e := Event{ClickID: p.clickID(), TransactionID: p.first(transactionNames)}
	e.MessageID, _ = strconv.ParseInt(p.first(messageNames), 10, 64) // no number is nobody's message
	e.MessageID = max(e.MessageID, 0)
	e.Kind = p.kind(&bad)
	e.Amount = p.amount(terms.Share, &bad)
	if e.Currency = strings.ToUpper(p.first(currencyNames)); e.Currency != "" && !isCurrency(e.Currency) {
		bad.Add("currency", "must be three letters of ISO 4217, such as USD")
	}
	e.At = p.at(terms.Zone, &bad)
	p.checkStatus(&bad)
	e.identify(&bad)
	return e, bad.Err("the conversion")
}

// identify gives the event a transaction and refuses ids that cannot be kept.
func (e *Event) identify(bad *fault.Problems) {
	if utf8.RuneCountInString(e.ClickID) > mostID {
		bad.Add("click_id", "must have at most %d characters", mostID)
	}
	switch {
	case utf8.RuneCountInString(e.TransactionID) > mostID:
		bad.Add("transaction_id", "must have at most %d characters", mostID)
	case e.TransactionID != "":
	case e.ClickID != "":
		if e.TransactionID = ClickTransaction(e.ClickID); utf8.RuneCountInString(e.TransactionID) > mostID {
			bad.Add("click_id", "is too long to stand for a transaction")
		}
	case e.MessageID > 0:
		e.TransactionID = "message:" + strconv.FormatInt(e.MessageID, 10)
	default:
		bad.Add("transaction_id", "is missing, and so are click_id and message_id: told twice it could not be known")
	}
}

// ClickTransaction is the transaction of a click whose conversions name none.
func ClickTransaction(click string) string { return "click:" + click }

type params map[string]string

// paramsOf takes what was filled in, under our way of writing names.
func paramsOf(from map[string][]string, bad *fault.Problems) params {
	p, n := params{}, 0
	for _, name := range sortedNames(from) {
		if n += max(len(from[name]), 1); n > MostParams {
			bad.Add("", "has more than %d parameters", MostParams)
			return nil
		}
		if len(name) > MostName {
			bad.Add("", "has a parameter whose name is longer than %d bytes", MostName)
			return nil
		}
		for _, v := range from[name] {
			where := normal(name)
			switch v = strings.TrimSpace(v); {
			case !known[where]: // a network's own business
			case len(v) > MostValue:
				bad.Add(where, "is longer than %d bytes", MostValue)
			case !utf8.ValidString(v) || strings.ContainsFunc(v, func(r rune) bool { return r < ' ' || r == 0x7f }):
				bad.Add(where, "has characters that are no text")
			case p[where] == "" && !unfilled(v):
				p[where] = v
			}
		}
	}
	return p
}

func sortedNames(from map[string][]string) []string {
	names := make([]string, 0, len(from))
	for name := range from {
		names = append(names, name)
	}
	slices.Sort(names)
	return names
}

// unfilled reports whether a network left its macro as it was: it knows no value, or not
// that macro. "{aff_sub}" must not become a transaction that everybody shares.
func unfilled(v string) bool {
	if v == "" {
		return true
	}
	pair := v[:1] + v[len(v)-1:]
	return len(v) > 1 && (pair == "{}" || pair == "##" || pair == "[]")
}

func (p params) first(names string) string {
	for name := range strings.FieldsSeq(names) {
		if v := p[name]; v != "" {
			return v
		}
	}
	return ""
}

// clickID prefers what looks like an id of ours: a network may use click_id for its own.
func (p params) clickID() string {
	for name := range strings.FieldsSeq(clickNames + " " + subNames) {
		if v := p[name]; len(v) == 36 && uuid.Validate(v) == nil {
			return strings.ToLower(v)
		}
	}
	return p.first(clickNames)
}

func isCurrency(s string) bool {
	return len(s) == 3 && strings.Trim(s, "ABCDEFGHIJKLMNOPQRSTUVWXYZ") == ""
}
