package main

import (
	"context"
	"fmt"
	"net/url"

	"trackly/bench/load"
	"trackly/models"
)

// callbacks is signed status callbacks a second, each durable before its answer.
func callbacks(ctx context.Context, m *machine) (r Result, err error) {
	p, err := m.crowd(ctx, "twilio", m.size(20_000))
	if err != nil {
		return r, err
	}
	err = m.withBaseline(ctx, p, func(naive string) error {
		for _, publicURL := range []string{m.orders.PublicURL, naive} { // not measured
			if _, err := m.callBack(ctx, p, publicURL, ""); err != nil {
				return err
			}
		}
		r, err = alternate(ctx, m.o.rounds,
			func(ctx context.Context) (float64, error) { return m.callBack(ctx, p, m.orders.PublicURL, "callbacks") },
			func(ctx context.Context) (float64, error) { return m.callBack(ctx, p, naive, "") })
		return err
	})
	r.Unit, r.Want = "callbacks/s", ">= 3"
	r.BaselineIs = fmt.Sprintf("a plain echo handler in a process of its own that checks the same signature and runs one UPDATE a callback in its own transaction, "+
		"a pool of %d, without the trigger that counts; both with %d connections, %d messages going from sent to delivered", poolSize, connections, p.n)
	return r, err
}

// callBack gives callbacks a second, and counts the messages they must have moved.
func (m *machine) callBack(ctx context.Context, p people, publicURL, profile string) (rate float64, err error) {
	ids, err := m.sent(ctx, p)
	if err != nil {
		return 0, err
	}
	requests := make([][]byte, len(ids))
	for i, id := range ids {
		requests[i] = p.callback(m.statusPath(p), publicURL, id)
	}
	send := func() error {
		took, err := load.Target{Address: host(publicURL), Status: 204}.Closed(ctx, connections, requests)
		rate = float64(len(requests)) / took.Seconds()
		return err
	}
	if profile == "" {
		err = send()
	} else {
		err = m.profiled(ctx, profile, send)
	}
	if err != nil {
		return 0, err
	}
	moved, err := m.count(ctx, "SELECT count(*) FROM messages WHERE id BETWEEN $1 AND $2 AND state = 'delivered'", ids[0], ids[len(ids)-1])
	if err == nil && moved != int64(len(ids)) {
		err = fmt.Errorf("%d callbacks moved %d messages", len(ids), moved)
	}
	return rate, err
}

// callback is a signed request as Twilio makes it.
func (p people) callback(status, publicURL string, id models.MessageID) []byte {
	path := fmt.Sprintf("%s?message=%d", status, id)
	form := url.Values{
		"AccountSid": {sid}, "ApiVersion": {"2010-04-01"}, "From": {phone}, "To": {"+12125550123"},
		"MessageSid": {providerID(id)}, "SmsSid": {providerID(id)}, "MessageStatus": {"delivered"}, "SmsStatus": {"delivered"},
	}
	fields := make(map[string]string, len(form))
	for k := range form {
		fields[k] = form.Get(k)
	}
	body := form.Encode()
	return fmt.Appendf(nil, "POST %s HTTP/1.1\r\nHost: %s\r\nUser-Agent: TwilioProxy/1.1\r\nContent-Type: application/x-www-form-urlencoded\r\n"+
		"X-Twilio-Signature: %s\r\nContent-Length: %d\r\n\r\n%s", path, host(publicURL), sign(publicURL+path, fields), len(body), body)
}
