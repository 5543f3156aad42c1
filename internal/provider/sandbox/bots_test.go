package sandbox_test

import (
	"fmt"
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/provider/sandbox"
)

// opened are the requests that one kind of machine makes of a text with two links.
func opened(t *testing.T, people sandbox.People) (hooks []hook, stats sandbox.Stats) {
	t.Helper()
	w := newWorld(t, sandbox.Options{DeliveredPercent: 100})
	people.On, people.LinkBase = true, w.app
	lively := newWorld(t, sandbox.Options{DeliveredPercent: 100, People: people})
	lively.text(t, phone, "Look: go.example.com/abc1234 or http://go.example.com/xyz1234")
	lively.settle(t)
	return append(w.hooksAt("/abc1234"), w.hooksAt("/xyz1234")...), lively.box.Stats()
}

func TestMachinesOpenLinksInTheirWays(t *testing.T) {
	t.Parallel()
	for kind, want := range map[string]struct {
		method, agent string
		requests      int
	}{
		sandbox.AppleMessages:  {http.MethodGet, "facebookexternalhit/1.1 Facebot Twitterbot/1.0", 1},
		sandbox.GoogleMessages: {http.MethodGet, "Google-PageRenderer", 1},
		sandbox.WhatsApp:       {http.MethodGet, "WhatsApp/", 1},
		sandbox.HeadScanner:    {http.MethodHead, "Mozilla/5.0 (compatible)", 1},
		sandbox.BrowserScanner: {http.MethodGet, "Chrome/130.0.0.0 Safari/537.36", 2},
	} {
		t.Run(kind, func(t *testing.T) {
			t.Parallel()
			hooks, stats := opened(t, sandbox.People{Bots: []sandbox.BotShare{{Kind: kind, Percent: 100}}})
			require.Len(t, hooks, want.requests)
			for _, h := range hooks {
				require.Equal(t, want.method, h.method)
				require.Contains(t, h.agent, want.agent)
				require.NotEmpty(t, h.header.Get("X-Forwarded-For"))
			}
			require.EqualValues(t, want.requests, stats.Bots)
			require.Zero(t, stats.Clicks)
		})
	}
}

func TestMachinesAreThereBeforePeople(t *testing.T) {
	t.Parallel()
	hooks, stats := opened(t, sandbox.People{
		ClickPercent: 100, MinDelay: time.Second, MaxDelay: time.Second,
		Bots: []sandbox.BotShare{{Kind: sandbox.BrowserScanner, Percent: 100}},
	})
	require.Len(t, hooks, 3)
	var scans []time.Time
	var tap hook
	for _, h := range hooks {
		if h.header.Get("X-Forwarded-For") == "198.51.100.23" {
			scans = append(scans, h.at)
		} else {
			tap = h
		}
	}
	require.Len(t, scans, 2)
	require.Less(t, scans[0].Sub(scans[1]).Abs(), 300*time.Millisecond, "all links at once")
	require.Contains(t, tap.agent, "iPhone")
	require.Greater(t, tap.at.Sub(scans[0]), 500*time.Millisecond)
	require.EqualValues(t, 1, stats.Clicks)
	require.EqualValues(t, 2, stats.Bots)
}

func TestSharesOfMachinesHold(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{DeliveredPercent: 100})
	lively := newWorld(t, sandbox.Options{DeliveredPercent: 100, People: sandbox.People{On: true, LinkBase: w.app, Bots: []sandbox.BotShare{
		{Kind: sandbox.HeadScanner, Percent: 20}, {Kind: sandbox.WhatsApp, Percent: 30},
	}}})
	for i := range 200 {
		lively.text(t, fmt.Sprintf("+1212555%04d", i), "Look: go.example.com/abc1234")
	}
	lively.settle(t)
	heads, addresses := 0, map[string]bool{}
	for _, h := range w.hooksAt("/abc1234") {
		addresses[h.header.Get("X-Forwarded-For")] = true
		if h.method == http.MethodHead {
			heads++
		}
	}
	all := len(w.hooksAt("/abc1234"))
	require.InDelta(t, 100, all, 25)
	require.InDelta(t, 40, heads, 20)
	require.Len(t, addresses, 1+all-heads, "a phone asks from its own address, a scanner from its one")
}

func TestSharesOfMachinesThatCannotBe(t *testing.T) {
	t.Parallel()
	for name, bots := range map[string][]sandbox.BotShare{
		"no kind":         {{Kind: "owl", Percent: 1}},
		"below 0":         {{Kind: sandbox.WhatsApp, Percent: -1}},
		"more than texts": {{Kind: sandbox.WhatsApp, Percent: 60}, {Kind: sandbox.HeadScanner, Percent: 41}},
	} {
		_, err := sandbox.New(sandbox.Options{People: sandbox.People{Bots: bots}})
		require.Equal(t, fault.Invalid, fault.KindOf(err), name)
	}
}
