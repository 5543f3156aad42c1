package infobip

import (
	"context"
	"encoding/json"
	"net/http"
	"net/url"
	"time"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

const (
	logsPath = "/sms/3/logs"
	// stamp is how Infobip writes times; it is not RFC 3339.
	stamp = "2006-01-02T15:04:05.000-0700"
	// clockSlack is how far Infobip's clock may be behind ours.
	clockSlack = time.Minute
	// logsLast is how long Infobip keeps its logs, less an hour for the asking.
	logsLast = 47 * time.Hour
)

// logged is a text in Infobip's logs.
type logged struct {
	MessageID   string `json:"messageId"`
	Destination string `json:"destination"`
	To          string `json:"to"` // its older name
	SentAt      string `json:"sentAt"`
	Content     struct {
		Text string `json:"text"`
	} `json:"content"`
	Status *status `json:"status"`
	Error  reason  `json:"error"`
}

// Find implements provider.Sender: it asks for the message id the text was sent with.
// Logs older than two days are gone, and then their silence proves nothing.
func (a *adapter) Find(ctx context.Context, q provider.Query) (provider.Finding, error) {
	if a.base == nil {
		return provider.Finding{}, fault.New(fault.Invalid, "the list's provider address is not a web address")
	}
	if time.Since(q.ClaimedAt) > logsLast {
		return provider.Finding{}, fault.New(fault.Broken, "Infobip keeps no logs of texts this old")
	}
	id := a.frame.id(q.MessageID)
	reply := a.call(http.MethodGet, logsPath, url.Values{"messageId": {id}}, nil).Do(ctx, a.http)
	if reply.Err != nil {
		return provider.Finding{}, fault.Wrap(reply.Err, fault.Broken, "Infobip could not be asked for the text")
	}
	if !reply.OK() {
		return provider.Finding{}, refused(reply).Fault()
	}
	var said struct {
		Results []logged `json:"results"`
	}
	// Any JSON object decodes. Without a list in it, it proves no absence.
	if json.Unmarshal(reply.Body, &said) != nil || said.Results == nil {
		return provider.Finding{}, fault.New(fault.Broken, "Infobip's logs could not be read")
	}
	return find(q, id, said.Results), nil
}

// find takes the text itself rather than a second one that was rejected because of it.
func find(q provider.Query, id string, logs []logged) (found provider.Finding) {
	for _, l := range logs {
		if l.MessageID != id || l.Status == nil || !l.answers(q) {
			continue
		}
		if !found.Found || !l.Status.duplicate() {
			found = provider.Finding{Found: true, Report: l.Status.report(q.MessageID, id, l.Error)}
		}
	}
	return found
}

// answers reports whether it can be the text that is asked for. The same id may have
// been used before: a product installed afresh counts from one again.
func (l logged) answers(q provider.Query) bool {
	for _, to := range []string{l.Destination, l.To} {
		if to != "" && wire.Digits(to) != wire.Digits(q.To) {
			return false
		}
	}
	if l.Content.Text != "" && l.Content.Text != q.Body {
		return false
	}
	sent, err := time.Parse(stamp, l.SentAt)
	return err != nil || !sent.Before(q.ClaimedAt.Add(-clockSlack))
}
