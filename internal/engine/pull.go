package engine

import (
	"context"
	"errors"
	"time"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"trackly/models"
	"trackly/workflows"
)

const (
	pullEvery  = 15 * time.Minute
	pullJitter = time.Minute
)

// SchedulePull makes sure that networks' conversions are read every quarter of an hour. A
// schedule that exists is kept as it is: an operator may have changed it.
func (e *Engine) SchedulePull(ctx context.Context) error {
	_, err := e.Client.ScheduleClient().Create(ctx, client.ScheduleOptions{
		ID:      workflows.PullScheduleID,
		Spec:    client.ScheduleSpec{Intervals: []client.ScheduleIntervalSpec{{Every: pullEvery}}, Jitter: pullJitter},
		Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_SKIP,
		// What was missed is not made up for: every run reads the same days again.
		CatchupWindow: pullEvery,
		Action: &client.ScheduleWorkflowAction{
			ID: workflows.PullScheduleID, Workflow: workflows.Pull, Args: []any{workflows.PullInput{}},
			TaskQueue: workflows.QueueControl, StaticSummary: "reads networks' conversions into the books",
		},
		Note: "reads networks' conversions into the books",
	})
	if errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return nil
	}
	return explain(err)
}

// StartPull pulls over one connection now. While one is pulling, it is left to that.
func (e *Engine) StartPull(ctx context.Context, account models.AccountID, id models.ConnectionID) error {
	_, err := e.Client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:                       workflows.PullWorkflowID(id),
		TaskQueue:                workflows.QueueControl,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		StaticSummary:            "reads a network's conversions into the books",
		TypedSearchAttributes:    temporal.NewSearchAttributes(workflows.AccountIDKey.ValueSet(string(account))),
	}, workflows.Pull, workflows.PullInput{AccountID: account, ConnectionID: id})
	return explain(err)
}
