package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider/sandbox"
)

// TestThreeKillsLoseAndDoubleNothing is the short form of the drill: one provider that
// takes single texts and one that takes hundreds. The second loses no answers: each would
// take its route out of use for half a minute. Two files are imported before, each with a kill.
func TestThreeKillsLoseAndDoubleNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	hit := func(k kind, at float64) blow {
		return blow{Kind: k, At: at, Jitter: 20 * time.Millisecond, Down: 200 * time.Millisecond}
	}
	var out bytes.Buffer
	sum, err := drill(t.Context(), options{
		contacts: 1300, seed: 3, build: "../build/drill-bin", // kept: linking takes longer than drilling
		logs: filepath.Join(dir, "logs"), report: filepath.Join(dir, "drill.json"),
		importRows: 12_000, // two pages
		imports: []errand{
			{Number: 1, Kind: killAPI, When: uploading, Share: 0.5, Down: 200 * time.Millisecond},
			{Number: 2, Kind: killPostgres, When: merging, Share: 0.1, Down: 200 * time.Millisecond},
		},
		rounds: []round{
			{Number: 1, Provider: sandbox.Twilio, Kind: killWorker, Pause: 0.1, Blows: []blow{hit(killWorker, 0.2), hit(killAPI, 0.5)}},
			{Number: 2, Provider: sandbox.Infobip, Calm: true, Kind: killPostgres, Blows: []blow{hit(killPostgres, 0.4)}},
		},
	}, &out)
	require.NoError(t, err, "%s", out.String())
	require.True(t, sum.clean(), "%s", out.String())
	require.Equal(t, 3, sum.Kills)
	require.Greater(t, sum.Accepted, 2300, "the campaigns were sent")
	require.Positive(t, sum.Stops)
	require.Equal(t, 2, sum.Imports.Kills)
	require.Len(t, sum.ByProvider, 2)
	_, err = os.Stat(filepath.Join(dir, "drill.json"))
	require.NoError(t, err)
	t.Log(out.String())
}
