package main

import (
	"context"
	"fmt"
	"strings"
	"time"

	"trackly/bench/load"
	"trackly/models"
)

const connections = 256

// redirect is clicks a second, each durable before its redirect answers.
func redirect(ctx context.Context, m *machine) (r Result, err error) {
	p, requests, err := m.phones(ctx)
	if err != nil {
		return r, err
	}
	err = m.withBaseline(ctx, p, func(naive string) error {
		if _, err := m.click(ctx, m.orders.PublicURL, requests[:len(requests)/10]); err != nil {
			return err
		}
		if _, err := m.click(ctx, naive, requests[:len(requests)/10]); err != nil {
			return err
		}
		r, err = alternate(ctx, m.o.rounds,
			func(ctx context.Context) (rate float64, err error) {
				err = m.profiled(ctx, "redirect", func() error {
					rate, err = m.click(ctx, m.orders.PublicURL, requests)
					return err
				})
				return rate, err
			},
			func(ctx context.Context) (float64, error) { return m.click(ctx, naive, requests) })
		return err
	})
	r.Unit, r.Want = "clicks/s", ">= 3"
	r.BaselineIs = fmt.Sprintf("a plain echo handler in a process of its own: one SELECT of the offer's URL and one INSERT a click, each its own transaction, "+
		"a pool of %d, no cap, no verdict, nothing for reports; ours keeps the offer's cap exact, judges and counts; both with %d connections, %d different codes, the same load generator and Postgres with fsync on", poolSize, connections, len(requests))
	return r, err
}

// phones makes people who were texted, and the request with which each taps the link.
func (m *machine) phones(ctx context.Context) (people, [][]byte, error) {
	p, err := m.crowd(ctx, "twilio", m.size(20_000))
	if err != nil {
		return p, nil, err
	}
	ids, err := m.sent(ctx, p)
	if err != nil {
		return p, nil, err
	}
	requests, err := m.clicks(ids)
	if err != nil {
		return p, nil, err
	}
	// Who taps within seconds of the hand-over is a machine: it would earn nothing, and be
	// found out in the middle of a measurement.
	return p, requests, pause(ctx, 4*time.Second)
}

// clicks are the requests that open each message's link.
func (m *machine) clicks(ids []models.MessageID) ([][]byte, error) {
	requests := make([][]byte, len(ids))
	for i, id := range ids {
		code, err := m.app.Codes.Encode(int64(id), 1)
		if err != nil {
			return nil, err
		}
		requests[i] = get("/" + code)
	}
	return requests, nil
}

func get(path string) []byte {
	return []byte("GET " + path + " HTTP/1.1\r\nHost: a.example\r\nAccept: */*\r\n" +
		"User-Agent: Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Mobile/15E148 Safari/604.1\r\n\r\n")
}

func host(publicURL string) string { return strings.TrimPrefix(publicURL, "http://") }

// click gives clicks a second, and counts the rows they must have left.
func (m *machine) click(ctx context.Context, publicURL string, requests [][]byte) (float64, error) {
	before, err := m.count(ctx, "SELECT count(*) FROM clicks")
	if err != nil {
		return 0, err
	}
	took, err := load.Target{Address: host(publicURL), Status: 302}.Closed(ctx, connections, requests)
	if err != nil {
		return 0, err
	}
	after, err := m.count(ctx, "SELECT count(*) FROM clicks")
	if err == nil && after-before != int64(len(requests)) {
		err = fmt.Errorf("%d clicks left %d rows", len(requests), after-before)
	}
	return float64(len(requests)) / took.Seconds(), err
}
