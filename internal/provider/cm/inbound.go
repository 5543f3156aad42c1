package cm

import (
	"cmp"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"strings"
	"time"
	"unicode/utf8"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

// maxBody is the longest text taken, in characters.
const maxBody = 4000

// arrival is one inbound text, in CM's present form or, with a body, in its legacy one.
type arrival struct {
	From    party `json:"from"`
	To      party `json:"to"`
	Message *struct {
		Text string `json:"text"`
	} `json:"message"`
	Body    *string `json:"body"`
	TimeUTC string  `json:"timeUtc"`
}

// Inbound implements provider.Webhooks. A picture message has no text and is a text all
// the same.
func (a *adapter) Inbound(w provider.Webhook) ([]provider.Inbound, error) {
	var said arrival
	if json.Unmarshal(w.Body, &said) != nil {
		return nil, fault.New(fault.Invalid, "the request body is not CM's JSON")
	}
	in := provider.Inbound{From: wire.Phone(string(said.From)), To: a.number(string(said.To))}
	var bad fault.Problems
	switch {
	case said.Message != nil:
		in.Body = said.Message.Text
	case said.Body != nil:
		in.Body = *said.Body
	default:
		bad.Add("message", "is missing")
	}
	if !named(in.From) || !named(in.To) {
		bad.Add("from or to", "is missing or longer than %d bytes", maxName)
	}
	if utf8.RuneCountInString(in.Body) > maxBody {
		bad.Add("message", "is longer than %d characters", maxBody)
	}
	if err := bad.Err("the inbound text"); err != nil {
		return nil, err
	}
	in.ProviderID = identity(in, said.TimeUTC, w.Now)
	return []provider.Inbound{in}, nil
}

// identity stands for the id CM does not give: what is the same when CM posts a text
// again, and differs when a person says the same again. The legacy form has no time.
// There a repeated post counts as another text, which does less harm than a second STOP
// that counts as a repeated post.
func identity(in provider.Inbound, timeUTC string, now time.Time) string {
	at := cmp.Or(timeUTC, now.UTC().Format(time.RFC3339Nano))
	sum := sha256.Sum256([]byte(strings.Join([]string{in.From, in.To, at, in.Body}, "|")))
	return hex.EncodeToString(sum[:16])
}

// number is the account's own number as it is written here.
func (a *adapter) number(to string) string {
	if own := wire.Digits(a.from); to == own || to == "00"+own {
		return a.from
	}
	return wire.Phone(to)
}
