package cm

import (
	"context"
	"encoding/json"
	"net/http"
	"slices"
	"strconv"
	"strings"

	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

// Codes of a whole answer.
const (
	allTaken  = 0
	someTaken = 201 // every text has a code of its own
)

// answer is CM's answer to a request. Numbers are pointers: what is missing is not 0,
// which means success.
type answer struct {
	ErrorCode *int   `json:"errorCode"`
	Messages  []item `json:"messages"`
}

// item is what CM says of one text.
type item struct {
	To        string `json:"to"`
	Status    string `json:"status"`
	Reference string `json:"reference"`
	ErrorCode *int   `json:"messageErrorCode"`
}

// Send implements provider.Sender. A text is at most one request that leaves this
// machine.
func (a *adapter) Send(ctx context.Context, outs []provider.Outgoing) []provider.Answer {
	if len(outs) == 0 {
		return nil
	}
	if a.url == nil {
		return all(outs, provider.Answer{Class: provider.AccountProblem, Text: "the list's provider address is not a web address"})
	}
	body := a.frame.append(make([]byte, 0, a.frame.size(outs)), outs)
	reply := wire.Call{Method: http.MethodPost, URL: a.url, Header: a.header, Body: body}.Do(ctx, a.http)
	if reply.Err != nil {
		return all(outs, reply.Lost(who))
	}
	return answers(outs, reply)
}

// all gives every text of a request the same answer.
func all(outs []provider.Outgoing, a provider.Answer) []provider.Answer {
	return slices.Repeat([]provider.Answer{a}, len(outs))
}

// answers reads what CM said. A partial failure may come with a success's status or a
// refusal's; its texts have codes of their own either way.
func answers(outs []provider.Outgoing, reply wire.Reply) []provider.Answer {
	var said answer
	readable := json.Unmarshal(reply.Body, &said) == nil && said.ErrorCode != nil
	refused := reply.Status >= 400 && reply.Status <= 499
	switch {
	case readable && *said.ErrorCode == someTaken && (reply.OK() || refused),
		readable && *said.ErrorCode == allTaken && reply.OK():
		return each(outs, said.Messages)
	case readable && reply.OK():
		return all(outs, meaningOf(*said.ErrorCode))
	case reply.OK():
		return all(outs, wire.Garbled(who))
	}
	r := &wire.Refusal{Who: who, Status: reply.Status, RetryAfter: reply.RetryAfter(), Codes: codes}
	if readable && *said.ErrorCode != allTaken {
		r.Code = strconv.Itoa(*said.ErrorCode)
	}
	if _, vague := doubts[r.Code]; vague { // the status says more
		r.Code = ""
	}
	return all(outs, r.Answer())
}

// each gives every text its own answer. A text CM does not mention may have been
// accepted.
func each(outs []provider.Outgoing, items []item) []provider.Answer {
	out := all(outs, wire.Garbled(who))
	byReference := make(map[string]item, len(items))
	for _, it := range items {
		byReference[it.Reference] = it
	}
	_, unnamed := byReference[""]
	for i, o := range outs {
		id := strconv.FormatInt(o.MessageID, 10)
		it, found := byReference[id]
		if !found && unnamed && len(items) == len(outs) && items[i].at(o) {
			it, found = items[i], true
		}
		if found {
			out[i] = it.answer(id)
		}
	}
	return out
}

// at reports whether an item without a reference may stand for the text at its place.
func (it item) at(o provider.Outgoing) bool {
	return it.Reference == "" && (it.To == "" || wire.Phone(it.To) == o.To)
}

// answer is one text's. CM gives no id of its own, so our reference is the id.
func (it item) answer(id string) provider.Answer {
	switch {
	case it.ErrorCode == nil:
		return wire.Garbled(who)
	case *it.ErrorCode != 0:
		return meaningOf(*it.ErrorCode)
	case it.Status != "" && !strings.EqualFold(it.Status, "accepted"):
		a := wire.Garbled(who) // no error, and yet not accepted
		a.Code, a.Unheard = wire.Word(it.Status), true
		return a
	}
	return provider.Answer{ProviderID: id}
}

// meaningOf is a refusal by its code.
func meaningOf(code int) provider.Answer {
	a := provider.Answer{Code: strconv.Itoa(code)}
	if sentence, doubtful := doubts[a.Code]; doubtful {
		a.Class, a.Text = provider.Unanswered, sentence
		return a
	}
	m, known := codes[a.Code]
	if !known {
		m, a.Unheard = unheard, true
	}
	a.Class, a.Text = m.Class, m.Sentence
	return a
}
