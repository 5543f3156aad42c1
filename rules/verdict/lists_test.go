package verdict_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/rules/verdict"
)

func TestAnOperatorsAgentsAreMachines(t *testing.T) {
	t.Parallel()
	r, err := verdict.New(verdict.Lists{Agents: "# ours\r\n\n(?i)acme-check\r\nMozilla/5\\.0 \\(scan\n"})
	require.NoError(t, err)
	for agent, want := range map[string]verdict.Is{
		"Mozilla/5.0 (Linux) ACME-check": verdict.Bot, "Mozilla/5.0 (scan)": verdict.Bot, "mozilla/5.0 (scan)": verdict.Unsure,
		iPhone: verdict.Human, "curl/8.4.0": verdict.Bot,
	} {
		is, why := r.Judge(verdict.Evidence{Method: "GET", UserAgent: agent})
		require.Equal(t, want, is, "%s: %s", agent, why)
	}
}

func TestListsWithMistakesAreRefusedWithTheLine(t *testing.T) {
	t.Parallel()
	many := func(n int, line string) string {
		var b strings.Builder
		for i := range n {
			fmt.Fprintf(&b, line+"\n", i%256, i/256%256, i/65536)
		}
		return b.String()
	}
	for name, tc := range map[string]struct {
		lists verdict.Lists
		want  string
	}{
		"no regular expression": {verdict.Lists{Agents: "good\n\nba(d\n"}, "line 3"},
		"everything":            {verdict.Lists{Agents: "good\n.*\n"}, "line 2"},
		"nothing or something":  {verdict.Lists{Agents: "x|\n"}, "line 1"},
		"most people":           {verdict.Lists{Agents: "(?i)mobile\n"}, "line 1"},
		"a long line":           {verdict.Lists{Agents: "#\n" + strings.Repeat("a", 201)}, "line 2"},
		"too many agents":       {verdict.Lists{Agents: many(1001, "bot%d-%d-%d")}, "line 1001"},
		"too large a regexp":    {verdict.Lists{Agents: "(((a{100}){100}){100})"}, "line 1"},
		"an address":            {verdict.Lists{Networks: "10.0.0.1"}, "line 1"},
		"the whole internet":    {verdict.Lists{Networks: "192.0.2.0/24\n0.0.0.0/0"}, "line 2"},
		"most of the other":     {verdict.Lists{Networks: "2000::/3"}, "line 1"},
		"too many networks":     {verdict.Lists{Networks: many(100_001, "20.%d.%d.%d/32")}, "line 100001"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := verdict.New(tc.lists)
			require.Equal(t, fault.Invalid, fault.KindOf(err))
			require.ErrorContains(t, err, tc.want)
		})
	}
}

// Whatever is in an operator's files, it is read or refused, and never makes a machine of
// most people.
func FuzzLists(f *testing.F) {
	f.Add("192.0.2.0/24 # x\n", "(?i)bot\n")
	f.Add("0.0.0.0/0", ".*")
	f.Fuzz(func(t *testing.T, networks, agents string) {
		r, err := verdict.New(verdict.Lists{Networks: networks, Agents: agents})
		if err != nil {
			require.Equal(t, fault.Invalid, fault.KindOf(err))
			return
		}
		is, why := r.Judge(verdict.Evidence{Method: "GET", UserAgent: "Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36"})
		require.Equal(t, verdict.Human, is, why)
	})
}
