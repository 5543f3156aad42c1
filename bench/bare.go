package main

import (
	"context"
	"fmt"
	"io"
	"net/http"
	"net/url"
	"strings"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"trackly/internal/provider/wire"
)

// sendBare posts what a campaign posts, and does nothing else. It gives messages a
// second.
func (m *machine) sendBare(ctx context.Context, p people) (float64, error) {
	var took time.Duration
	err := m.withSandbox(ctx, func(box *child) error {
		calls := wire.NewClient()
		calls.Timeout = requestTimeout
		defer calls.CloseIdleConnections()
		var g errgroup.Group
		var next atomic.Int64
		began := time.Now()
		for range concurrency {
			g.Go(func() error {
				for {
					n := next.Add(1)
					if n > int64(p.n) {
						return nil
					}
					if err := m.post(ctx, calls, p, n); err != nil {
						return err
					}
				}
			})
		}
		if err := g.Wait(); err != nil {
			return err
		}
		last, err := box.awaitTexts(ctx, int64(p.n))
		took = last.Sub(began)
		return err
	})
	return float64(p.n) / took.Seconds(), err
}

func (m *machine) post(ctx context.Context, calls *http.Client, p people, n int64) error {
	status := m.app.Door.StatusURL(p.route())
	form := url.Values{
		"From": {phone}, "To": {fmt.Sprintf("+1212%07d", 2000000+n)},
		"Body":           {m.body(n)},
		"StatusCallback": {fmt.Sprintf("%s?message=%d", status, n)},
	}
	req, err := http.NewRequestWithContext(ctx, http.MethodPost,
		"http://"+m.provider+"/2010-04-01/Accounts/"+sid+"/Messages.json", strings.NewReader(form.Encode()))
	if err != nil {
		return err
	}
	req.SetBasicAuth(sid, token)
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	res, err := calls.Do(req)
	if err != nil {
		return err
	}
	defer func() { _ = res.Body.Close() }()
	if _, err := io.Copy(io.Discard, res.Body); err != nil {
		return err
	}
	if res.StatusCode != http.StatusCreated {
		return fmt.Errorf("the sandbox answered %d", res.StatusCode)
	}
	return nil
}

// body is the n-th text as the campaign words it.
func (m *machine) body(n int64) string {
	return fmt.Sprintf("Acme: Hi Pat%05d, your car quote is ready. Compare it here: %s/abc%04d Reply STOP to opt out", n, m.orders.PublicURL, n%10000)
}
