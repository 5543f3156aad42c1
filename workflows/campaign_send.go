package workflows

import (
	"fmt"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"trackly/activities"
	"trackly/models"
)

// send hands over batches, a few at a time, and returns when none is on its way. It
// takes no further batch once the campaign is not sending.
func (c *campaign) send(ctx workflow.Context, numbers []int) error {
	var failed error
	var halt string
	next, crew := 0, 0
	wg := workflow.NewWaitGroup(ctx)
	for range min(c.inFlight(), len(numbers)) {
		wg.Add(1)
		crew++
		workflow.Go(ctx, func(ctx workflow.Context) {
			defer wg.Done()
			defer func() { crew-- }()
			// Only an answer tells that the list has a pace: then most of the crew goes home.
			for next < len(numbers) && crew <= c.inFlight() && c.status.State == models.CampaignSending && failed == nil && halt == "" {
				number := numbers[next]
				next++
				c.sent++
				res, err := c.sendBatch(ctx, number)
				if err != nil {
					failed = err
					return
				}
				if res.Halt != "" {
					halt = res.Halt
				}
			}
		})
	}
	wg.Wait(ctx)
	if temporal.IsCanceledError(failed) {
		return failed // an operator ended the run, not the campaign
	}
	if failed != nil {
		halt = "a batch cannot be handed over: " + words(failed)
	}
	if halt == "" {
		return nil
	}
	return c.become(ctx, models.CampaignPaused, halt)
}

// inFlight is how many batches are on their way at once.
func (c *campaign) inFlight() int {
	if c.paced {
		// Each list has a pace of its own, and the batches of several take turns.
		return min(inFlightPaced*max(c.in.Lists, 1), inFlight)
	}
	return inFlight
}

func (c *campaign) sendBatch(ctx workflow.Context, number int) (activities.SendBatchResult, error) {
	res, err := call(onAir(ctx, fmt.Sprintf("batch %d", number)), delivery.SendBatch,
		activities.SendBatchInput{CampaignRef: c.ref, Number: number})
	c.paced = c.paced || res.Paced
	// Batches end in any order; an older count must not replace a newer one.
	if err == nil && left(res.Progress) <= left(c.status.Progress) {
		c.status.Progress = res.Progress
		c.tell(ctx)
	}
	return res, err
}

func left(p models.Progress) int64 { return p.Queued + p.Claimed }
