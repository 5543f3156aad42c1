package twilio

import (
	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

// words are Twilio's message statuses in ours. read comes after delivered; canceled is
// a scheduled text that was taken back and so never went out. Statuses of inbound
// texts, and partially_delivered, which is of group messages, are not here: they are
// unknown.
var words = map[string]provider.Status{
	"accepted":    provider.StatusAccepted,
	"scheduled":   provider.StatusAccepted,
	"queued":      provider.StatusAccepted,
	"sending":     provider.StatusAccepted,
	"sent":        provider.StatusAccepted,
	"delivered":   provider.StatusDelivered,
	"read":        provider.StatusDelivered,
	"undelivered": provider.StatusUndelivered,
	"failed":      provider.StatusFailed,
	"canceled":    provider.StatusFailed,
}

// report puts a status word and an error code, which may be empty, in our words.
func report(messageID int64, sid, word, code string) provider.Report {
	status, known := words[word]
	r := provider.Report{MessageID: messageID, ProviderID: sid, Status: status, Raw: word, Code: code, Unheard: !known}
	if status != provider.StatusUndelivered && status != provider.StatusFailed {
		return r
	}
	m, known := codes[code]
	if !known {
		m.Class = wire.UnheardOf
		r.Unheard = r.Unheard || code != ""
	}
	r.Class, r.Text = m.Class, m.Sentence
	return r
}
