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

const (
	domainsEvery  = 10 * time.Minute
	domainsJitter = time.Minute
)

// ScheduleDomains makes sure that link domains are asked every ten minutes whether they
// lead here. A schedule that exists is kept as it is: an operator may have changed it.
func (e *Engine) ScheduleDomains(ctx context.Context) error {
	_, err := e.Client.ScheduleClient().Create(ctx, client.ScheduleOptions{
		ID:      workflows.DomainsScheduleID,
		Spec:    client.ScheduleSpec{Intervals: []client.ScheduleIntervalSpec{{Every: domainsEvery}}, Jitter: domainsJitter},
		Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_SKIP,
		// What was missed is not made up for: the next run finds the same.
		CatchupWindow: domainsEvery,
		Action: &client.ScheduleWorkflowAction{
			ID: workflows.DomainsScheduleID, Workflow: workflows.Domains, Args: []any{workflows.DomainsInput{}},
			TaskQueue: workflows.QueueControl, StaticSummary: "asks the link domains whether they lead here",
		},
		Note: "asks the link domains whether they lead here",
	})
	if errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return nil
	}
	return explain(err)
}
