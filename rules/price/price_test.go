package price_test

import (
	"errors"
	"math"
	"math/big"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/internal/fault"
	"trackly/rules/price"
)

func TestAmountsAreWrittenExactly(t *testing.T) {
	t.Parallel()
	for amount, want := range map[price.Micros]string{
		0: "0.00", 4500: "0.0045", 3000: "0.003", 1: "0.000001", 19_990_000: "19.99", 4_500_000: "4.50",
		price.Unit: "1.00", -3_000_000: "-3.00", -1: "-0.000001", 1_234_567_890_123: "1234567.890123",
		math.MaxInt64: "9223372036854.775807", math.MinInt64: "-9223372036854.775808",
	} {
		require.Equal(t, want, amount.String())
	}
}

func TestAnAmountCanBeReadBack(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		m := rapid.Int64().Draw(t, "micros")
		text := price.Micros(m).String()
		got, ok := new(big.Rat).SetString(text)
		require.True(t, ok)
		require.Zero(t, got.Cmp(big.NewRat(m, 1_000_000)))
		_, decimals, _ := strings.Cut(text, ".")
		require.GreaterOrEqual(t, len(decimals), 2)
	})
}

func TestCost(t *testing.T) {
	t.Parallel()
	book := price.DefaultBook()
	require.NoError(t, book.Check())
	for name, tc := range map[string]struct {
		before, segments int64
		want             string
	}{
		"nothing costs nothing":                     {0, 0, "0.00"},
		"one segment":                               {0, 1, "0.0045"},
		"ten thousand segments":                     {0, 10_000, "45.00"},
		"the last segment of the first tier":        {999_999, 1, "0.0045"},
		"the first segment of the second":           {1_000_000, 1, "0.003"},
		"one on each side of the border":            {999_999, 2, "0.0075"},
		"the whole first tier":                      {0, 1_000_000, "4500.00"},
		"a campaign across the border":              {900_000, 300_000, "1050.00"},
		"numbers below 0 count as 0":                {-5, 1, "0.0045"},
		"a negative number of segments is nothing":  {5, -1, "0.00"},
		"what cannot be counted sticks at the most": {0, math.MaxInt64, "9223372036854.775807"},
		"a sum that wraps round does not":           {math.MaxInt64, 1, "0.00"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, book.Cost(tc.before, tc.segments).String())
		})
	}
}

// books draws price lists that pass Check.
func books() *rapid.Generator[price.Book] {
	return rapid.Custom(func(t *rapid.T) price.Book {
		b, from := price.Book{}, int64(0)
		for range rapid.IntRange(1, 6).Draw(t, "tiers") {
			per := price.Micros(rapid.Int64Range(0, 1_000_000).Draw(t, "per segment"))
			b.Tiers = append(b.Tiers, price.Tier{From: from, PerSegment: per})
			from += rapid.Int64Range(1, 1_000_000).Draw(t, "length")
		}
		return b
	})
}

func TestCostsAddUpHoweverTheyAreCut(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := books().Draw(t, "book")
		require.NoError(t, b.Check())
		some := rapid.Int64Range(0, 3_000_000)
		before, first, second := some.Draw(t, "before"), some.Draw(t, "first"), some.Draw(t, "second")
		require.Equal(t, b.Cost(before, first+second), b.Cost(before, first)+b.Cost(before+first, second))
	})
}

func TestCostIsTheSumOfEverySegment(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b := price.Book{Tiers: []price.Tier{
			{From: 0, PerSegment: price.Micros(rapid.Int64Range(0, 9).Draw(t, "a"))},
			{From: 10, PerSegment: price.Micros(rapid.Int64Range(0, 9).Draw(t, "b"))},
			{From: 25, PerSegment: price.Micros(rapid.Int64Range(0, 9).Draw(t, "c"))},
		}}
		before, segments := rapid.Int64Range(0, 40).Draw(t, "before"), rapid.Int64Range(0, 40).Draw(t, "segments")
		sum := price.Micros(0)
		for i := before; i < before+segments; i++ {
			switch {
			case i < 10:
				sum += b.Tiers[0].PerSegment
			case i < 25:
				sum += b.Tiers[1].PerSegment
			default:
				sum += b.Tiers[2].PerSegment
			}
		}
		require.Equal(t, sum, b.Cost(before, segments))
	})
}

func TestMoreSegmentsNeverCostLess(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		b, any := books().Draw(t, "book"), rapid.Int64Range(0, math.MaxInt64-1)
		before, n := any.Draw(t, "before"), any.Draw(t, "segments")
		require.GreaterOrEqual(t, b.Cost(before, n+1), b.Cost(before, n))
		require.GreaterOrEqual(t, b.Cost(before, n), price.Micros(0))
	})
}

func TestCheckNamesEveryComplaint(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		tiers []price.Tier
		where []string
	}{
		"an empty book":             {nil, []string{"tiers"}},
		"a first tier not from 0":   {[]price.Tier{{5, 1}}, []string{"tiers[0].from"}},
		"tiers out of order":        {[]price.Tier{{0, 1}, {10, 1}, {10, 1}}, []string{"tiers[2].from"}},
		"a negative price":          {[]price.Tier{{0, -1}}, []string{"tiers[0].per_segment"}},
		"a price in the wrong unit": {[]price.Tier{{0, 4_500_000}}, []string{"tiers[0].per_segment"}},
		"everything at once":        {[]price.Tier{{1, -1}, {0, -1}}, []string{"tiers[0].from", "tiers[0].per_segment", "tiers[1].from", "tiers[1].per_segment"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			f, ok := errors.AsType[*fault.Fault](price.Book{Tiers: tc.tiers}.Check())
			require.True(t, ok)
			require.Equal(t, fault.Invalid, f.Kind)
			where := []string{}
			for _, p := range f.Problems {
				where = append(where, p.Where)
			}
			require.Equal(t, tc.where, where)
		})
	}
}
