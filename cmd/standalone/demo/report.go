package demo

import (
	"cmp"
	"context"
	"fmt"
	"maps"
	"slices"
	"strconv"
	"text/tabwriter"
	"time"
)

type report struct {
	Variants []variant `json:"variants"`
	Reasons  []reason  `json:"reasons"`
	Test     struct {
		Advice string `json:"advice"`
	} `json:"test"`
}

type variant struct {
	Name        string `json:"name"`
	Percent     int    `json:"percent"`
	Planned     int64  `json:"planned"`
	Sent        int64  `json:"sent"`
	Delivered   int64  `json:"delivered"`
	Undelivered int64  `json:"undelivered"`
	Failed      int64  `json:"failed"`
	Skipped     int64  `json:"skipped"`
	Segments    int64  `json:"segments"`
	Clicks      int64  `json:"clicks"`
	Bots        int64  `json:"bot_clicks"`
	OptOuts     int64  `json:"opt_outs"`
}

type reason struct {
	State  string `json:"state"`
	Reason string `json:"reason"`
	Count  int64  `json:"count"`
}

const (
	quietFor   = 2 * time.Second
	listenMost = 25 * time.Second
)

// listen waits until people have stopped reacting: a report before that would change
// while one reads it.
func (w World) listen(ctx context.Context) error {
	w.say("People are reading, tapping links and answering STOP ...")
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

// report prints what came of the campaigns: the variants of the first one, and every
// provider's numbers.
func (w World) report(ctx context.Context, c client, campaigns []campaign) error {
	reports := make([]report, len(campaigns))
	for i, k := range campaigns {
		if err := c.get(ctx, "/v1/campaigns/"+k.ID+"/report", &reports[i]); err != nil {
			return err
		}
	}
	w.say("")
	if err := w.table("variant", reports[0].Variants); err != nil {
		return err
	}
	w.say("\n%s", reports[0].Test.Advice)
	w.say("")
	var providers []variant
	for i, r := range reports {
		providers = append(providers, r.total(campaigns[i].list.Provider))
	}
	if err := w.table("provider", providers); err != nil {
		return err
	}
	w.say("\nNot delivered, by reason:")
	for _, x := range merged(reports) {
		w.say("  %5d  %-12s %s", x.Count, x.State, x.Reason)
	}
	return nil
}

func (w World) table(first string, rows []variant) error {
	t := tabwriter.NewWriter(w.Out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(t, first+"\tshare\tplanned\tsent\tdelivered\tundelivered\tfailed\tskipped\tsegments\tclicks\tbots\tCTR\topt-outs\t")
	for _, v := range rows {
		_, _ = fmt.Fprintf(t, "%s\t%d%%\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%.1f%%\t%d\t\n", v.Name, v.Percent, v.Planned,
			v.Sent, v.Delivered, v.Undelivered, v.Failed, v.Skipped, v.Segments, v.Clicks, v.Bots, share(v.Clicks, v.Sent), v.OptOuts)
	}
	return t.Flush()
}

// total adds up a campaign's variants.
func (r report) total(name string) variant {
	t := variant{Name: name}
	for _, v := range r.Variants {
		t.Percent += v.Percent
		t.Planned, t.Sent, t.Delivered = t.Planned+v.Planned, t.Sent+v.Sent, t.Delivered+v.Delivered
		t.Undelivered, t.Failed, t.Skipped = t.Undelivered+v.Undelivered, t.Failed+v.Failed, t.Skipped+v.Skipped
		t.Segments, t.Clicks, t.Bots, t.OptOuts = t.Segments+v.Segments, t.Clicks+v.Clicks, t.Bots+v.Bots, t.OptOuts+v.OptOuts
	}
	return t
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

func share(part, whole int64) float64 {
	return 100 * float64(part) / float64(max(whole, 1))
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
