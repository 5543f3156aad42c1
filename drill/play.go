package main

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"trackly/internal/provider/sandbox"
	"trackly/models"
)

// outcome is what came of a round.
type outcome struct {
	round    round
	campaign string
	verdict  verdict
	kills    int
	stops    int // opt-outs that were answered
	doubts   int // doubtful texts that were answered
	exits    int // processes that ended by themselves
	took     time.Duration
}

// stage is a round being played.
type stage struct {
	w       *world
	r       round
	c       campaign
	before  int // texts the sandbox had accepted when the round began
	random  *rand.Rand
	replies atomic.Int64 // what people said
}

// play sends one campaign, kills what the round says, and judges what is left.
func (w *world) play(ctx context.Context, r round, o options) (outcome, campaign, error) {
	began := time.Now()
	res := outcome{round: r, kills: len(r.Blows)}
	if r.Kind == killStandalone {
		if err := w.fleet.together(ctx); err != nil {
			return res, campaign{}, err
		}
	}
	if err := w.api.ready(ctx); err != nil {
		return res, campaign{}, err
	}
	if err := w.box.SetFaults(sandbox.Faults{}); err != nil {
		return res, campaign{}, err
	}
	c, err := w.prepare(ctx, r, o.contacts)
	if err != nil {
		return res, c, err
	}
	if err := w.box.SetFaults(r.faults()); err != nil {
		return res, c, err
	}
	exits := w.fleet.exits()
	s := &stage{
		w: w, r: r, c: c, before: w.box.Count(),
		random: rand.New(rand.NewPCG(o.seed, uint64(r.Number))), //nolint:gosec // a round that can be repeated
	}
	quiet, err := s.run(ctx)
	if err != nil {
		return res, c, err
	}
	res.campaign, res.exits, res.took = c.id, w.fleet.exits()-exits, time.Since(began)
	err = w.settleVerdict(ctx, &res, c)
	if quiet != nil {
		res.verdict.Trouble = append(res.verdict.Trouble, quiet.Error())
	}
	if missing := int(s.replies.Load()) - res.stops - res.doubts; missing > 0 {
		res.verdict.Trouble = append(res.verdict.Trouble, fmt.Sprintf("%d replies were never answered", missing))
	}
	return res, c, err
}

// settleVerdict reads both books and judges.
func (w *world) settleVerdict(ctx context.Context, res *outcome, c campaign) error {
	e, err := w.gather(ctx, c)
	if err != nil {
		return err
	}
	res.verdict, res.stops, res.doubts = judge(e), len(e.Stops), len(e.Doubts)
	return nil
}

// run launches, and lets kills, commands and STOPs happen meanwhile. quiet is why the
// campaign never came to rest.
func (s *stage) run(ctx context.Context) (quiet, err error) {
	seeds := s.random.Uint64()
	var g, steer errgroup.Group
	stopping, cancel := context.WithCancel(ctx)
	defer cancel()
	g.Go(func() error { return s.sayStops(stopping, rand.New(rand.NewPCG(seeds, 1))) }) //nolint:gosec // see play
	steer.Go(func() error { return s.strikeAll(ctx) })
	steer.Go(func() error { return s.pauseOnce(ctx) })
	err = errors.Join(s.w.launch(ctx, s.c.id), steer.Wait())
	if err == nil {
		quiet = s.awaitQuiet(ctx)
	}
	cancel()
	return quiet, errors.Join(err, g.Wait())
}

const strikeWait = 20 * time.Second // a campaign that stands still is killed all the same

func (s *stage) strikeAll(ctx context.Context) error {
	for i, b := range s.r.Blows {
		if err := s.awaitShare(ctx, b.At); err != nil {
			return err
		}
		if err := s.burst(); err != nil {
			return err
		}
		if err := pause(ctx, b.Jitter); err != nil {
			return err
		}
		if err := s.w.fleet.strike(ctx, cmp.Or(b.Kind, s.r.Kind), s.r.Number+i, b.Down); err != nil {
			return fmt.Errorf("round %d, kill %d: %w", s.r.Number, i+1, err)
		}
	}
	return nil
}

// awaitShare waits until this share of the campaign's texts was accepted.
func (s *stage) awaitShare(ctx context.Context, share float64) error {
	late := time.Now().Add(strikeWait)
	want := s.before + int(share*float64(len(s.c.phones))*0.95) // some are refused or have said STOP
	for s.w.box.Count() < want && time.Now().Before(late) {
		if err := pause(ctx, 2*time.Millisecond); err != nil {
			return err
		}
	}
	return nil
}

// pauseOnce pauses the campaign in the middle, and resumes it when the pause is obeyed.
func (s *stage) pauseOnce(ctx context.Context) error {
	if s.r.Pause == 0 {
		return nil
	}
	if err := s.awaitShare(ctx, s.r.Pause); err != nil {
		return err
	}
	var no *refused
	err := s.w.api.post(ctx, "/v1/campaigns/"+s.c.id+"/pause", object{}, nil)
	if errors.As(err, &no) {
		return nil // it was sent already
	}
	if err != nil {
		return err
	}
	if err := s.awaitState(ctx, models.CampaignPaused, models.CampaignSent); err != nil {
		return fmt.Errorf("the pause is not obeyed: %w", err)
	}
	err = s.w.api.post(ctx, "/v1/campaigns/"+s.c.id+"/resume", object{}, nil)
	if err != nil && !errors.As(err, &no) {
		return err
	}
	if err := s.awaitState(ctx, models.CampaignSending, models.CampaignSent); err != nil {
		return fmt.Errorf("the campaign is not resumed: %w", err)
	}
	return nil
}

func (s *stage) awaitState(ctx context.Context, states ...models.CampaignState) error {
	return patiently(ctx, apiPatience, 50*time.Millisecond, func(ctx context.Context) (bool, error) {
		at, err := s.w.where(ctx, s.c.id)
		for _, state := range states {
			if err == nil && at.state == state {
				return true, nil
			}
		}
		return false, err
	})
}

// quietWait is longer than a route that was found down stays untried, several times over.
const quietWait = 240 * time.Second

// over reports whether nothing more will become of the campaign's messages by itself.
// Where a provider cannot be asked, some stay unknown.
func (s *stage) over(p models.Progress) bool {
	return p.Done() || !canBeAsked(s.c.provider) && p.Queued+p.Claimed == 0
}

// awaitQuiet waits until the campaign is sent, nothing is open and no webhook is owed.
func (s *stage) awaitQuiet(ctx context.Context) error {
	var last where
	err := patiently(ctx, quietWait, 100*time.Millisecond, func(ctx context.Context) (bool, error) {
		at, err := s.w.where(ctx, s.c.id)
		if err != nil {
			return false, err
		}
		last = at
		owed, err := s.w.owed(ctx, s.c.list)
		return at.state == models.CampaignSent && s.over(at.p) && owed == 0 && s.w.box.Idle(), err
	})
	if err != nil {
		return fmt.Errorf("no rest after %s: %s, %+v, webhooks idle %t: %w", quietWait, last.state, last.p, s.w.box.Idle(), err)
	}
	return nil
}
