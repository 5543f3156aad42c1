package workflows

import (
	"errors"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"trackly/activities"
	"trackly/models"
)

const (
	// inFlight batches of one campaign are on their way at once.
	inFlight = 8
	// inFlightPaced of them, when a list's pace lets only so many texts out anyway. More
	// would hold workers' places that other lists need.
	inFlightPaced = 2
	// batchesPerRun keeps a run's history far below the server's limits (51,200 events):
	// a batch makes about 6 events.
	batchesPerRun = 400
	// settlePause is the time between two rounds of asking after unknown messages.
	settlePause = 3 * time.Second
	// ignorantPause is the same after the provider refused to say anything at all.
	ignorantPause = time.Minute
	// longestSettlePause is the same when round after round taught nothing: a callback is
	// waited for then, and not looked for.
	longestSettlePause = 5 * time.Minute
	// shortestWait keeps a batch whose time has just come from being asked for at once.
	shortestWait = 200 * time.Millisecond
)

// CampaignInput names a campaign. It is written into history for ever: fields are added,
// never renamed.
type CampaignInput struct {
	AccountID  models.AccountID
	CampaignID models.CampaignID
	ListID     models.ListID
	SendAt     *time.Time           // nil: now
	State      models.CampaignState // scheduled at first; what the run before had otherwise
	OptOuts    int64                // carried from run to run
	Reason     string               // the same
	Progress   models.Progress      // the same
	Paced      bool                 // the same; the list has a pace
	Lists      int                  // how many it goes out from; 0: one
}

// CampaignStatus answers ProgressQuery.
type CampaignStatus struct {
	State    models.CampaignState
	Reason   string
	Progress models.Progress
	OptOuts  int64 // STOPs of contacts whose message was still waiting or in flight
}

// campaign is the state of one run. Everything in it is rebuilt by replay.
type campaign struct {
	in     CampaignInput
	ref    activities.CampaignRef
	status CampaignStatus
	sent   int            // batches of this run
	paced  bool           // the list has a pace: few batches at once are enough
	idle   int            // rounds of asking in a row that taught nothing
	orders []Command      // arrived; the first one is being obeyed
	helm   workflow.Mutex // one change of state at a time
}

// Campaign sends a frozen audience batch by batch until nobody is left. Its result is
// where the campaign stood at the end.
func Campaign(ctx workflow.Context, in CampaignInput) (CampaignStatus, error) {
	c := &campaign{
		in: in, ref: activities.CampaignRef{AccountID: in.AccountID, CampaignID: in.CampaignID},
		status: CampaignStatus{State: in.State, Reason: in.Reason, Progress: in.Progress, OptOuts: in.OptOuts},
		helm:   workflow.NewMutex(ctx),
		paced:  in.Paced,
	}
	err := workflow.SetQueryHandler(ctx, ProgressQuery, func() (CampaignStatus, error) { return c.status, nil })
	if err != nil {
		return c.status, err
	}
	workflow.Go(ctx, c.listen)
	workflow.Go(ctx, c.steer)
	err = c.run(ctx)
	receive(ctx, OptedOut, func(OptOut) { c.status.OptOuts++ })
	return c.status, err
}

func (c *campaign) run(ctx workflow.Context) error {
	if err := c.begin(ctx); err != nil {
		return err
	}
	for c.status.State != models.CampaignCancelled {
		step := c.round
		if c.status.State == models.CampaignPaused {
			step = c.rest
		}
		done, err := step(ctx)
		if done || err != nil {
			return err
		}
	}
	return c.wrapUp(ctx)
}

// rest waits until a paused campaign goes on. STOPs arrive during a pause too, so even
// a resting campaign can fill its history.
func (c *campaign) rest(ctx workflow.Context) (done bool, err error) {
	err = workflow.Await(ctx, func() bool { return c.status.State != models.CampaignPaused || c.full(ctx) })
	if err != nil || c.status.State != models.CampaignPaused {
		return false, err
	}
	return true, c.again(ctx)
}

// full reports whether this run's history is long enough.
func (c *campaign) full(ctx workflow.Context) bool {
	return c.sent >= batchesPerRun || workflow.GetInfo(ctx).GetContinueAsNewSuggested()
}

