package main

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func TestTheFullDrillKillsEverythingThereIs(t *testing.T) {
	t.Parallel()
	o, err := readOptions(nil)
	require.NoError(t, err)
	require.Len(t, o.rounds, 20)
	kills, providers := map[kind]int{}, map[string]int{}
	paused, twice := 0, 0
	for _, r := range o.rounds {
		kills[r.Kind]++
		providers[r.Provider]++
		if r.Pause > 0 {
			paused++
		}
		if len(r.Blows) > 1 {
			twice++
		}
	}
	for _, k := range deck() {
		require.GreaterOrEqual(t, kills[k], 2, k)
	}
	for _, name := range providerNames() {
		require.Equal(t, 5, providers[name], name)
	}
	require.Positive(t, paused)
	require.Positive(t, twice)
}

func TestAPlanIsDoableAndCanBeRepeated(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n, seed := rapid.IntRange(1, 100).Draw(t, "rounds"), rapid.Uint64().Draw(t, "seed")
		rounds, err := planRounds(n, seed, "")
		require.NoError(t, err)
		again, err := planRounds(n, seed, "")
		require.NoError(t, err)
		require.Equal(t, rounds, again)
		require.Len(t, rounds, n)
		whole := false
		for i, r := range rounds {
			require.Equal(t, i+1, r.Number)
			require.NotEmpty(t, r.Blows)
			require.False(t, whole && r.Kind != killStandalone, "machines change once")
			whole = r.Kind == killStandalone
			for j, b := range r.Blows {
				require.True(t, b.At >= 0 && b.At < 1)
				require.True(t, j == 0 || r.Blows[j-1].At <= b.At, "in the order in which they fall")
			}
		}
	})
}

func TestOnlyKnownKillsCanBeAskedFor(t *testing.T) {
	t.Parallel()
	rounds, err := planRounds(4, 1, "api, worker")
	require.NoError(t, err)
	require.Equal(t, []kind{killAPI, killWorker, killAPI, killWorker}, []kind{rounds[0].Kind, rounds[1].Kind, rounds[2].Kind, rounds[3].Kind})
	_, err = planRounds(4, 1, "api,printer")
	require.ErrorContains(t, err, "printer")
	for _, args := range [][]string{{"-rounds", "-1"}, {"-contacts", "1"}, {"-pace", "3"}, {"-nonsense"}} {
		_, err := readOptions(args)
		require.Error(t, err, args)
	}
}
