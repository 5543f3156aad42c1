package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"trackly/activities"
	"trackly/models"
)

// findOut asks after unknown messages while nothing may be handed over before next. What
// stays unknown for good ends the campaign, once nothing else is left.
func (c *campaign) findOut(ctx workflow.Context, next *time.Time) (done bool, err error) {
	given, err := c.settle(ctx, true, next)
	switch {
	case err != nil || !given:
		return false, err
	case next != nil:
		return false, c.wait(ctx, models.CampaignSending, next.Sub(workflow.Now(ctx)))
	}
	return c.finish(ctx)
}

// settle asks the provider about unknown messages and waits a little, but not longer than
// until something else may go out. It reports whether what is still unknown will stay so,
// unless a callback comes that nobody waits for.
func (c *campaign) settle(ctx workflow.Context, requeue bool, next *time.Time) (given bool, err error) {
	state := c.status.State
	res, err := call(onAir(ctx, "ask the provider about unknown messages"), delivery.SettleUnknown,
		activities.SettleInput{CampaignRef: c.ref, Requeue: requeue})
	c.sent++ // it costs as much history as a batch
	if err != nil {
		return false, c.ignorant(ctx, err)
	}
	if c.idle++; res.Progress != c.status.Progress {
		c.idle = 0
	}
	c.status.Progress = res.Progress
	switch {
	case res.Done(), res.Queued > 0 && next == nil:
		return false, nil
	case givenUp(res):
		return true, nil
	}
	return false, c.wait(ctx, state, pauseBefore(ctx, c.idle, next))
}

// givenUp reports whether nothing but unknown messages is left of what was tried, and
// nobody waits for those any more.
func givenUp(res activities.SettleResult) bool {
	return res.Unknown > 0 && res.GivenUp == res.Unknown && res.Claimed == 0
}

// pauseBefore is the time before the next question: short at first, because what just
// became unknown is soon old enough to be asked after, and then the longer, the more of
// them taught nothing; but not longer than until something may go out.
func pauseBefore(ctx workflow.Context, idle int, next *time.Time) time.Duration {
	pause := min(settlePause<<min(max(idle-shortPauses, 0), maxDoublings), longestSettlePause)
	if next != nil {
		pause = min(pause, max(next.Sub(workflow.Now(ctx)), shortestWait))
	}
	return pause
}

// shortPauses come before the pauses grow.
const shortPauses = 5

// maxDoublings of the pause are enough to reach the longest one.
const maxDoublings = 7

// ignorant handles a provider that will not say what became of messages: a person must
// act, such as setting the list's new token. A cancelled campaign cannot be paused; it
// asks again until somebody did.
func (c *campaign) ignorant(ctx workflow.Context, err error) error {
	if temporal.IsCanceledError(err) {
		return err
	}
	if c.status.State == models.CampaignCancelled {
		return workflow.Sleep(ctx, ignorantPause)
	}
	return c.become(ctx, models.CampaignPaused, "unknown messages cannot be looked up: "+words(err))
}
