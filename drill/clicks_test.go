package main

import (
	"slices"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider/sandbox"
)

// honestTaps is a stage in which everything went well: two taps fit under the cap, one was led
// to the spare offer, one broke off and is stored all the same, and one sale was taken back.
func honestTaps() (tapsDone, tapsSeen) {
	done := tapsDone{
		Taps: []answered{{"c1", 1, "capped"}, {"c2", 2, "capped"}, {"c3", 1, "spare"}}, Broken: 1, Cap: 3, Offer: "capped",
		Events: []sandbox.Event{
			{Shop: "quotes", Transaction: "t1", Kind: sandbox.Sale, Pays: 2000, Told: true},
			{Shop: "quotes", Transaction: "t1", Kind: sandbox.Refund, Pays: 1000, Told: true},
		},
		Shops: map[string]string{"quotes": "capped"},
	}
	seen := tapsSeen{
		Clicks: []clickRow{{"c1", 1, "capped"}, {"c2", 2, "capped"}, {"c3", 1, "spare"}, {"c4", 5, "capped"}},
		Conversions: []conversionRow{
			{"t1", sandbox.Sale, "capped", 20_000_000}, {"t1", sandbox.Refund, "capped", 10_000_000},
		},
		Capped: []int64{3}, Sums: []sums{{"clicks", 3, 3}},
	}
	return done, seen
}

func TestEveryBrokenPromiseOfTapsIsFound(t *testing.T) {
	t.Parallel()
	require.True(t, judgeTaps(honestTaps()).clean())
	for name, tc := range map[string]struct {
		spoil func(d *tapsDone, s *tapsSeen)
		want  tapsVerdict
	}{
		"answered, not stored": {func(_ *tapsDone, s *tapsSeen) { s.Clicks = s.Clicks[1:] }, tapsVerdict{LostClicks: 1}},
		"stored twice":         {func(_ *tapsDone, s *tapsSeen) { s.Clicks = append(s.Clicks, clickRow{"c5", 1, "capped"}) }, tapsVerdict{DoubledClicks: 1}},
		"stored for nobody":    {func(d *tapsDone, _ *tapsSeen) { d.Broken = 0 }, tapsVerdict{DoubledClicks: 1}},
		"another message":      {func(_ *tapsDone, s *tapsSeen) { s.Clicks[0].Message = 9 }, tapsVerdict{WrongClicks: 1}},
		"led elsewhere":        {func(_ *tapsDone, s *tapsSeen) { s.Clicks[0].Offer = "spare" }, tapsVerdict{WrongClicks: 1}},
		"under another id":     {func(_ *tapsDone, s *tapsSeen) { s.Clicks[0].ID = "c9" }, tapsVerdict{LostClicks: 1, DoubledClicks: 1}},
		"a sale is not stored": {func(_ *tapsDone, s *tapsSeen) { s.Conversions = s.Conversions[1:] }, tapsVerdict{LostSales: 1}},
		"a sale twice":         {func(_ *tapsDone, s *tapsSeen) { s.Conversions = append(s.Conversions, s.Conversions[0]) }, tapsVerdict{DoubledSales: 1}},
		"a sale nobody made": {func(_ *tapsDone, s *tapsSeen) {
			s.Conversions = append(s.Conversions, conversionRow{"t2", sandbox.Sale, "capped", 1})
		}, tapsVerdict{DoubledSales: 1}},
		"of another offer":      {func(_ *tapsDone, s *tapsSeen) { s.Conversions[0].Offer = "spare" }, tapsVerdict{LostSales: 1, DoubledSales: 1}},
		"another amount":        {func(_ *tapsDone, s *tapsSeen) { s.Conversions[1].Amount++ }, tapsVerdict{WrongSales: 1}},
		"never answered":        {func(d *tapsDone, _ *tapsSeen) { d.Events[1].Told = false }, tapsVerdict{UnansweredSales: 1}},
		"over the cap":          {func(_ *tapsDone, s *tapsSeen) { s.Capped[0] = 4 }, tapsVerdict{CapMissed: 1}},
		"turned away too early": {func(d *tapsDone, _ *tapsSeen) { d.Cap = 5 }, tapsVerdict{CapMissed: 2}},
		"sums that differ":      {func(_ *tapsDone, s *tapsSeen) { s.Sums[0].Kept = 2 }, tapsVerdict{WrongSums: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			done, seen := honestTaps()
			tc.spoil(&done, &seen)
			got := judgeTaps(done, seen)
			require.False(t, got.clean())
			require.NotEmpty(t, got.Findings)
			got.Findings = nil
			require.Equal(t, tc.want, got)
		})
	}
}

func TestACapThatWasNotReachedTurnsNobodyAway(t *testing.T) {
	t.Parallel()
	done, seen := honestTaps()
	done.Cap, done.Taps = 9, done.Taps[:2]
	seen.Clicks = slices.Delete(seen.Clicks, 2, 3)
	require.True(t, judgeTaps(done, seen).clean())
}

func TestWavesArePlanned(t *testing.T) {
	t.Parallel()
	all, err := planWaves(10, 1, "")
	require.NoError(t, err)
	again, err := planWaves(10, 1, "")
	require.NoError(t, err)
	require.Equal(t, all, again, "the same seed, the same kills")
	kinds := map[kind]int{}
	for _, v := range all {
		kinds[v.Kind]++
	}
	require.Equal(t, map[kind]int{killAPI: 7, killPostgres: 3}, kinds)
	none, err := planWaves(10, 1, "worker")
	require.NoError(t, err)
	require.Empty(t, none, "a worker answers no taps")
	_, err = planWaves(1, 1, "nobody")
	require.Error(t, err)
}

func TestLinksAreFoundInTexts(t *testing.T) {
	t.Parallel()
	links := linksOf([]sandbox.Record{
		{MessageID: 7, From: tapNumber, Body: "Drill: See http://127.0.0.1:8080/abC12\nReply STOP to opt out"},
		{MessageID: 8, From: "+14155550101", Body: "See http://127.0.0.1:8080/abC13"},
		{MessageID: 9, From: tapNumber, Body: "Test"},
	})
	require.Equal(t, []tapLink{{7, "http://127.0.0.1:8080/abC12"}}, links)
}
