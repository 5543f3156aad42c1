package telnyx

import (
	"context"
	"crypto/ed25519"
	"encoding/json"
	"net/http"
	"net/url"
	"strconv"

	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

// adapter is one Telnyx account. It has no state of its own and is safe for concurrent
// use.
type adapter struct {
	account  provider.Account
	http     *http.Client
	auth     string
	base     *url.URL // nil when the configured address is nonsense
	callback string
	key      ed25519.PublicKey // nil when the configured key is nonsense
}

// Send implements provider.Sender. One text is at most one request that leaves this
// machine.
func (a *adapter) Send(ctx context.Context, outs []provider.Outgoing) []provider.Answer {
	answers := make([]provider.Answer, len(outs))
	for i, out := range outs {
		answers[i] = a.send(ctx, out)
	}
	return answers
}

func (a *adapter) send(ctx context.Context, out provider.Outgoing) provider.Answer {
	if a.base == nil {
		return provider.Answer{Class: provider.AccountProblem, Text: "the list's provider address is not a web address"}
	}
	reply := a.call(ctx, http.MethodPost, "/v2/messages", a.order(out))
	switch {
	case reply.Err != nil:
		return reply.Lost(who)
	case !reply.OK():
		return refused(reply).Answer()
	}
	msg, ok := messageIn(reply.Body)
	if !ok {
		return wire.Garbled(who)
	}
	return provider.Answer{ProviderID: msg.ID}
}

// order is the request's JSON. The profile's own webhooks are switched off for the
// text: they would report it a second time, without our message id.
func (a *adapter) order(out provider.Outgoing) []byte {
	b := wire.AppendString([]byte(`{"from":`), a.account.From)
	b = wire.AppendString(append(b, `,"to":`...), out.To)
	b = wire.AppendString(append(b, `,"text":`...), out.Body)
	if a.account.SID != "" {
		b = wire.AppendString(append(b, `,"messaging_profile_id":`...), a.account.SID)
	}
	if a.callback != "" {
		b = wire.AppendString(append(b, `,"webhook_url":`...), a.callback+strconv.FormatInt(out.MessageID, 10))
		b = append(b, `,"use_profile_webhooks":false`...)
	}
	return append(b, '}')
}

func (a *adapter) call(ctx context.Context, method, path string, body []byte) wire.Reply {
	u := *a.base
	u.Path += path
	header := http.Header{"Authorization": {a.auth}, "Accept": {"application/json"}}
	if body != nil {
		header["Content-Type"] = []string{"application/json"}
	}
	return wire.Call{Method: method, URL: &u, Header: header, Body: body}.Do(ctx, a.http)
}

// message is what this adapter reads of a Telnyx message, in answers and webhooks.
type message struct {
	ID   string `json:"id"`
	Text string `json:"text"`
	From struct {
		Phone string `json:"phone_number"`
	} `json:"from"`
	To []struct {
		Phone  string `json:"phone_number"`
		Status string `json:"status"`
	} `json:"to"`
	Errors []complaint `json:"errors"`
}

// messageIn reads an answer; without an id it is none.
func messageIn(body []byte) (message, bool) {
	var said struct {
		Data message `json:"data"`
	}
	err := json.Unmarshal(body, &said)
	return said.Data, err == nil && identifier.MatchString(said.Data.ID)
}
