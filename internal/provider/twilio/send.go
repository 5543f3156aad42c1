package twilio

import (
	"context"
	"errors"
	"net/http"
	"net/url"
	"strconv"

	"github.com/twilio/twilio-go/client"
	openapi "github.com/twilio/twilio-go/rest/api/v2010"

	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

// adapter is one Twilio account. It has no state of its own and is safe for
// concurrent use.
type adapter struct {
	account   provider.Account
	http      *http.Client
	auth      string
	base      *url.URL // nil when the configured address is nonsense
	lookups   *url.URL // the same for look-ups of phones
	callback  string
	validator client.RequestValidator
}

// Send implements provider.Sender. Twilio has no idempotency key, so one text is at
// most one request that leaves this machine.
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
	c := &call{adapter: a, ctx: ctx}
	msg, err := c.api().CreateMessage(a.params(out))
	var no *wire.Refusal
	switch {
	case errors.As(err, &no):
		return no.Answer()
	case c.reply.Err != nil || c.reply.Status == 0:
		return c.reply.Lost(who)
	case err != nil || msg.Sid == nil || *msg.Sid == "":
		return wire.Garbled(who)
	}
	return provider.Answer{ProviderID: *msg.Sid}
}

func (a *adapter) params(out provider.Outgoing) *openapi.CreateMessageParams {
	p := &openapi.CreateMessageParams{
		PathAccountSid: &a.account.SID, From: &a.account.From, To: &out.To, Body: &out.Body,
	}
	if a.callback != "" {
		p.SetStatusCallback(a.callback + strconv.FormatInt(out.MessageID, 10))
	}
	return p
}
