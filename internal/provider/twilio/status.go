package twilio

import (
	"strconv"

	"trackly/internal/provider"
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
	r := provider.Report{MessageID: messageID, ProviderID: sid, Status: words[word], Raw: word, Code: code}
	if r.Status == provider.StatusUndelivered || r.Status == provider.StatusFailed {
		r.Class = classOf(code)
	}
	return r
}

// classOf is the meaning of a code that came with a failed status.
func classOf(code string) provider.Class {
	n, err := strconv.Atoi(code)
	if m, ok := codes[n]; ok && err == nil {
		return m.class
	}
	return unheardOf
}
