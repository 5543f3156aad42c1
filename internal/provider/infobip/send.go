package infobip

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"

	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

const sendPath = "/sms/3/messages"

// Send implements provider.Sender. A text is at most one request that leaves this
// machine.
func (a *adapter) Send(ctx context.Context, outs []provider.Outgoing) []provider.Answer {
	if len(outs) == 0 {
		return nil
	}
	if a.base == nil {
		return all(outs, provider.Answer{Class: provider.AccountProblem, Text: "the list's provider address is not a web address"})
	}
	body := a.frame.append(make([]byte, 0, a.frame.size(outs)), outs)
	reply := a.call(http.MethodPost, sendPath, nil, body).Do(ctx, a.http)
	if reply.Err != nil {
		return all(outs, reply.Lost(who))
	}
	if !reply.OK() {
		return all(outs, refused(reply).Answer())
	}
	return a.frame.answers(outs, reply.Body)
}

// all gives every text of a request the same answer.
func all(outs []provider.Outgoing, a provider.Answer) []provider.Answer {
	return slices.Repeat([]provider.Answer{a}, len(outs))
}

// item is what Infobip says of one text.
type item struct {
	MessageID string  `json:"messageId"`
	Status    *status `json:"status"`
}

// answers reads a success, in which single texts may be refused all the same. A text it
// does not mention may have been accepted.
func (f frame) answers(outs []provider.Outgoing, body []byte) []provider.Answer {
	out := all(outs, wire.Garbled(who))
	var said struct {
		Messages []item `json:"messages"`
	}
	if json.Unmarshal(body, &said) != nil {
		return out
	}
	byID := make(map[string]*status, len(said.Messages))
	for _, m := range said.Messages {
		byID[m.MessageID] = m.Status
	}
	for i, o := range outs {
		id := f.id(o.MessageID)
		if s := byID[id]; s != nil {
			out[i] = s.answer(id)
		}
	}
	return out
}

// refused reads any answer but a 2xx, in the new envelope or the old.
func refused(reply wire.Reply) *wire.Refusal {
	var said struct {
		ErrorCode    string `json:"errorCode"`
		RequestError struct {
			ServiceException struct {
				MessageID string `json:"messageId"`
			} `json:"serviceException"`
		} `json:"requestError"`
	}
	r := &wire.Refusal{Who: who, Status: reply.Status, RetryAfter: reply.RetryAfter(), Codes: codes}
	if json.Unmarshal(reply.Body, &said) == nil {
		r.Code = wire.Word(said.ErrorCode)
		if r.Code == "" {
			r.Code = wire.Word(said.RequestError.ServiceException.MessageID)
		}
	}
	return r
}
