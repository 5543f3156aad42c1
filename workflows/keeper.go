package workflows

import (
	"time"

	"go.temporal.io/sdk/workflow"
)

const (
	keepEvery     = 30 * time.Second
	keepsPerRun   = 1000
	keeperSummary = "start workflows of launched campaigns that have none"
)

// Keeper looks after campaigns that were launched and have no workflow. It runs for
// ever, one for an installation, and not as a Temporal schedule: a run every half
// minute would leave 30 kB of visibility index behind each time.
func Keeper(ctx workflow.Context) error {
	for range keepsPerRun {
		if err := workflow.ExecuteActivity(slow(ctx, keeperSummary), campaigns.Keep).Get(ctx, nil); err != nil {
			workflow.GetLogger(ctx).Warn("keeping failed", "error", err)
		}
		if err := workflow.Sleep(ctx, keepEvery); err != nil {
			return err
		}
	}
	return workflow.NewContinueAsNewError(ctx, Keeper)
}
