package experiment_test

import (
	"math/rand/v2"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/rules/experiment"
)

func arms(a, b experiment.Arm) []experiment.Arm {
	a.Name, b.Name = "A", "B"
	return []experiment.Arm{a, b}
}

func TestProbabilitiesAreThoseOfTheTextbook(t *testing.T) {
	t.Parallel()
	// For Beta posteriors the probability can be summed exactly; these are by that sum.
	got := experiment.Judge(experiment.ByCTR, arms(
		experiment.Arm{Sends: 1000, Clicks: 50}, experiment.Arm{Sends: 1000, Clicks: 65}))
	require.InDelta(t, 0.9254, got[1].Best, 0.01)
	require.InDelta(t, 1, got[0].Best+got[1].Best, 1e-9)
	require.InDelta(t, 0.015, got[0].Loss-got[1].Loss, 0.001, "the losses differ by the difference of the means")
}

func TestMoneyDecidesWhereClicksDoNot(t *testing.T) {
	t.Parallel()
	got := experiment.Judge(experiment.ByProfit, arms(
		experiment.Arm{Sends: 10_000, Clicks: 500, Conversions: 60, Revenue: 600, Cost: 100},
		experiment.Arm{Sends: 10_000, Clicks: 500, Conversions: 60, Revenue: 3000, Cost: 100}))
	require.Greater(t, got[1].Best, 0.99)
	require.InDelta(t, 0.29, got[1].Value, 1e-9)
}

func TestAnArmWithoutConversionsIsUncertainAndNotWorthless(t *testing.T) {
	t.Parallel()
	got := experiment.Judge(experiment.ByProfit, arms(
		experiment.Arm{Sends: 10, Conversions: 0}, experiment.Arm{Sends: 10_000, Conversions: 100, Revenue: 1000}))
	require.Greater(t, got[0].Best, 0.3)
}

func TestAdviceIsASentence(t *testing.T) {
	t.Parallel()
	clear := arms(experiment.Arm{Sends: 10_000, Clicks: 300}, experiment.Arm{Sends: 10_000, Clicks: 600})
	require.Equal(t, experiment.Advice{Leader: "B", Decided: true, Text: "B is better with 99 %: send it to the rest."},
		experiment.Advise(experiment.ByCTR, clear))
	close := arms(experiment.Arm{Sends: 1000, Clicks: 50}, experiment.Arm{Sends: 1000, Clicks: 65})
	got := experiment.Advise(experiment.ByCTR, close)
	require.False(t, got.Decided)
	require.Contains(t, got.Text, "B is better with 92 %, keep sending")
	few := arms(experiment.Arm{Sends: 100, Clicks: 1}, experiment.Arm{Sends: 100, Clicks: 9})
	require.Contains(t, experiment.Advise(experiment.ByCTR, few).Text, "Too early to say: B leads")
	require.Empty(t, experiment.Advise(experiment.ByCTR, few[:1]).Leader)
}

// Whoever looks after every hundred texts and stops at the first winner must be wrong in
// at most one of twenty tests between equal variants. Stopping at 95 % probability, which
// this shows beside it, is wrong far more often.
func TestPeekingDoesNotMakeAWinner(t *testing.T) {
	t.Parallel()
	const tests, looks, step, rate = 400, 60, 100, 0.1
	source := rand.New(rand.NewPCG(7, 7))
	wrong, naive := 0, 0
	for range tests {
		var a, b experiment.Arm
		decided, above := false, false
		for range looks {
			for range step {
				a.Sends, b.Sends = a.Sends+1, b.Sends+1
				if source.Float64() < rate {
					a.Clicks++
				}
				if source.Float64() < rate {
					b.Clicks++
				}
			}
			two := arms(a, b)
			decided = decided || experiment.Beats(experiment.ByCTR, two[0], two[1]) || experiment.Beats(experiment.ByCTR, two[1], two[0])
			above = above || experiment.Naive(two[0], two[1]) > 1.645
		}
		if decided {
			wrong++
		}
		if above {
			naive++
		}
	}
	require.LessOrEqual(t, wrong, tests/20)
	require.Greater(t, naive, tests/5, "or this test shows nothing")
}

func TestStandingsAddUp(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		var all []experiment.Arm
		for range rapid.IntRange(1, 5).Draw(t, "arms") {
			sends := rapid.Int64Range(0, 100_000).Draw(t, "sends")
			clicks := rapid.Int64Range(0, sends).Draw(t, "clicks")
			n := rapid.Int64Range(0, clicks).Draw(t, "conversions")
			all = append(all, experiment.Arm{
				Name: "x", Sends: sends, Clicks: clicks, Conversions: n,
				Revenue: float64(n) * rapid.Float64Range(0, 100).Draw(t, "payout"), Cost: rapid.Float64Range(0, 1000).Draw(t, "cost"),
			})
		}
		by := rapid.SampledFrom(experiment.Metrics()).Draw(t, "by")
		sum := 0.0
		for _, s := range experiment.Judge(by, all) {
			sum += s.Best
			if s.Loss < 0 || s.Best < 0 || s.Best > 1+1e-9 {
				t.Fatalf("%+v", s)
			}
		}
		if sum < 1-1e-6 || sum > 1+1e-6 {
			t.Fatalf("the probabilities sum to %f", sum)
		}
	})
}
