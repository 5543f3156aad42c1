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
	Variants []struct {
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
		OptOuts     int64  `json:"opt_outs"`
	} `json:"variants"`
	Reasons []struct {
		State  string `json:"state"`
		Reason string `json:"reason"`
		Count  int64  `json:"count"`
	} `json:"reasons"`
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

// report prints what came of the campaign.
func (w World) report(ctx context.Context, c client, campaign created) error {
	var r report
	if err := c.get(ctx, "/v1/campaigns/"+campaign.ID+"/report", &r); err != nil {
		return err
	}
	w.say("")
	t := tabwriter.NewWriter(w.Out, 0, 0, 2, ' ', tabwriter.AlignRight)
	_, _ = fmt.Fprintln(t, "variant\tshare\tplanned\tsent\tdelivered\tundelivered\tfailed\tskipped\tsegments\tclicks\tCTR\topt-outs\t")
	for _, v := range r.Variants {
		_, _ = fmt.Fprintf(t, "%s\t%d%%\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%d\t%.1f%%\t%d\t\n", v.Name, v.Percent, v.Planned,
			v.Sent, v.Delivered, v.Undelivered, v.Failed, v.Skipped, v.Segments, v.Clicks, share(v.Clicks, v.Sent), v.OptOuts)
	}
	if err := t.Flush(); err != nil {
		return err
	}
	w.say("\nNot delivered, by reason:")
	for _, x := range r.Reasons {
		w.say("  %5d  %-12s %s", x.Count, x.State, x.Reason)
	}
	return nil
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
