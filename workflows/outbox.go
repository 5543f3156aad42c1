package workflows

import (
	"fmt"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"trackly/activities"
	"trackly/models"
)

const (
	// outboxBatches of one list are on their way at once.
	outboxBatches = 2
	// outboxIdle is how long an outbox with nothing to do waits before it ends: starting
	// one costs more than keeping it.
	outboxIdle = 20 * time.Second
	// outboxHalted is how long it waits for a person to mend what keeps it.
	outboxHalted = time.Minute
)

// OutboxInput names a list. It is written into history for ever: fields are added, never
// renamed.
type OutboxInput struct {
	AccountID models.AccountID
	ListID    models.ListID
}

// Nudge tells an outbox that something was queued.
var Nudge = Signal[Nudged]{Name: "nudge"} //nolint:gochecknoglobals // a name with a type

// Nudged says nothing more than that.
type Nudged struct{}

// OutboxWorkflowID is derived: a list has one outbox at a time.
func OutboxWorkflowID(id models.ListID) string { return "outbox/" + string(id) }

// outbox is the state of one run.
type outbox struct {
	ref    activities.CampaignRef
	list   models.ListID
	rounds int
	idle   int // rounds of asking in a row that taught nothing
}

// Outbox hands over the single texts of a list: those asked for by API, replies, and
// automatic answers. It ends when there is nothing to do; the next text starts it again.
func Outbox(ctx workflow.Context, in OutboxInput) error {
	o := &outbox{ref: activities.CampaignRef{AccountID: in.AccountID}, list: in.ListID}
	for {
		receive(ctx, Nudge, func(Nudged) {})
		more, err := o.round(ctx)
		if err != nil {
			return err
		}
		nudged := false
		receive(ctx, Nudge, func(Nudged) { nudged = true })
		if !more && !nudged {
			return nil
		}
		if o.rounds++; o.rounds >= batchesPerRun || workflow.GetInfo(ctx).GetContinueAsNewSuggested() {
			return workflow.NewContinueAsNewError(ctx, Outbox, in)
		}
	}
}

// round does what there is to do, or waits for something. It reports whether to go on.
func (o *outbox) round(ctx workflow.Context) (more bool, err error) {
	open, err := call(soon(ctx, "list open batches"), campaigns.Open,
		activities.OpenInput{CampaignRef: o.ref, ListID: o.list, Limit: batchesPerRun})
	if err != nil {
		return false, err
	}
	switch {
	case len(open.Numbers) > 0:
		return true, o.send(ctx, open.Numbers)
	case open.Progress.Unknown > 0:
		return o.settle(ctx, open.Next)
	case open.Next != nil:
		_, err := o.wait(ctx, max(open.Next.Sub(workflow.Now(ctx)), shortestWait))
		return true, err
	}
	return o.wait(ctx, outboxIdle)
}

// send hands over batches, a few at a time. What keeps a list from sending waits for a
// person; the texts wait with it.
func (o *outbox) send(ctx workflow.Context, numbers []int) error {
	halt, next := "", 0
	wg := workflow.NewWaitGroup(ctx)
	var failed error
	for range min(outboxBatches, len(numbers)) {
		wg.Add(1)
		workflow.Go(ctx, func(ctx workflow.Context) {
			defer wg.Done()
			for next < len(numbers) && failed == nil && halt == "" {
				number := numbers[next]
				next++
				res, err := call(onAir(ctx, fmt.Sprintf("single texts %d", number)), delivery.SendBatch,
					activities.SendBatchInput{CampaignRef: o.ref, ListID: o.list, Number: number})
				if err != nil {
					failed = err
				}
				if res.Halt != "" {
					halt = res.Halt
				}
			}
		})
	}
	wg.Wait(ctx)
	if temporal.IsCanceledError(failed) {
		return failed // an operator ended the run
	}
	if failed != nil {
		halt = "single texts cannot be handed over: " + words(failed)
	}
	if halt == "" {
		return nil
	}
	workflow.SetCurrentDetails(ctx, "**halted** "+halt)
	_, err := o.wait(ctx, outboxHalted)
	return err
}

// settle asks the provider about unknown texts. What can only be settled by a callback is
// not waited for, once it had its time.
func (o *outbox) settle(ctx workflow.Context, next *time.Time) (more bool, err error) {
	res, err := call(onAir(ctx, "ask the provider about unknown texts"), delivery.SettleUnknown,
		activities.SettleInput{CampaignRef: o.ref, ListID: o.list, Requeue: true})
	switch {
	case temporal.IsCanceledError(err):
		return false, err
	case err != nil:
		_, err = o.wait(ctx, ignorantPause)
		return true, err
	}
	o.idle++
	switch {
	case res.Queued > 0 && next == nil:
		o.idle = 0
		return true, nil
	case (res.Done() || givenUp(res)) && next == nil:
		return o.wait(ctx, outboxIdle)
	}
	_, err = o.wait(ctx, pauseBefore(ctx, o.idle, next))
	return true, err
}

// wait is for a nudge, at most so long. It reports whether one came.
func (o *outbox) wait(ctx workflow.Context, d time.Duration) (nudged bool, err error) {
	ch := workflow.GetSignalChannel(ctx, Nudge.Name)
	nudged, err = workflow.AwaitWithTimeout(ctx, d, func() bool { return ch.Len() > 0 })
	return nudged, err
}
