package optout_test

import (
	"bufio"
	"os"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"

	"trackly/rules/optout"
)

// labelled is one line of testdata/labelled.tsv.
type labelled struct {
	line      int
	verdict   optout.Verdict
	tier      optout.Tier
	situation optout.Situation
	text      string
}

func readLabelled(t *testing.T) (all []labelled) {
	t.Helper()
	file, err := os.Open("testdata/labelled.tsv")
	require.NoError(t, err)
	defer file.Close()
	lines := bufio.NewScanner(file)
	for n := 1; lines.Scan(); n++ {
		if line := lines.Text(); line != "" && !strings.HasPrefix(line, "#") {
			part := strings.Split(line, "\t")
			require.Len(t, part, 4, "line %d", n)
			text, err := strconv.Unquote(`"` + strings.ReplaceAll(part[3], `"`, `\"`) + `"`)
			require.NoError(t, err, "line %d", n)
			all = append(all, labelled{
				n, optout.Verdict(part[0]), optout.Tier(strings.TrimPrefix(part[1], "-")),
				optout.Situation{Asked: strings.Contains(part[2], "asked"), OptedOut: strings.Contains(part[2], "out")},
				text,
			})
		}
	}
	require.NoError(t, lines.Err())
	return all
}

func TestEveryLabelledTextIsReadAsAHumanWould(t *testing.T) {
	t.Parallel()
	seen := map[string]bool{}
	for _, l := range readLabelled(t) {
		got := optout.Read(l.text, l.situation)
		assert.Equal(t, l.verdict, got.Verdict, "line %d %q by %q", l.line, l.text, got.Match)
		assert.Equal(t, l.tier, got.Tier, "line %d %q by %q", l.line, l.text, got.Match)
		key := l.text + "\t" + strconv.FormatBool(l.situation.Asked) + strconv.FormatBool(l.situation.OptedOut)
		assert.False(t, seen[key], "line %d is there twice", l.line)
		seen[key] = true
	}
	require.GreaterOrEqual(t, len(seen), 400)
}

func TestNoLabelledStopIsMissed(t *testing.T) {
	t.Parallel()
	verdicts := []optout.Verdict{optout.Stop, optout.Ambiguous, optout.None, optout.Start, optout.Help}
	counts := map[optout.Verdict]map[optout.Verdict]int{}
	for _, v := range verdicts {
		counts[v] = map[optout.Verdict]int{}
	}
	for _, l := range readLabelled(t) {
		counts[l.verdict][optout.Read(l.text, l.situation).Verdict]++
	}
	for _, want := range verdicts {
		for _, got := range verdicts {
			if n := counts[want][got]; n > 0 {
				t.Logf("labelled %-9s read %-9s %d", want, got, n)
			}
		}
	}
	for _, wrong := range []optout.Verdict{optout.None, optout.Start, optout.Help} {
		require.Zero(t, counts[optout.Stop][wrong], "a missed opt-out, read %s", wrong)
		require.Zero(t, counts[optout.Ambiguous][wrong], "a missed doubt, read %s", wrong)
	}
	require.Zero(t, counts[optout.None][optout.Start], "consent out of nothing")
}
