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

const reviseEvery = 30 * time.Second

// ScheduleRevise makes sure that clicks are looked at again every half minute. A schedule
// that exists is kept as it is: an operator may have changed it.
func (e *Engine) ScheduleRevise(ctx context.Context) error {
	_, err := e.Client.ScheduleClient().Create(ctx, client.ScheduleOptions{
		ID:      workflows.ReviseScheduleID,
		Spec:    client.ScheduleSpec{Intervals: []client.ScheduleIntervalSpec{{Every: reviseEvery}}},
		Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_SKIP,
		// What was missed is not made up for: the next run goes on where the last one stopped.
		CatchupWindow: reviseEvery,
		Action: &client.ScheduleWorkflowAction{
			ID: workflows.ReviseScheduleID, Workflow: workflows.Revise, Args: []any{workflows.ReviseInput{}},
			TaskQueue: workflows.QueueControl, StaticSummary: "looks again at clicks of which more is known by now",
		},
		Note: "looks again at clicks of which more is known by now",
	})
	if errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return nil
	}
	return explain(err)
}
