package infobip

import (
	"encoding/json"
	"strings"
	"unicode/utf8"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

const (
	// maxItems bounds one post; Infobip sends 100 reports unless told otherwise.
	maxItems = 1000
	// maxBody is the longest text Infobip carries, in characters: 25 segments.
	maxBody = 4000
	// maxName bounds ids and numbers.
	maxName = 64
)

// delivery is one delivery report.
type delivery struct {
	MessageID    string  `json:"messageId"`
	CallbackData string  `json:"callbackData"`
	Status       *status `json:"status"`
	Error        reason  `json:"error"`
}

// Status implements provider.Webhooks. A report without an id or a status is of no use
// to anybody and is left out: refused, it would come again with all the good ones.
func (a *adapter) Status(w provider.Webhook) ([]provider.Report, error) {
	results, err := read[delivery](w.Body)
	if err != nil {
		return nil, err
	}
	reports := make([]provider.Report, 0, len(results))
	for _, d := range results {
		if !named(d.MessageID) || d.Status == nil {
			continue
		}
		own := wire.Own(d.CallbackData)
		if own == 0 {
			own = wire.Own(strings.TrimPrefix(d.MessageID, a.frame.prefix))
		}
		reports = append(reports, d.Status.report(own, d.MessageID, d.Error))
	}
	return reports, some(len(results), len(reports), "the delivery reports")
}

// arrival is one inbound text. Infobip's cleanText lacks the keyword, so it is not read
// here: STOP is a keyword.
type arrival struct {
	MessageID string `json:"messageId"`
	From      string `json:"from"`
	To        string `json:"to"`
	Text      string `json:"text"`
	Message   []struct {
		ContentType string `json:"contentType"`
		Value       string `json:"value"`
	} `json:"message"`
}

// body is the text; a picture message has it, if at all, among its parts.
func (a arrival) body() string {
	for _, part := range a.Message {
		if a.Text == "" && part.ContentType == "text/plain" {
			return part.Value
		}
	}
	return a.Text
}

// Inbound implements provider.Webhooks.
func (a *adapter) Inbound(w provider.Webhook) ([]provider.Inbound, error) {
	results, err := read[arrival](w.Body)
	if err != nil {
		return nil, err
	}
	texts := make([]provider.Inbound, 0, len(results))
	for _, r := range results {
		in := provider.Inbound{ProviderID: r.MessageID, From: wire.Phone(r.From), To: a.number(r.To), Body: r.body()}
		if named(in.ProviderID) && named(in.From) && named(in.To) && utf8.RuneCountInString(in.Body) <= maxBody {
			texts = append(texts, in)
		}
	}
	return texts, some(len(results), len(texts), "the inbound texts")
}

// number is the account's own number as it is written here, also when it is so short
// that it could be a short code.
func (a *adapter) number(to string) string {
	if to == wire.Digits(a.from) {
		return a.from
	}
	return wire.Phone(to)
}

// read gets the results of a post. encoding/json makes every string valid UTF-8.
func read[T any](body []byte) ([]T, error) {
	var said struct {
		Results []T `json:"results"`
	}
	if json.Unmarshal(body, &said) != nil || said.Results == nil {
		return nil, fault.New(fault.Invalid, "the request body is not Infobip's JSON")
	}
	if len(said.Results) > maxItems {
		return nil, fault.New(fault.Invalid, "the request has more than %d results", maxItems)
	}
	return said.Results, nil
}

// some refuses a post of which nothing could be used.
func some(came, used int, what string) error {
	if came > 0 && used == 0 {
		return fault.New(fault.Invalid, "%s have no ids, numbers or states that can be used", what)
	}
	return nil
}

func named(s string) bool { return s != "" && len(s) <= maxName }
