package telnyx

import (
	"encoding/json"
	"slices"
	"unicode/utf8"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

const (
	// maxBody is the longest text taken, in characters.
	maxBody = 1600
	// maxName bounds phones and words; Telnyx's have fewer than 30 characters.
	maxName = 64
)

// event is a webhook. Telnyx adds events and fields without notice; the payload of
// another event need not look like a message.
type event struct {
	Data struct {
		Type    string          `json:"event_type"`
		Payload json.RawMessage `json:"payload"`
	} `json:"data"`
}

// Status implements provider.Webhooks. Events that are not about a text's fate, such as
// an inbound text on a profile with one address for all, hold no reports.
func (a *adapter) Status(w provider.Webhook) ([]provider.Report, error) {
	msg, err := a.read(w, "message.sent", "message.finalized")
	if msg == nil || err != nil {
		return nil, err
	}
	id, err := wire.MessageIn(w.URL)
	if err != nil {
		return nil, err
	}
	word := ""
	if len(msg.To) > 0 {
		word = msg.To[0].Status
	}
	var bad fault.Problems
	name(&bad, "payload.to[0].status", word)
	if err := bad.Err("the status webhook"); err != nil {
		return nil, err
	}
	return []provider.Report{report(id, msg.ID, word, codeOf(msg.Errors))}, nil
}

// Inbound implements provider.Webhooks. A picture message has no text and is one all
// the same.
func (a *adapter) Inbound(w provider.Webhook) ([]provider.Inbound, error) {
	msg, err := a.read(w, "message.received")
	if msg == nil || err != nil {
		return nil, err
	}
	in := provider.Inbound{ProviderID: msg.ID, From: msg.From.Phone, Body: msg.Text}
	if len(msg.To) > 0 {
		in.To = msg.To[0].Phone
	}
	var bad fault.Problems
	name(&bad, "payload.from.phone_number", in.From)
	name(&bad, "payload.to[0].phone_number", in.To)
	if utf8.RuneCountInString(in.Body) > maxBody {
		bad.Add("payload.text", "is longer than %d characters", maxBody)
	}
	if err := bad.Err("the inbound text"); err != nil {
		return nil, err
	}
	return []provider.Inbound{in}, nil
}

// read checks the signature before anything else. The message is nil when the event is
// of no wanted type.
func (a *adapter) read(w provider.Webhook, wanted ...string) (*message, error) {
	if err := a.verify(w); err != nil {
		return nil, err
	}
	var e event
	if json.Unmarshal(w.Body, &e) != nil || e.Data.Type == "" {
		return nil, fault.New(fault.Invalid, "the webhook is not an event of Telnyx's")
	}
	if !slices.Contains(wanted, e.Data.Type) {
		return nil, nil //nolint:nilnil // an event nobody asked for is neither a message nor a mistake
	}
	msg := new(message)
	if json.Unmarshal(e.Data.Payload, msg) != nil || !identifier.MatchString(msg.ID) {
		return nil, fault.New(fault.Invalid, "the webhook holds no message of Telnyx's")
	}
	return msg, nil
}

func name(bad *fault.Problems, field, value string) {
	if value == "" || len(value) > maxName {
		bad.Add(field, "is missing or longer than %d bytes", maxName)
	}
}
