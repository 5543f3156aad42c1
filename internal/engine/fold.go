package engine

import (
	"context"
	"errors"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"trackly/workflows"
)

const foldEvery = 20 * time.Second

// ScheduleFold makes sure that tallies are kept up. Reports are exact without it; they only
// take longer. A schedule that exists is kept as it is: an operator may have paused it.
func (e *Engine) ScheduleFold(ctx context.Context) error {
	_, err := e.Client.ScheduleClient().Create(ctx, client.ScheduleOptions{
		ID:      workflows.FoldScheduleID,
		Spec:    client.ScheduleSpec{Intervals: []client.ScheduleIntervalSpec{{Every: foldEvery}}},
		Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_SKIP,
		// What was missed is not made up for: the next run folds it all.
		CatchupWindow: foldEvery,
		Action: &client.ScheduleWorkflowAction{
			ID: workflows.FoldScheduleID, Workflow: workflows.Fold, Args: []any{workflows.FoldInput{}},
			TaskQueue: workflows.QueueControl, StaticSummary: "folds what came to rest into the tallies",
		},
		Note: "keeps the tallies up that reports are made of",
	})
	if errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return nil
	}
	return explain(err)
}
