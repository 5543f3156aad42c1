package main

import (
	"encoding/json"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestTheSummaryAddsRoundsUpByKind(t *testing.T) {
	t.Parallel()
	sum := summarise(7, []outcome{
		{round: round{Number: 1, Kind: killAPI, Provider: "cm"}, doubts: 2, kills: 2, stops: 3, verdict: verdict{Planned: 10, Accepted: 9, Waiting: 1, Singles: 2, GreatestDelay: 80 * time.Millisecond}},
		{round: round{Number: 2, Kind: killAPI}, kills: 1, verdict: verdict{Planned: 5, Accepted: 5, GreatestDelay: 20 * time.Millisecond}},
		{round: round{Number: 3, Kind: killPostgres}, kills: 1, exits: 1, verdict: verdict{Planned: 1, Accepted: 1}},
	}, time.Minute)
	require.True(t, sum.clean())
	require.Equal(t, tally{Rounds: 3, Kills: 4, Planned: 16, Accepted: 15, GreatestDelayMS: 80, Stops: 3, Exits: 1, Waiting: 1, Doubts: 2, Singles: 2}, sum.tally)
	require.Equal(t, 2, sum.ByKind[killAPI].Rounds)
	require.Equal(t, 1, sum.ByKind[killPostgres].Planned)
	require.Equal(t, 10, sum.ByProvider["cm"].Planned)
}

func TestAnyBrokenPromiseMakesTheDrillFail(t *testing.T) {
	t.Parallel()
	one := []finding{{Message: 1}}
	for name, v := range map[string]verdict{
		"twice": {Duplicates: one}, "lost": {Lost: one}, "unsettled": {Unsettled: one},
		"after STOP": {AfterStop: one}, "after a doubtful answer": {AfterDoubt: one}, "trouble": {Trouble: []string{"x"}},
	} {
		sum := summarise(1, []outcome{{verdict: v}}, time.Second)
		require.False(t, sum.clean(), name)
		require.Len(t, sum.Findings, 1, name)
	}
	require.False(t, summarise(1, nil, time.Second).clean(), "a drill of nothing proves nothing")
}

func TestTheReportHasThePromisedFields(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "new", "drill.json")
	require.NoError(t, summarise(7, []outcome{{round: round{Kind: killAPI}, kills: 1}}, time.Second).write(path))
	raw, err := os.ReadFile(path)
	require.NoError(t, err)
	var got map[string]any
	require.NoError(t, json.Unmarshal(raw, &got))
	for _, field := range []string{
		"rounds", "kills", "planned", "accepted", "duplicates", "lost", "unknown_unsettled",
		"sent_after_stop", "greatest_delay_after_stop_ms", "seed", "by_kind", "never_accepted", "by_provider", "unknown_waiting", "doubtful_replies", "sent_after_doubtful_reply",
	} {
		require.Contains(t, got, field)
	}
	require.Contains(t, got["by_kind"], "api")
}

func TestARoundIsOneReadableLine(t *testing.T) {
	t.Parallel()
	r := outcome{round: round{Number: 4, Provider: "telnyx", Kind: killWorkers, Blows: []blow{{At: 0}, {At: 0.42}}, Pause: 0.5}, took: 1500 * time.Millisecond}
	require.Equal(t, "round  4  telnyx   workers    killed at launch and 42 %, paused: planned 0, accepted 0, stops 0, doubtful 0; "+
		"twice 0, lost 0, unsettled 0, waiting 0, after STOP 0 (latest 0 ms), after doubt 0 (latest 0 ms); 1.5 s", r.String())
}

func TestABrokenPaceMakesTheDrillFail(t *testing.T) {
	t.Parallel()
	sum := summarise(1, []outcome{{}}, time.Second)
	require.True(t, sum.clean())
	sum.Pace = &paceVerdict{Windows: 1, WindowMax: 1021, Allowed: 1020, Share: 1}
	require.False(t, sum.clean())
}

func TestTheReportHasALineForEachProvider(t *testing.T) {
	t.Parallel()
	var out strings.Builder
	summarise(1, []outcome{{round: round{Provider: "cm"}}, {round: round{Provider: "infobip"}}}, time.Second).print(&out)
	for _, word := range []string{"cm", "infobip", "all", "waiting", "every promise was kept"} {
		require.Contains(t, out.String(), word)
	}
}

func TestImportsAddUpAndAnyBrokenPromiseFailsTheDrill(t *testing.T) {
	t.Parallel()
	require.Nil(t, tallyImports(nil))
	good := importOutcome{rows: 10}
	bad := importOutcome{rows: 5, errand: errand{Number: 2}, verdict: importVerdict{Lost: 2, Revived: 1, Findings: []string{"3: x"}}}
	sum := summarise(1, nil, time.Second)
	sum.Imports = tallyImports([]importOutcome{good})
	require.True(t, sum.clean(), "imports alone are a drill too")
	sum.Imports = tallyImports([]importOutcome{good, bad})
	require.False(t, sum.clean())
	require.Equal(t, 15, sum.Imports.Rows)
	require.Equal(t, 2, sum.Imports.Lost)
	require.Equal(t, []string{"import 2: 3: x"}, sum.Imports.Findings)
}
