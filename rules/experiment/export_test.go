package experiment

import "math"

// Beats is the sequential test for two variants.
func Beats(by Metric, a, b Arm) bool { return beats(by, a, b, 1) }

// Naive is how many standard deviations lie between two variants' click rates, in either
// direction: what somebody compares with 1.645 who believes in one look.
func Naive(a, b Arm) float64 {
	return math.Abs(a.value(ByCTR)-b.value(ByCTR)) / math.Sqrt(a.variance(ByCTR)+b.variance(ByCTR))
}
