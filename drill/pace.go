package main

import (
	"context"
	"fmt"
	"io"
	"slices"
	"syscall"
	"time"

	"golang.org/x/sync/errgroup"

	"trackly/internal/provider/sandbox"
	"trackly/models"
)

const (
	paceLimit     = 100 // messages a second of the list
	paceCampaigns = 3
	paceWindow    = 10 * time.Second
	paceStep      = 100 * time.Millisecond
	paceEdge      = 2 * time.Second // not looked at, at both ends
	paceNumber    = "+14155550199"
	paceTolerance = 1.02 // of what a window may hold
	paceUsed      = 0.95 // of the limit must be used
	pacePatience  = 3 * time.Minute
)

// paceVerdict is how well a list's pace was kept, by the times at which the provider
// accepted.
type paceVerdict struct {
	Limit     float64 `json:"messages_per_second"`
	Campaigns int     `json:"campaigns"`
	Processes int     `json:"worker_processes"`
	Texts     int     `json:"texts"`
	Seconds   float64 `json:"seconds"` // from the first to the last
	Windows   int     `json:"windows"`
	WindowMin int     `json:"window_min"` // texts within ten seconds
	WindowMax int     `json:"window_max"`
	Allowed   float64 `json:"window_allowed"`
	Share     float64 `json:"share_used"`
	Gap       float64 `json:"longest_gap_seconds"`
	GapAt     float64 `json:"longest_gap_at_second"`
	Trouble   string  `json:"trouble,omitempty"`
}

// kept reports whether the list never went faster than it may, and hardly slower.
func (p paceVerdict) kept() bool {
	return p.Trouble == "" && p.Windows > 0 && float64(p.WindowMax) <= p.Allowed && p.Share >= paceUsed
}

// String is the stage in one readable line.
func (p paceVerdict) String() string {
	text := fmt.Sprintf("pace      %.0f a second asked for, %d campaigns, %d worker processes: %d texts in %.1f s; "+
		"in every 10 s between %d and %d (at most %.0f), %.1f %% of the pace used",
		p.Limit, p.Campaigns, p.Processes, p.Texts, p.Seconds, p.WindowMin, p.WindowMax, p.Allowed, 100*p.Share)
	text += fmt.Sprintf("; longest gap %.2f s after %.1f s", p.Gap, p.GapAt)
	if p.Trouble != "" {
		text += "; " + p.Trouble
	}
	return text
}

// measurePace looks at windows of ten seconds, sliding, of the times in their order.
func measurePace(times []time.Time) paceVerdict {
	p := paceVerdict{Limit: paceLimit, Texts: len(times), Allowed: paceTolerance * paceLimit * paceWindow.Seconds()}
	if len(times) == 0 {
		return p
	}
	first, last := times[0], times[len(times)-1]
	p.Seconds = last.Sub(first).Seconds()
	from, to := first.Add(paceEdge), last.Add(-paceEdge)
	before := func(at time.Time) int {
		n, _ := slices.BinarySearchFunc(times, at, time.Time.Compare)
		return n
	}
	for at := from; !at.Add(paceWindow).After(to); at = at.Add(paceStep) {
		n := before(at.Add(paceWindow)) - before(at)
		if p.Windows++; p.Windows == 1 {
			p.WindowMin = n
		}
		p.WindowMin, p.WindowMax = min(p.WindowMin, n), max(p.WindowMax, n)
	}
	for i, at := range times[1:] {
		if gap := at.Sub(times[i]).Seconds(); gap > p.Gap {
			p.Gap, p.GapAt = gap, times[i].Sub(first).Seconds()
		}
	}
	if seconds := to.Sub(from).Seconds(); seconds > 0 {
		p.Share = float64(before(to)-before(from)) / (seconds * paceLimit)
	}
	return p
}

// keepPace sends several campaigns of one list at once, from more worker processes than
// the rounds have, and measures the list's pace.
func (w *world) keepPace(ctx context.Context, contacts int, out io.Writer) (*paceVerdict, error) {
	if err := w.box.SetFaults(sandbox.Faults{}); err != nil {
		return nil, err
	}
	list, err := w.makeList(ctx, paceNumber, sandbox.Twilio)
	if err != nil {
		return nil, err
	}
	if err := w.api.patch(ctx, "/v1/lists/"+list, object{"messages_per_second": paceLimit}); err != nil {
		return nil, fmt.Errorf("set the pace: %w", err)
	}
	if err := w.importContacts(ctx, list, contacts); err != nil {
		return nil, err
	}
	var ids []string
	for i := range paceCampaigns {
		id, err := w.makeCampaign(ctx, fmt.Sprintf("Pace %d", i+1), list)
		if err != nil {
			return nil, err
		}
		ids = append(ids, id)
	}
	if err := w.box.SetFaults(sandbox.Faults{Latency: latency()}); err != nil {
		return nil, err
	}
	for _, p := range w.fleet.extra {
		if err := p.start(); err != nil {
			return nil, err
		}
		defer p.end(syscall.SIGTERM)
	}
	if err := pause(ctx, paceEdge); err != nil { // the new ones find their queues
		return nil, err
	}
	p, err := w.race(ctx, ids)
	if err == nil {
		_, err = fmt.Fprintln(out, p)
	}
	return p, err
}

// race launches the campaigns together and measures when they are sent.
func (w *world) race(ctx context.Context, ids []string) (*paceVerdict, error) {
	before := w.box.Count() // the check's test text is not of the race
	var g errgroup.Group
	for _, id := range ids {
		g.Go(func() error { return w.launch(ctx, id) })
	}
	if err := g.Wait(); err != nil {
		return nil, err
	}
	late := patiently(ctx, pacePatience, apiPause, func(ctx context.Context) (bool, error) { return w.allSent(ctx, ids) })
	var times []time.Time
	for _, r := range w.box.Accepted()[before:] {
		if r.From == paceNumber {
			times = append(times, r.At)
		}
	}
	slices.SortFunc(times, time.Time.Compare)
	p := measurePace(times)
	p.Campaigns, p.Processes = len(ids), len(w.fleet.workers)+len(w.fleet.extra)
	if late != nil {
		p.Trouble = "the campaigns were not sent in time"
	}
	return &p, ctx.Err()
}

func (w *world) allSent(ctx context.Context, ids []string) (bool, error) {
	for _, id := range ids {
		at, err := w.where(ctx, id)
		if err != nil || at.state != models.CampaignSent {
			return false, err
		}
	}
	return w.box.Idle(), nil
}
