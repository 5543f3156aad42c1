package telnyx

import (
	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

// words are Telnyx's statuses of a recipient in ours. delivery_unconfirmed is final,
// but says that nobody knows, so it is no success and no failure.
var words = map[string]provider.Status{
	"queued":               provider.StatusAccepted,
	"sending":              provider.StatusAccepted,
	"sent":                 provider.StatusAccepted,
	"delivered":            provider.StatusDelivered,
	"delivery_failed":      provider.StatusUndelivered,
	"expired":              provider.StatusUndelivered,
	"sending_failed":       provider.StatusFailed,
	"delivery_unconfirmed": provider.StatusUnknown,
}

// report puts a status word and an error code, which may be empty, in our words.
func report(messageID int64, id, word, code string) provider.Report {
	status, known := words[word]
	r := provider.Report{MessageID: messageID, ProviderID: id, Status: status, Raw: word, Code: code, Unheard: !known}
	if status != provider.StatusUndelivered && status != provider.StatusFailed {
		return r
	}
	m, known := codes[code]
	if !known {
		m.Class = wire.UnheardOf
		r.Unheard = code != ""
	}
	r.Class, r.Text = m.Class, m.Sentence
	return r
}
