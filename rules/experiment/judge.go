package experiment

import (
	"math/rand/v2"
	"slices"

	"gonum.org/v1/gonum/stat/distuv"
)

// Metric is what variants are compared by.
type Metric string

// The metrics.
const (
	ByCTR        Metric = "ctr"             // clicks / sends
	ByConversion Metric = "conversion"      // conversions / sends
	ByProfit     Metric = "profit_per_send" // (revenue - cost) / sends, in units of the currency
)

// Metrics gives every metric there is.
func Metrics() []Metric { return []Metric{ByCTR, ByConversion, ByProfit} }

// Arm is what is known of one variant. Money is in units of the account's currency: what
// is estimated from it is no longer exact, and nothing is booked from it.
type Arm struct {
	Name        string
	Sends       int64
	Clicks      int64 // messages with a human click, at most one a message
	Conversions int64 // that stand: refunded ones are taken off
	Revenue     float64
	Cost        float64
}

// Standing is how a variant does beside the others.
type Standing struct {
	Name  string
	Value float64 // the metric as measured
	// Best is the probability that this variant is the best of all, given the data and
	// nothing else known before.
	Best float64
	// Loss is how much of the metric is given up, on average, by choosing this variant
	// now: the mean distance to whichever is really best.
	Loss float64
}

// draws is how many worlds are imagined. The error of a probability is below half a
// percent, and the same question has the same answer every time.
const draws = 20_000

// Judge compares the arms by a metric. Each arm's true rate is uncertain as its counts
// leave it (a Beta posterior after Jeffreys' prior; for money, times a Gamma posterior of
// the mean payout, see payout), and the probabilities are shares of imagined worlds. It
// needs one arm or more.
func Judge(by Metric, arms []Arm) []Standing {
	out := make([]Standing, len(arms))
	for i, a := range arms {
		out[i] = Standing{Name: a.Name, Value: a.value(by)}
	}
	source := rand.New(rand.NewPCG(1, 2)) //nolint:gosec // imagined worlds are no secret
	usual, worlds := usualPayout(arms), make([]func() float64, len(arms))
	for i, a := range arms {
		worlds[i] = a.imagine(by, usual, source)
	}
	truth := make([]float64, len(arms))
	for range draws {
		for i, world := range worlds {
			truth[i] = world()
		}
		best := slices.Max(truth)
		out[slices.Index(truth, best)].Best += 1.0 / draws
		for i := range out {
			out[i].Loss += (best - truth[i]) / draws
		}
	}
	return out
}

func (a Arm) value(by Metric) float64 {
	n := float64(max(a.Sends, 1))
	switch by {
	case ByCTR:
		return float64(a.Clicks) / n
	case ByConversion:
		return float64(a.Conversions) / n
	case ByProfit:
		return (a.Revenue - a.Cost) / n
	}
	return 0
}

// imagine gives what draws a possible truth of the arm.
func (a Arm) imagine(by Metric, usual float64, source *rand.Rand) func() float64 {
	if by == ByCTR {
		return rate(a.Clicks, a.Sends, source).Rand
	}
	converts := rate(a.Conversions, a.Sends, source)
	if by == ByConversion {
		return converts.Rand
	}
	pays, cost := a.payout(usual, source), a.Cost/float64(max(a.Sends, 1))
	return func() float64 { return converts.Rand()*pays() - cost }
}

func rate(hits, of int64, source *rand.Rand) distuv.Beta {
	hits = min(max(hits, 0), max(of, 0))
	return distuv.Beta{Alpha: float64(hits) + 0.5, Beta: float64(max(of, 0)-hits) + 0.5, Src: source}
}

// payout draws a possible mean of what a conversion pays. Payouts are taken to vary as
// much as their mean (an exponential law), which is more than those of a fixed price do:
// the verdict comes later rather than too early. What all arms paid on average counts
// as one conversion more, so that an arm without any is uncertain and not worthless.
func (a Arm) payout(usual float64, source *rand.Rand) func() float64 {
	n, paid := float64(max(a.Conversions, 0)), max(a.Revenue, 0)+usual
	if paid == 0 {
		return func() float64 { return 0 }
	}
	// The posterior of an exponential law's mean is an inverse Gamma.
	return distuv.InverseGamma{Alpha: n + 2, Beta: paid, Src: source}.Rand
}

// usualPayout is what a conversion paid, taken over all arms.
func usualPayout(arms []Arm) float64 {
	var n, paid float64
	for _, a := range arms {
		n, paid = n+float64(max(a.Conversions, 0)), paid+max(a.Revenue, 0)
	}
	return paid / max(n, 1)
}
