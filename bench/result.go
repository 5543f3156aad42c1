package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"text/tabwriter"
)

// Result is one figure beside its baseline.
type Result struct {
	Name       string    `json:"name"`
	Unit       string    `json:"unit"`
	Ours       float64   `json:"ours"`     // median
	Baseline   float64   `json:"baseline"` // median
	Ratio      float64   `json:"ratio"`
	Want       string    `json:"want"` // what is promised of the ratio
	BaselineIs string    `json:"baseline_is"`
	OursAll    []float64 `json:"ours_rounds"`
	BaseAll    []float64 `json:"baseline_rounds"`
}

// String is the figure on one line.
func (r Result) String() string {
	return fmt.Sprintf("%s %s, baseline %s, ratio %.2f (%s)", number(r.Ours), r.Unit, number(r.Baseline), r.Ratio, r.Want)
}

// alternate measures ours and the baseline in turn, so that a slow minute of the
// machine hits both, and keeps the medians. ratio is ours by baseline.
func alternate(ctx context.Context, rounds int, ours, baseline func(context.Context) (float64, error)) (Result, error) {
	var r Result
	for range rounds {
		a, err := ours(ctx)
		if err != nil {
			return r, err
		}
		b, err := baseline(ctx)
		if err != nil {
			return r, fmt.Errorf("baseline: %w", err)
		}
		r.OursAll, r.BaseAll = append(r.OursAll, a), append(r.BaseAll, b)
	}
	r.Ours, r.Baseline = median(r.OursAll), median(r.BaseAll)
	r.Ratio = r.Ours / r.Baseline
	return r, nil
}

func median(all []float64) float64 {
	s := slices.Sorted(slices.Values(all))
	if n := len(s); n%2 == 0 {
		return (s[n/2-1] + s[n/2]) / 2
	}
	return s[len(s)/2]
}

func table(out io.Writer, results []Result) {
	w := tabwriter.NewWriter(out, 0, 0, 2, ' ', 0)
	_, _ = fmt.Fprintln(w, "figure\tours\tbaseline\tunit\tratio\tpromised\tbaseline is")
	for _, r := range results {
		_, _ = fmt.Fprintf(w, "%s\t%s\t%s\t%s\t%.2f\t%s\t%s\n",
			r.Name, number(r.Ours), number(r.Baseline), r.Unit, r.Ratio, r.Want, r.BaselineIs)
	}
	_ = w.Flush()
}

func number(v float64) string {
	if v >= 100 {
		return fmt.Sprintf("%.0f", v)
	}
	return fmt.Sprintf("%.2f", v)
}
