package conversion_test

import (
	"math"
	"math/big"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/internal/fault"
	"trackly/rules/conversion"
	"trackly/rules/price"
)

func TestEarned(t *testing.T) {
	t.Parallel()
	cpa := conversion.Terms{Pays: conversion.ForAction, Payout: 12_500_000, Share: 5000}
	share := conversion.Terms{Pays: conversion.ForShare, Payout: 12_500_000, Share: 2500}
	third := conversion.Terms{Pays: conversion.ForShare, Share: 3333}
	half := conversion.Terms{Pays: conversion.ForShare, Share: 5000}
	cpc := conversion.Terms{Pays: conversion.ForClick, Payout: 400_000, Share: 5000}
	of := func(m price.Micros) *price.Micros { return &m }
	for name, tc := range map[string]struct {
		terms    conversion.Terms
		reverses bool
		amount   *price.Micros
		rate     price.Micros
		want     string
	}{
		"an action pays the payout":         {cpa, false, nil, price.Unit, "12.50"},
		"or what was told":                  {cpa, false, of(3_000_000), price.Unit, "3.00"},
		"even nothing":                      {cpa, false, of(0), price.Unit, "0.00"},
		"at the rate":                       {cpa, false, of(3_000_000), 1_080_000, "3.24"},
		"the payout has no rate":            {cpa, false, nil, 1_080_000, "12.50"},
		"a refund takes what was told":      {cpa, true, of(3_000_000), price.Unit, "3.00"},
		"one of all says nothing by itself": {cpa, true, nil, price.Unit, "0.00"},
		"a share":                           {share, false, of(100_000_000), price.Unit, "25.00"},
		"a share at the rate":               {share, false, of(100_000_000), 1_080_000, "27.00"},
		"a share of nothing told":           {share, false, nil, price.Unit, "0.00"},
		"a share of a refund":               {share, true, of(40_000_000), price.Unit, "10.00"},
		"a click pays clicks":               {cpc, false, of(100_000_000), price.Unit, "0.00"},
		"and gives nothing back":            {cpc, true, of(100_000_000), price.Unit, "0.00"},
		"below half a micro-unit":           {third, false, of(1), price.Unit, "0.00"},
		"above half a micro-unit":           {third, false, of(2), price.Unit, "0.000001"},
		"half a micro-unit, to even":        {half, false, of(1), price.Unit, "0.00"},
		"one and a half, to even":           {half, false, of(3), price.Unit, "0.000002"},
		"two and a half, to even":           {half, false, of(5), price.Unit, "0.000002"},
		"the most":                          {cpa, false, of(conversion.Most), price.Unit, conversion.Most.String()},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, err := conversion.Earned(tc.terms, tc.reverses, tc.amount, tc.rate)
			require.NoError(t, err)
			require.Equal(t, tc.want, got.String())
		})
	}
}

func TestAbsurdAmountsAreRefused(t *testing.T) {
	t.Parallel()
	cpa := conversion.Terms{Pays: conversion.ForAction}
	for name, tc := range map[string]struct{ amount, rate price.Micros }{
		"a negative amount":         {-1, price.Unit},
		"the least there is":        {math.MinInt64, price.Unit},
		"too much":                  {conversion.Most + 1, price.Unit},
		"the most there is":         {math.MaxInt64, conversion.MostRate},
		"too much at its rate":      {conversion.Most, price.Unit + 1},
		"beyond 63 bits":            {conversion.Most, conversion.MostRate},
		"a rate of nothing":         {1, 0},
		"a negative rate":           {1, -price.Unit},
		"a rate that is a misprint": {1, conversion.MostRate + 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := conversion.Earned(cpa, false, &tc.amount, tc.rate)
			require.Equal(t, fault.Invalid, fault.KindOf(err))
		})
	}
}

func TestAnEarningIsTheNearestToTheExactOne(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		terms := conversion.Terms{Pays: conversion.ForShare, Share: rapid.IntRange(0, 10_000).Draw(t, "share")}
		amount := price.Micros(rapid.Int64Range(0, int64(conversion.Most)).Draw(t, "amount"))
		rate := price.Micros(rapid.Int64Range(1, 5*int64(price.Unit)).Draw(t, "rate"))
		exact := new(big.Rat).SetFrac(
			new(big.Int).Mul(new(big.Int).Mul(big.NewInt(int64(amount)), big.NewInt(int64(rate))), big.NewInt(int64(terms.Share))),
			big.NewInt(int64(price.Unit)*10_000))
		got, err := conversion.Earned(terms, false, &amount, rate)
		if err != nil {
			require.Positive(t, exact.Cmp(big.NewRat(int64(conversion.Most), 1)))
			return
		}
		off := new(big.Rat).Sub(exact, big.NewRat(int64(got), 1))
		switch off.Abs(off).Cmp(big.NewRat(1, 2)) {
		case 1:
			t.Fatalf("%s is not the nearest to %s", got, exact)
		case 0:
			require.Zero(t, got%2)
		}
	})
}
