package demo

import (
	"context"
	"fmt"
	"io"
	"os"
	"time"

	"github.com/schollz/progressbar/v3"
	"golang.org/x/term"
)

type progress struct {
	State   string `json:"state"`
	Planned int64  `json:"planned"`
	Queued  int64  `json:"queued"`
	Claimed int64  `json:"claimed"`
	Sent    int64  `json:"sent"`
	Skipped int64  `json:"skipped"`
	Failed  int64  `json:"failed"`
	Unknown int64  `json:"unknown"`
}

func (p progress) done() int64 { return p.Sent + p.Skipped + p.Failed }

const (
	lookEvery = 200 * time.Millisecond
	lineEvery = time.Second // when the output is no terminal
)

// watch shows the campaigns' progress, taken together, until all are sent.
func (w World) watch(ctx context.Context, c client, campaigns []campaign) error {
	began := time.Now()
	show := w.meter()
	for {
		p, end, err := w.together(ctx, c, campaigns)
		if err != nil {
			return err
		}
		show(p, end)
		if end {
			seconds := time.Since(began).Seconds()
			w.say("\nAll sent after %.1f s: %s texts, %s a second; %d failed, %d skipped.", seconds,
				thousands(p.Planned), thousands(int64(float64(p.Planned)/seconds)), p.Failed, p.Skipped)
			return nil
		}
		if err := pause(ctx, lookEvery); err != nil {
			return err
		}
	}
}

// together adds up the campaigns' progress. Its state is the first one's until all have
// ended.
func (w World) together(ctx context.Context, c client, campaigns []campaign) (sum progress, end bool, err error) {
	end = true
	for _, k := range campaigns {
		var p progress
		if err := c.get(ctx, "/v1/campaigns/"+k.ID+"/progress", &p); err != nil {
			return sum, false, err
		}
		if p.State != "sent" && p.State != "cancelled" {
			sum.State, end = p.State, false
		}
		sum.add(p)
	}
	if end {
		sum.State = "sent"
	}
	return sum, end, nil
}

func (p *progress) add(o progress) {
	p.Planned, p.Queued, p.Claimed = p.Planned+o.Planned, p.Queued+o.Queued, p.Claimed+o.Claimed
	p.Sent, p.Skipped, p.Failed, p.Unknown = p.Sent+o.Sent, p.Skipped+o.Skipped, p.Failed+o.Failed, p.Unknown+o.Unknown
}

// meter is a live bar on a terminal and plain lines elsewhere.
func (w World) meter() func(p progress, end bool) {
	if f, ok := w.Out.(*os.File); ok && term.IsTerminal(int(f.Fd())) {
		return bar(f)
	}
	var last time.Time
	return func(p progress, end bool) {
		if end || time.Since(last) >= lineEvery {
			last = time.Now()
			w.say("%s", p)
		}
	}
}

// importMeter is the same for an import; a small one is over before there is anything to
// show.
func (w World) importMeter() func(imported) {
	f, ok := w.Out.(*os.File)
	if !ok || !term.IsTerminal(int(f.Fd())) {
		last := time.Now()
		return func(i imported) {
			if time.Since(last) >= lineEvery && !i.ended() {
				last = time.Now()
				w.say("%s", i)
			}
		}
	}
	var b *progressbar.ProgressBar
	return func(i imported) {
		if b == nil && i.ended() {
			return
		}
		if b == nil {
			b = progressbar.NewOptions64(1000, progressbar.OptionSetWriter(f), progressbar.OptionSetWidth(30),
				progressbar.OptionSetPredictTime(false), progressbar.OptionFullWidth(), progressbar.OptionClearOnFinish())
		}
		b.Describe(i.String())
		_ = b.Set64(int64(i.Percent * 10))
		if i.ended() {
			_ = b.Finish()
		}
	}
}

func bar(out io.Writer) func(p progress, end bool) {
	var b *progressbar.ProgressBar
	return func(p progress, end bool) {
		if p.Planned == 0 {
			return
		}
		if b == nil {
			b = progressbar.NewOptions64(p.Planned, progressbar.OptionSetWriter(out), progressbar.OptionSetWidth(30),
				progressbar.OptionShowCount(), progressbar.OptionShowIts(), progressbar.OptionSetItsString("texts"),
				progressbar.OptionThrottle(lookEvery/2), progressbar.OptionFullWidth())
		}
		b.Describe(fmt.Sprintf("%-9s", p.State))
		b.ChangeMax64(p.Planned) // one campaign is planned before the next
		_ = b.Set64(p.done())
		if end {
			_ = b.Finish()
		}
	}
}

func (p progress) String() string {
	return fmt.Sprintf("%-9s planned %d = queued %d + claimed %d + sent %d + skipped %d + failed %d + unknown %d",
		p.State, p.Planned, p.Queued, p.Claimed, p.Sent, p.Skipped, p.Failed, p.Unknown)
}

func pause(ctx context.Context, d time.Duration) error {
	select {
	case <-ctx.Done():
		return ctx.Err()
	case <-time.After(d):
		return nil
	}
}
