package main

import (
	"bytes"
	"os"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

// TestThreeKillsLoseAndDoubleNothing is the short form of the drill.
func TestThreeKillsLoseAndDoubleNothing(t *testing.T) {
	t.Parallel()
	dir := t.TempDir()
	blows := func(at float64) []blow {
		return []blow{{At: at, Jitter: 20 * time.Millisecond, Down: 200 * time.Millisecond}}
	}
	var out bytes.Buffer
	sum, err := drill(t.Context(), options{
		contacts: 900, seed: 3, build: "../build/drill-bin", // kept: linking takes longer than drilling
		logs: filepath.Join(dir, "logs"), report: filepath.Join(dir, "drill.json"),
		rounds: []round{
			{Number: 1, Kind: killAPI, Blows: blows(0.5), Pause: 0.2},
			{Number: 2, Kind: killPostgres, Blows: blows(0.3)},
			{Number: 3, Kind: killStandalone, Blows: blows(0.4)},
		},
	}, &out)
	require.NoError(t, err, "%s", out.String())
	require.True(t, sum.clean(), "%s", out.String())
	require.Equal(t, 3, sum.Kills)
	require.Greater(t, sum.Accepted, 2000, "the campaigns were sent")
	require.Positive(t, sum.Stops)
	_, err = os.Stat(filepath.Join(dir, "drill.json"))
	require.NoError(t, err)
	t.Log(out.String())
}
