package demo

import (
	"cmp"
	"context"
	"maps"
	"slices"
	"strconv"
	"strings"
	"time"
)

type report struct {
	Variants []variant `json:"variants"`
	Total    metrics   `json:"total"`
	Reasons  []reason  `json:"reasons"`
	Tests    []test    `json:"tests"`
}

type variant struct {
	Name string `json:"name"`
	metrics
}

// test is which variant is best by one metric.
type test struct {
	Metric    string `json:"metric"`
	Leader    string `json:"leader"`
	Advice    string `json:"advice"`
	Standings []struct {
		Name string  `json:"name"`
		Best float64 `json:"probability_best"`
	} `json:"standings"`
}

type reason struct {
	State  string `json:"state"`
	Reason string `json:"reason"`
	Count  int64  `json:"count"`
}

const (
	quietFor   = 2 * time.Second
	listenMost = 60 * time.Second
)

// listen waits until people have stopped reacting and every postback was answered: a
// report before that would change while one reads it.
func (w World) listen(ctx context.Context) error {
	w.say("People are reading, tapping links, buying and answering STOP; previews and\nscanners were there before them; the shop posts back ...")
	limit := time.Now().Add(listenMost)
	for quiet := time.Now(); time.Since(quiet) < quietFor && time.Now().Before(limit); {
		if !w.Sandbox.Idle() {
			quiet = time.Now()
		}
		if err := pause(ctx, lookEvery); err != nil {
			return err
		}
	}
	return nil
}

// report prints what came of the campaigns: the variants, which of them is better, and
// every provider's numbers.
func (w World) report(ctx context.Context, c client, campaigns []campaign) error {
	reports := make([]report, len(campaigns))
	for i, k := range campaigns {
		if err := c.get(ctx, "/v1/campaigns/"+k.ID+"/report", &reports[i]); err != nil {
			return err
		}
	}
	if err := w.variantsOf(reports[0]); err != nil {
		return err
	}
	for i, by := range []string{"provider", "creative"} {
		rows, total, err := w.sums(ctx, c, by)
		if err != nil {
			return err
		}
		if rows = append(rows, row{"all", total}); i == 0 {
			w.say("\nAll campaigns:")
			if err := w.texts(by, rows); err != nil {
				return err
			}
		}
		w.say("")
		if err := w.earnings(by, rows); err != nil {
			return err
		}
	}
	w.say("\nNot delivered, by reason:")
	for _, x := range merged(reports) {
		w.say("  %5d  %-12s %s", x.Count, x.State, x.Reason)
	}
	return nil
}

// variantsOf prints one campaign's variants and which of them is the best by what.
func (w World) variantsOf(r report) error {
	var rows []row
	for _, v := range r.Variants {
		rows = append(rows, row{v.Name, v.metrics})
	}
	rows = append(rows, row{"all", r.Total})
	w.say("\nThe first campaign, by variant; money in USD:")
	if err := w.texts("variant", rows); err != nil {
		return err
	}
	w.say("")
	if err := w.earnings("variant", rows); err != nil {
		return err
	}
	w.say("\nWhich is better?")
	for _, t := range r.Tests {
		w.say("%s", wrapped("By "+strings.ReplaceAll(t.Metric, "_", " ")+": "+t.Advice, 76, "  "))
	}
	return nil
}

// wrapped breaks a sentence into lines of at most width, indent included, where it has
// spaces.
func wrapped(text string, width int, indent string) string {
	var lines []string
	line := indent
	for word := range strings.FieldsSeq(text) {
		if line != indent && len(line)+1+len(word) > width {
			lines, line = append(lines, line), indent
		}
		if line != indent {
			line += " "
		}
		line += word
	}
	return strings.Join(append(lines, line), "\n")
}

// merged adds up the campaigns' reasons, the most frequent first.
func merged(reports []report) []reason {
	sum := map[[2]string]int64{}
	for _, r := range reports {
		for _, x := range r.Reasons {
			sum[[2]string{x.State, x.Reason}] += x.Count
		}
	}
	var all []reason
	for k, n := range sum {
		all = append(all, reason{State: k[0], Reason: k[1], Count: n})
	}
	slices.SortFunc(all, func(a, b reason) int {
		return cmp.Or(cmp.Compare(b.Count, a.Count), cmp.Compare(a.State+a.Reason, b.State+b.Reason))
	})
	return all
}

// byCount lists the reasons, the most frequent first.
func byCount(m map[string]int64) []string {
	keys := slices.Collect(maps.Keys(m))
	slices.SortFunc(keys, func(a, b string) int { return cmp.Or(cmp.Compare(m[b], m[a]), cmp.Compare(a, b)) })
	return keys
}

// thousands writes 12345 as 12,345.
func thousands(n int64) string {
	s := strconv.FormatInt(n, 10)
	for i := len(s) - 3; i > 0; i -= 3 {
		s = s[:i] + "," + s[i:]
	}
	return s
}
