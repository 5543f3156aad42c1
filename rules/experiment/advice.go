package experiment

import (
	"fmt"
	"math"
	"slices"
)

// Advice is what to do now.
type Advice struct {
	Leader  string // most probably the best; empty: there is nothing to compare
	Decided bool   // enough is known to send the leader to everybody
	Text    string // a plain sentence
}

const (
	// mistakes is the share of tests between equal variants that may end with a winner, no
	// matter how often somebody looks.
	mistakes = 0.05
	// plausible is how far apart two variants usually are, as a share of the metric. It
	// makes a test quick where the guess is right and never makes it wrong.
	plausible = 0.2
	// fewest hits of both variants for the normal approximation below to hold.
	fewest = 20
)

// Advise says whether a test is decided. The probability of being best may be looked at
// any time, but stopping at the first glance above 95 % would crown a winner among equal
// variants in a third of all tests. So a winner is declared by a sequential test, which
// stays honest under peeking: the mixture likelihood ratio of Johari, Pekelis and Walsh
// ("Always Valid Inference", 2015) between the leader and every other variant.
func Advise(by Metric, arms []Arm) Advice {
	if len(arms) < 2 {
		return Advice{Text: "There is only one variant: nothing to compare."}
	}
	standings := Judge(by, arms)
	lead := 0
	for i, s := range standings {
		if s.Best > standings[lead].Best {
			lead = i
		}
	}
	a := Advice{Leader: arms[lead].Name, Decided: true}
	for i, other := range arms {
		a.Decided = a.Decided && (i == lead || beats(by, arms[lead], other, len(arms)-1))
	}
	percent := min(math.Floor(standings[lead].Best*100), 99) // never 100: nothing is certain
	switch {
	case a.Decided:
		a.Text = fmt.Sprintf("%s is better with %.0f %%: send it to the rest.", a.Leader, percent)
	case fewestHits(by, arms) < fewest:
		a.Text = fmt.Sprintf("Too early to say: %s leads with %.0f %%, but a variant has fewer than %d %s. Keep sending.",
			a.Leader, percent, fewest, hitsName(by))
	default:
		a.Text = fmt.Sprintf("%s is better with %.0f %%, keep sending: the lead can still be chance.", a.Leader, percent)
	}
	return a
}

// beats reports whether the evidence that a is better than b is beyond peeking, when a is
// compared with others variants.
func beats(by Metric, a, b Arm, others int) bool {
	if fewestHits(by, []Arm{a, b}) < fewest {
		return false
	}
	lead := a.value(by) - b.value(by)
	noise := a.variance(by) + b.variance(by)
	if lead <= 0 || noise <= 0 {
		return false
	}
	tau := plausible * max(a.scale(by), b.scale(by))
	tau *= tau
	log := 0.5*math.Log(noise/(noise+tau)) + tau*lead*lead/(2*noise*(noise+tau))
	return log >= math.Log(float64(others)/mistakes)
}

// variance of the measured value.
func (a Arm) variance(by Metric) float64 {
	n := float64(max(a.Sends, 1))
	if by != ByProfit {
		p := a.value(by)
		return p * (1 - p) / n
	}
	p, mean := a.value(ByConversion), a.meanPayout()
	return (2*p*mean*mean - p*p*mean*mean) / n // payouts by an exponential law, as in Judge
}

// scale is what a share of the metric is a share of: profit may be near 0, revenue is not.
func (a Arm) scale(by Metric) float64 {
	if by == ByProfit {
		return a.value(ByConversion) * a.meanPayout()
	}
	return a.value(by)
}

func (a Arm) meanPayout() float64 { return a.Revenue / float64(max(a.Conversions, 1)) }

func fewestHits(by Metric, arms []Arm) int64 {
	hits := make([]int64, len(arms))
	for i, a := range arms {
		hits[i] = a.Conversions
		if by == ByCTR {
			hits[i] = a.Clicks
		}
	}
	return slices.Min(hits)
}

func hitsName(by Metric) string {
	if by == ByCTR {
		return "clicks"
	}
	return "conversions"
}
