package experiment_test

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/rules/experiment"
)

func TestAssignIsExactAndTheSameForASeed(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		n := rapid.Int64Range(-1, 3000).Draw(r, "n")
		percents, seed := splits().Draw(r, "percents"), rapid.Uint64().Draw(r, "seed")
		all := experiment.Assign(n, percents, seed)
		got := make([]int64, len(percents))
		for _, v := range all {
			got[v-1]++
		}
		require.Equal(r, experiment.Sizes(n, percents), got)
		require.Equal(r, all, experiment.Assign(n, percents, seed), "a retry")
	})
}

// Neighbours are no more alike than strangers, and another seed is another shuffle.
func TestAssignIsRandom(t *testing.T) {
	t.Parallel()
	const n = 100_000
	all, other := experiment.Assign(n, []int{50, 50}, 1), experiment.Assign(n, []int{50, 50}, 2)
	pairs, same := 0, 0
	for i := range n - 1 {
		if all[i] == all[i+1] {
			pairs++
		}
		if all[i] == other[i] {
			same++
		}
	}
	require.InDelta(t, n/2, pairs, 1000, "six standard deviations")
	require.InDelta(t, n/2, same, 1000)
	for part := range slices.Chunk(all, 10_000) {
		ones := 0
		for _, v := range part {
			ones += int(v) % 2
		}
		require.InDelta(t, 5000, ones, 300)
	}
}
