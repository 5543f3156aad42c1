package verdict_test

import (
	_ "embed"
	"fmt"
	"net/netip"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/rules/verdict"
)

//go:embed testdata/crawlers.txt
var crawlers string

//go:embed testdata/people.txt
var people string

const iPhone = "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.1 Mobile/15E148 Safari/604.1"

func rules(tb testing.TB) *verdict.Rules {
	tb.Helper()
	r, err := verdict.New(verdict.Lists{})
	require.NoError(tb, err)
	return r
}

func TestEveryReasonHasItsCase(t *testing.T) {
	t.Parallel()
	r := rules(t)
	for name, tc := range map[string]struct {
		change func(*verdict.Evidence)
		is     verdict.Is
		why    verdict.Reason
	}{
		"somebody taps":                       {func(*verdict.Evidence) {}, verdict.Human, verdict.NothingSpeaksAgainst},
		"HEAD":                                {func(e *verdict.Evidence) { e.Method = "HEAD" }, verdict.Bot, verdict.Head},
		"a browser looks ahead":               {func(e *verdict.Evidence) { e.Purpose = "prefetch;prerender" }, verdict.Bot, verdict.Prefetch},
		"no user agent":                       {func(e *verdict.Evidence) { e.UserAgent = "" }, verdict.Bot, verdict.NoAgent},
		"a script":                            {func(e *verdict.Evidence) { e.UserAgent = "curl/8.4.0" }, verdict.Bot, verdict.Crawler},
		"a program nobody knows":              {func(e *verdict.Evidence) { e.UserAgent = "MyApp 1.0" }, verdict.Unsure, verdict.NoPhone},
		"a data centre":                       {func(e *verdict.Evidence) { e.Address = netip.MustParseAddr("52.1.2.3") }, verdict.Unsure, verdict.DataCentre},
		"a data centre by its mapped address": {func(e *verdict.Evidence) { e.Address = netip.MustParseAddr("::ffff:52.1.2.3") }, verdict.Unsure, verdict.DataCentre},
		"an address at home":                  {func(e *verdict.Evidence) { e.Address = netip.MustParseAddr("2001:db8::1") }, verdict.Human, verdict.NothingSpeaksAgainst},
		"the preview of Apple's Messages": {func(e *verdict.Evidence) {
			e.UserAgent = "Mozilla/5.0 (Macintosh; Intel Mac OS X 10_11_1) AppleWebKit/601.2.4 (KHTML, like Gecko) Version/9.0.1 Safari/601.2.4 facebookexternalhit/1.1 Facebot Twitterbot/1.0"
		}, verdict.Bot, verdict.Preview},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := verdict.Evidence{Method: "GET", UserAgent: iPhone}
			tc.change(&e)
			is, why := r.Judge(e)
			require.Equal(t, tc.is, is)
			require.Equal(t, tc.why, why)
		})
	}
}

func TestCrawlersAreKnownAndPeopleAreNot(t *testing.T) {
	t.Parallel()
	r := rules(t)
	missed := 0
	for agent := range strings.Lines(crawlers) {
		if is, _ := r.Judge(verdict.Evidence{Method: "GET", UserAgent: strings.TrimSpace(agent)}); is != verdict.Bot {
			missed++
			t.Log(agent)
		}
	}
	require.Zero(t, missed)
	for agent := range strings.Lines(people) {
		is, why := r.Judge(verdict.Evidence{Method: "GET", UserAgent: strings.TrimSpace(agent)})
		require.Equal(t, verdict.Human, is, "%s: %s", agent, why)
	}
}

func TestAListOfNetworksIsReadOrRefused(t *testing.T) {
	t.Parallel()
	r, err := verdict.New(verdict.Lists{Networks: "# ours\n198.51.100.0/24 # a rack\n\n198.51.100.128/25\n2001:db8::/32\n"})
	require.NoError(t, err)
	for address, want := range map[string]verdict.Is{
		"198.51.100.7": verdict.Unsure, "198.51.100.200": verdict.Unsure, "198.51.101.7": verdict.Human,
		"198.51.99.255": verdict.Human, "2001:db8:1::1": verdict.Unsure, "52.1.2.3": verdict.Human,
	} {
		is, _ := r.Judge(verdict.Evidence{Method: "GET", UserAgent: iPhone, Address: netip.MustParseAddr(address)})
		require.Equal(t, want, is, address)
	}
	_, err = verdict.New(verdict.Lists{Networks: "198.51.100.0/24\n198.51.100.7\n"})
	require.ErrorContains(t, err, "line 2")
}

// Agents are the clients' to invent: more of them than are remembered change no verdict.
func TestInventedAgentsAreForgotten(t *testing.T) {
	t.Parallel()
	r := rules(t)
	for i := range 10_000 {
		is, _ := r.Judge(verdict.Evidence{Method: "GET", UserAgent: fmt.Sprintf("Mozilla/5.0 (Linux; Android %d)", i)})
		require.Equal(t, verdict.Human, is)
	}
}

func BenchmarkAKnownAgent(b *testing.B) {
	r := rules(b)
	e := verdict.Evidence{Method: "GET", UserAgent: iPhone, Address: netip.MustParseAddr("198.51.100.7")}
	for b.Loop() {
		r.Judge(e)
	}
}

func BenchmarkANewAgent(b *testing.B) {
	r := rules(b)
	for i := 0; b.Loop(); i++ {
		r.Judge(verdict.Evidence{Method: "GET", UserAgent: fmt.Sprintf("%s %d", iPhone, i)})
	}
}
