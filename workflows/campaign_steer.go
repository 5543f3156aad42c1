package workflows

import (
	"errors"
	"fmt"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"trackly/activities"
	"trackly/models"
)

// listen takes signals as they come. Obeying is done elsewhere: it takes time, and what
// arrives meanwhile must not wait unseen.
func (c *campaign) listen(ctx workflow.Context) {
	sel := workflow.NewSelector(ctx)
	sel.AddReceive(workflow.GetSignalChannel(ctx, Steer.Name), func(ch workflow.ReceiveChannel, _ bool) {
		var cmd Command
		ch.Receive(ctx, &cmd)
		c.orders = append(c.orders, cmd)
	})
	sel.AddReceive(workflow.GetSignalChannel(ctx, OptedOut.Name), func(ch workflow.ReceiveChannel, _ bool) {
		var o OptOut
		ch.Receive(ctx, &o)
		c.status.OptOuts++
	})
	for {
		sel.Select(ctx)
	}
}

// steer obeys one command after the other, also while batches are on their way: the
// row's new state is what makes those stop.
func (c *campaign) steer(ctx workflow.Context) {
	for {
		if err := workflow.Await(ctx, func() bool { return len(c.orders) > 0 }); err != nil {
			return
		}
		c.obey(ctx, c.orders[0])
		c.orders = c.orders[1:]
	}
}

// calm returns when everything that has arrived is obeyed.
func (c *campaign) calm(ctx workflow.Context) error {
	for {
		receive(ctx, Steer, func(cmd Command) { c.orders = append(c.orders, cmd) })
		if len(c.orders) == 0 {
			return nil
		}
		if err := workflow.Await(ctx, func() bool { return len(c.orders) == 0 }); err != nil {
			return err
		}
	}
}

// obey does what the owner wants, unless the campaign's state forbids it by now. It
// never fails the workflow: a command that came too late changes nothing.
func (c *campaign) obey(ctx workflow.Context, cmd Command) {
	next, ok := target(cmd)
	if !ok {
		return
	}
	if err := c.become(ctx, next, reasons[cmd]); err != nil {
		workflow.GetLogger(ctx).Warn("command not obeyed", "command", cmd, "error", err)
	}
}

// become changes the state, or leaves it when the move is not legal any more. Two
// changes at once could be decided in one order here and in the other in the database.
func (c *campaign) become(ctx workflow.Context, next models.CampaignState, reason string) error {
	if err := c.helm.Lock(ctx); err != nil {
		return err
	}
	defer c.helm.Unlock()
	if !c.status.State.MayBecome(next) {
		return nil
	}
	return c.move(ctx, next, reason)
}

// move changes the campaign's state in its row, and then here.
func (c *campaign) move(ctx workflow.Context, next models.CampaignState, reason string) error {
	p, err := call(soon(ctx, "move to "+string(next)), campaigns.Move,
		activities.MoveInput{CampaignRef: c.ref, State: next, Reason: reason})
	if err != nil {
		return err
	}
	c.status.State, c.status.Reason, c.status.Progress = next, reason, p
	c.show(ctx)
	return nil
}

// show tells operators where the campaign stands.
func (c *campaign) show(ctx workflow.Context) {
	_ = workflow.UpsertTypedSearchAttributes(ctx, StateKey.ValueSet(string(c.status.State)))
	c.tell(ctx)
}

// tell is the part of show that leaves no trace in history.
func (c *campaign) tell(ctx workflow.Context) {
	p := c.status.Progress
	workflow.SetCurrentDetails(ctx, fmt.Sprintf("**%s** %s\n\nplanned %d, sent %d, skipped %d, failed %d, unknown %d, queued %d",
		c.status.State, c.status.Reason, p.Planned, p.Sent, p.Skipped, p.Failed, p.Unknown, p.Queued))
}

// words are what an activity's error says to a person, without the engine's own.
func words(err error) string {
	if app, ok := errors.AsType[*temporal.ApplicationError](err); ok {
		return app.Message()
	}
	return err.Error()
}

func target(cmd Command) (models.CampaignState, bool) {
	switch cmd {
	case Pause:
		return models.CampaignPaused, true
	case Resume:
		return models.CampaignSending, true
	case Cancel:
		return models.CampaignCancelled, true
	}
	return "", false
}

//nolint:gochecknoglobals // a constant table
var reasons = map[Command]string{Pause: "paused by its owner", Cancel: "cancelled by its owner"}
