package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"math/rand/v2"
	"net/http"
	"net/url"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"
)

const (
	tappers     = 24
	tapPause    = 50 * time.Millisecond // before somebody taps again what did not open
	tapPatience = 2 * time.Minute
	buyShare    = 0.3 // of people who came to the first shop
	botShare    = 0.2 // of the taps
)

// tapping is the stage of taps and sales while kills go on.
type tapping struct {
	w      *world
	m      *market
	http   *http.Client
	random *rand.Rand

	mu     sync.Mutex
	taps   []answered
	broken int
}

// tapAll plays all waves one after the other, and judges what is left.
func (w *world) tapAll(ctx context.Context, waves []wave, seed uint64, out io.Writer) (*tapsTally, error) {
	if len(waves) == 0 {
		return nil, nil
	}
	began := time.Now()
	if err := w.api.ready(ctx); err != nil {
		return nil, err
	}
	m, err := w.openMarket(ctx, len(waves))
	if err != nil {
		return nil, err
	}
	s := &tapping{w: w, m: m, random: rand.New(rand.NewPCG(seed, 0x74617073))} //nolint:gosec // a stage that can be repeated
	s.http = &http.Client{
		Timeout: 10 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: tappers},
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
	}
	defer s.http.CloseIdleConnections()
	for _, v := range waves {
		taps, broken := len(s.taps), s.broken
		if err := s.ride(ctx, v); err != nil {
			return nil, fmt.Errorf("taps, kill %d (%s): %w", v.Number, v.Kind, err)
		}
		_, _ = fmt.Fprintf(out, "taps %2d  %s: %d answered, %d broke off\n", v.Number, v, len(s.taps)-taps, s.broken-broken)
	}
	res, err := s.settle(ctx, len(waves))
	if err != nil {
		return nil, err
	}
	res.Seconds = time.Since(began).Seconds()
	_, err = fmt.Fprintln(out, res)
	return res, err
}

// ride lets people and machines tap, and kills what answers them in between.
func (s *tapping) ride(ctx context.Context, v wave) error {
	var g errgroup.Group
	var left, done atomic.Int64
	left.Store(tapsPerWave)
	for range tappers {
		random := rand.New(rand.NewPCG(s.random.Uint64(), 1)) //nolint:gosec // see tapAll
		g.Go(func() error {
			for left.Add(-1) >= 0 {
				if err := s.insist(ctx, random); err != nil {
					return err
				}
				done.Add(1)
			}
			return nil
		})
	}
	g.Go(func() error {
		for float64(done.Load()) < v.Share*tapsPerWave {
			if err := pause(ctx, time.Millisecond); err != nil {
				return err
			}
		}
		if err := pause(ctx, v.Jitter); err != nil {
			return err
		}
		return s.w.fleet.strike(ctx, v.Kind, v.Number, v.Down)
	})
	return g.Wait()
}

// insist taps a link until it opens. Every try is a request of its own.
func (s *tapping) insist(ctx context.Context, random *rand.Rand) error {
	link := s.m.links[random.IntN(len(s.m.links))]
	machine := random.Float64() < botShare
	var a answered
	err := patiently(ctx, tapPatience, tapPause, func(ctx context.Context) (opened bool, err error) {
		a, opened, err = s.tap(ctx, link, machine)
		s.mu.Lock()
		defer s.mu.Unlock()
		switch {
		case opened:
			s.taps = append(s.taps, a)
		case !errors.Is(err, syscall.ECONNREFUSED): // nobody was there to store anything
			s.broken++
		}
		return opened || err != nil && ctx.Err() != nil, err
	})
	if err != nil || machine || a.Offer != s.m.capped || random.Float64() >= buyShare {
		return err
	}
	_, err = s.w.box.Buy("capped", a.Click, "")
	return err
}

// tap makes one request. What is no redirect to a shop is none of the answers that count.
func (s *tapping) tap(ctx context.Context, link tapLink, machine bool) (a answered, opened bool, err error) {
	req, err := http.NewRequestWithContext(ctx, http.MethodGet, link.url, nil)
	if err != nil {
		return a, false, err
	}
	agent := "Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1"
	if machine {
		agent = "WhatsApp/2.23.20.0"
	}
	req.Header.Set("User-Agent", agent)
	// Everybody has an address of their own, as the proxy in between would tell it.
	req.Header.Set("X-Forwarded-For", fmt.Sprintf("100.%d.%d.%d", 64+link.message>>16&63, link.message>>8&255, link.message&255))
	res, err := s.http.Do(req)
	if err != nil {
		return a, false, err
	}
	_ = res.Body.Close()
	if res.StatusCode != http.StatusFound {
		return a, false, fmt.Errorf("a link was answered with %d", res.StatusCode)
	}
	to, err := url.Parse(res.Header.Get("Location"))
	if err != nil {
		return a, false, err
	}
	a = answered{Click: to.Query().Get("click_id"), Message: link.message, Offer: s.m.shops[strings.TrimPrefix(to.Path, "/shop/")]}
	return a, true, nil
}

// settle waits until every postback was answered, and judges.
func (s *tapping) settle(ctx context.Context, kills int) (*tapsTally, error) {
	quiet := patiently(ctx, tapPatience, apiPause, func(context.Context) (bool, error) { return s.w.box.Idle(), nil })
	done := tapsDone{Taps: s.taps, Broken: s.broken, Cap: s.m.cap, Offer: s.m.capped, Events: s.w.box.Events(), Shops: s.m.shops}
	seen, err := s.w.tapsSeen(ctx, s.m)
	if err != nil {
		return nil, err
	}
	res := &tapsTally{Kills: kills, Taps: len(s.taps), Broken: s.broken, Clicks: len(seen.Clicks), Postbacks: len(done.Events), tapsVerdict: judgeTaps(done, seen)}
	if quiet != nil && res.UnansweredSales == 0 {
		res.find(&res.UnansweredSales, 1, "postbacks never came to rest: %s", quiet)
	}
	return res, nil
}
