package experiment_test

import (
	"errors"
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/internal/fault"
	"trackly/rules/experiment"
)

// splits draws percentages that pass Check.
func splits() *rapid.Generator[[]int] {
	return rapid.Custom(func(t *rapid.T) []int {
		percents := []int{}
		left := 100
		for left > 0 && len(percents) < 9 {
			p := rapid.IntRange(1, left).Draw(t, "percent")
			percents, left = append(percents, p), left-p
		}
		percents[0] += left
		return percents
	})
}

func TestCheckTakesExactlyAHundred(t *testing.T) {
	t.Parallel()
	for _, ok := range [][]int{{100}, {50, 50}, {33, 33, 34}, {1, 99}} {
		require.NoError(t, experiment.Check(ok))
	}
	rapid.Check(t, func(t *rapid.T) { require.NoError(t, experiment.Check(splits().Draw(t, "percents"))) })
}

func TestCheckNamesEveryComplaint(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		percents []int
		where    []string
	}{
		"no variants":                   {nil, []string{"variants"}},
		"99":                            {[]int{50, 49}, []string{"variants"}},
		"101":                           {[]int{50, 51}, []string{"variants"}},
		"nothing for one":               {[]int{100, 0}, []string{"variants[1].percent"}},
		"a negative one that adds up":   {[]int{150, -50}, []string{"variants[0].percent", "variants[1].percent", "variants"}},
		"numbers that would wrap round": {[]int{math.MaxInt, math.MaxInt, 102}, []string{"variants[0].percent", "variants[1].percent", "variants[2].percent", "variants"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, ok := errors.AsType[*fault.Fault](experiment.Check(tc.percents))
			require.True(t, ok)
			where := []string{}
			for _, p := range f.Problems {
				where = append(where, p.Where)
			}
			require.Equal(t, tc.where, where)
		})
	}
}

func TestTheLargestFractionGetsTheMemberLeftOver(t *testing.T) {
	t.Parallel()
	require.Equal(t, []int64{1, 0}, experiment.Sizes(1, []int{50, 50}))
	require.Equal(t, []int64{3, 3, 4}, experiment.Sizes(10, []int{33, 33, 34}))
	require.Equal(t, []int64{0, 1}, experiment.Sizes(1, []int{1, 99}))
	require.Equal(t, []int64{0, 0}, experiment.Sizes(-5, []int{50, 50}))
	require.Equal(t, []int64{35, 33, 33}, experiment.Sizes(101, []int{34, 33, 33}))
}

func TestSizesSumAndAreWithinOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, math.MaxInt64).Draw(t, "n")
		percents := splits().Draw(t, "percents")
		sum := int64(0)
		for i, size := range experiment.Sizes(n, percents) {
			sum += size
			off := new(big.Int).Mul(big.NewInt(size), big.NewInt(100))
			off.Sub(off, new(big.Int).Mul(big.NewInt(n), big.NewInt(int64(percents[i]))))
			require.Negative(t, off.CmpAbs(big.NewInt(100)), "size %d of %d", size, n)
		}
		require.Equal(t, n, sum)
	})
}

func TestAPlanHitsTheSizesExactly(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, 3000).Draw(t, "n")
		percents := splits().Draw(t, "percents")
		p := experiment.NewPlan(n, percents, rapid.Uint64().Draw(t, "seed"))
		got := make([]int64, len(percents))
		for pos := range n {
			got[p.Variant(pos)]++
		}
		require.Equal(t, experiment.Sizes(n, percents), got)
	})
}

func TestAnyStartIsCloseToTheSplit(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.OneOf(rapid.Int64Range(1, 4000), rapid.Int64Range(1, 1_000_000_000)).Draw(t, "n")
		percents := splits().Draw(t, "percents")
		p := experiment.NewPlan(n, percents, rapid.Uint64().Draw(t, "seed"))
		got := make([]float64, len(percents))
		for pos := range min(n, 4000) {
			got[p.Variant(pos)]++
			for i, percent := range percents {
				require.InDelta(t, float64(pos+1)*float64(percent)/100, got[i], 6, "after %d of %d", pos+1, n)
			}
		}
	})
}

func TestTheProductOfAPlanNeverOverflows(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(1, 1_000_000_000_000_000_000).Draw(t, "n")
		p := experiment.NewPlan(n, []int{50, 50}, rapid.Uint64().Draw(t, "seed"))
		last := new(big.Int).Mul(big.NewInt(n-1), big.NewInt(p.Stride))
		require.True(t, last.Add(last, big.NewInt(p.Offset)).IsInt64())
		require.Equal(t, int64(1), new(big.Int).GCD(nil, nil, big.NewInt(p.Stride), big.NewInt(n)).Int64())
		require.True(t, 0 <= p.Offset && p.Offset < n)
		require.Equal(t, n, p.Bounds[1])
	})
}

func TestAnotherSeedGivesAnotherSplit(t *testing.T) {
	t.Parallel()
	a, b := experiment.NewPlan(1000, []int{50, 50}, 1), experiment.NewPlan(1000, []int{50, 50}, 2)
	require.Equal(t, a, experiment.NewPlan(1000, []int{50, 50}, 1))
	require.NotEqual(t, a.Offset, b.Offset)
}

// Campaigns in flight hold stored plans and SQL of their own; this is what both agree on.
func TestAPlanIsTheSameInEveryRelease(t *testing.T) {
	t.Parallel()
	p := experiment.NewPlan(1_000_000, []int{50, 30, 20}, 42)
	require.Equal(t, experiment.Plan{N: 1_000_000, Stride: 618_073, Offset: 275_413, Bounds: []int64{500_000, 800_000, 1_000_000}}, p)
	variants := []int{}
	for pos := range int64(10) {
		variants = append(variants, p.Variant(pos))
	}
	require.Equal(t, []int{0, 2, 1, 0, 1, 0, 2, 1, 0, 2}, variants)
}

func TestAnEmptyPlanAnswersTheFirstVariant(t *testing.T) {
	t.Parallel()
	require.Zero(t, experiment.NewPlan(0, []int{50, 50}, 1).Variant(3))
	require.Zero(t, experiment.Plan{}.Variant(0))
	p := experiment.NewPlan(7, []int{50, 50}, 1)
	require.Equal(t, p.Variant(2), p.Variant(9))
	require.Equal(t, p.Variant(5), p.Variant(-2))
}

func BenchmarkVariant(b *testing.B) {
	p := experiment.NewPlan(1_000_000, []int{50, 30, 20}, 42)
	for pos := int64(0); b.Loop(); pos++ {
		p.Variant(pos)
	}
}
