package workflows

import (
	"go.temporal.io/sdk/workflow"

	"trackly/models"
)

// listen obeys commands as they come, also while batches are on their way: the row's
// new state is what makes those stop.
func (c *campaign) listen(ctx workflow.Context) {
	steer := workflow.GetSignalChannel(ctx, Steer.Name)
	optedOut := workflow.GetSignalChannel(ctx, OptedOut.Name)
	sel := workflow.NewSelector(ctx)
	sel.AddReceive(steer, func(ch workflow.ReceiveChannel, _ bool) {
		var cmd Command
		ch.Receive(ctx, &cmd)
		c.obey(ctx, cmd)
	})
	sel.AddReceive(optedOut, func(ch workflow.ReceiveChannel, _ bool) {
		var o OptOut
		ch.Receive(ctx, &o)
		c.status.OptOuts++
	})
	for {
		sel.Select(ctx)
	}
}

// obey does what the owner wants, unless the campaign's state forbids it by now. It
// never fails the workflow: a command that came too late is only logged.
func (c *campaign) obey(ctx workflow.Context, cmd Command) {
	next, ok := target(cmd)
	if !ok || next == c.status.State || !c.status.State.MayBecome(next) {
		return
	}
	c.busy = true
	defer func() { c.busy = false }()
	if err := c.move(ctx, next, reasons[cmd]); err != nil {
		workflow.GetLogger(ctx).Warn("command not obeyed", "command", cmd, "error", err)
	}
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
