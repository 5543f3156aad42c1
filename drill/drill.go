package main

import (
	"context"
	"fmt"
	"io"
	"time"
)

// drill plays all rounds and judges them once more at the end: a text that went out
// long after its round was over counts too.
func drill(ctx context.Context, o options, out io.Writer) (summary, error) {
	began := time.Now()
	w, err := openWorld(ctx, o)
	if err != nil {
		return summary{}, err
	}
	defer w.close()
	_, _ = fmt.Fprintf(out, "the product is up after %.1f s; %d rounds of %d contacts, seed %d\n",
		time.Since(began).Seconds(), len(o.rounds), o.contacts, o.seed)
	began = time.Now()
	var pace *paceVerdict
	if o.pace > 0 {
		if pace, err = w.keepPace(ctx, o.pace, out); err != nil {
			return summary{}, fmt.Errorf("pace: %w", err)
		}
	}
	apart, together := splitErrands(o.imports)
	brought, err := w.brings(ctx, apart, o, out)
	if err != nil {
		return summary{}, err
	}
	taps, err := w.tapAll(ctx, o.waves, o.seed, out)
	if err != nil {
		return summary{}, err
	}
	w.before = w.box.Count()
	var played []outcome
	var campaigns []campaign
	for _, r := range o.rounds {
		res, c, err := w.play(ctx, r, o)
		if err != nil {
			return summary{}, fmt.Errorf("round %d (%s, %s): %w", r.Number, r.Provider, r.Kind, err)
		}
		res.print(out)
		played, campaigns = append(played, res), append(campaigns, c)
	}
	last, err := w.brings(ctx, together, o, out)
	if err != nil {
		return summary{}, err
	}
	if err := w.judgeAgain(ctx, played, campaigns); err != nil {
		return summary{}, err
	}
	sum := summarise(o.seed, played, time.Since(began))
	sum.Pace, sum.Imports, sum.Taps = pace, tallyImports(append(brought, last...)), taps
	sum.print(out)
	return sum, sum.write(o.report)
}

// judgeAgain replaces every round's verdict by the last one, and keeps the trouble that
// was seen on the way.
func (w *world) judgeAgain(ctx context.Context, played []outcome, campaigns []campaign) error {
	known := w.before
	for i, c := range campaigns {
		seen := played[i].verdict.Trouble
		if err := w.settleVerdict(ctx, &played[i], c); err != nil {
			return err
		}
		v := &played[i].verdict
		v.Trouble = union(v.Trouble, seen)
		known += v.Accepted + v.Singles
	}
	if stray := w.box.Count() - known; stray != 0 && len(played) > 0 {
		v := &played[len(played)-1].verdict
		v.Trouble = append(v.Trouble, fmt.Sprintf("%d texts were accepted for no campaign of ours", stray))
	}
	return nil
}

func union(a, b []string) []string {
	seen := map[string]bool{}
	var all []string
	for _, s := range append(append([]string{}, a...), b...) {
		if !seen[s] {
			seen[s] = true
			all = append(all, s)
		}
	}
	return all
}

func head(lines []string, n int) []string { return lines[:min(n, len(lines))] }