// begin waits for the time to send and freezes the audience.
func (c *campaign) begin(ctx workflow.Context) error {
	if c.status.State != models.CampaignScheduled {
		return nil
	}
	c.show(ctx)
	if at := c.in.SendAt; at != nil {
		wait := at.Sub(workflow.Now(ctx))
		_, err := workflow.AwaitWithTimeout(ctx, wait, func() bool { return c.status.State != models.CampaignScheduled })
		if err != nil || c.status.State != models.CampaignScheduled {
			return err
		}
	}
	if err := c.freeze(ctx); err != nil {
		return c.lost(ctx, err)
	}
	return nil
}

// freeze plans the messages. Commands wait for it: a cancel that overtook its answer
// would be undone by it here, and a pause would be lost.
func (c *campaign) freeze(ctx workflow.Context) error {
	if err := c.helm.Lock(ctx); err != nil {
		return err
	}
	defer c.helm.Unlock()
	if c.status.State != models.CampaignScheduled {
		return nil
	}
	frozen, err := call(slow(ctx, "freeze the audience"), campaigns.Freeze, c.ref)
	if err != nil {
		return err
	}
	c.status.State = models.CampaignSending
	c.status.Progress = models.Progress{Planned: frozen.Planned, Queued: frozen.Planned}
	c.show(ctx)
	return nil
}

// lost handles a freeze that can never work: the campaign was cancelled meanwhile.
func (c *campaign) lost(ctx workflow.Context, err error) error {
	var app *temporal.ApplicationError
	if errors.As(err, &app) && app.Type() == "conflict" {
		return workflow.Await(ctx, func() bool { return c.status.State == models.CampaignCancelled })
	}
	return err
}

// round hands over what is queued, or finds out about what is unknown, or ends the
// campaign when there is neither.
func (c *campaign) round(ctx workflow.Context) (done bool, err error) {
	open, err := call(soon(ctx, "list open batches"), campaigns.Open,
		activities.OpenInput{CampaignRef: c.ref, Limit: batchesPerRun})
	if err != nil {
		return false, err
	}
	c.status.Progress = open.Progress
	switch {
	case c.full(ctx):
		return true, c.again(ctx)
	case c.status.State != models.CampaignSending: // since it asked
		return false, nil
	case len(open.Numbers) > 0:
		return false, c.send(ctx, open.Numbers)
	case open.Progress.Unknown > 0:
		return c.findOut(ctx, open.Next)
	case open.Next != nil:
		return false, c.wait(ctx, models.CampaignSending, open.Next.Sub(workflow.Now(ctx)))
	}
	return c.finish(ctx)
}

// wait is for the time at which something may go out, or for another state than the one
// in which it was decided to wait: a cancel that came between would wait until tomorrow.
func (c *campaign) wait(ctx workflow.Context, before models.CampaignState, d time.Duration) error {
	_, err := workflow.AwaitWithTimeout(ctx, max(d, shortestWait), func() bool { return c.status.State != before })
	return err
}

// finish moves the campaign to sent. A pause that came first wins: there is nothing
// left to hold back, and the owner sees what was asked for.
func (c *campaign) finish(ctx workflow.Context) (bool, error) {
	if err := c.calm(ctx); err != nil {
		return false, err
	}
	err := c.become(ctx, models.CampaignSent, "")
	return c.status.State == models.CampaignSent, err
}

// wrapUp ends a cancelled campaign: what is queued is skipped, what is unknown is
// found out, so that the numbers add up for good.
func (c *campaign) wrapUp(ctx workflow.Context) error {
	for {
		p, err := call(slow(ctx, "skip what is queued"), campaigns.SkipQueued, c.ref)
		if err != nil {
			return err
		}
		if c.status.Progress = p; p.Done() {
			return nil
		}
		if c.full(ctx) {
			return c.again(ctx)
		}
		if given, err := c.settle(ctx, false, nil); given || err != nil {
			return err
		}
	}
}

// again goes on in a new run with an empty history.
func (c *campaign) again(ctx workflow.Context) error {
	// What has arrived must be obeyed in this run: its signal ends with it.
	if err := c.calm(ctx); err != nil {
		return err
	}
	receive(ctx, OptedOut, func(OptOut) { c.status.OptOuts++ })
	c.in.State, c.in.Reason, c.in.Progress, c.in.OptOuts = c.status.State, c.status.Reason, c.status.Progress, c.status.OptOuts
	c.in.Paced = c.paced
	return workflow.NewContinueAsNewError(ctx, Campaign, c.in)
}
