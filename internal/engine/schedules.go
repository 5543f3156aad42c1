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

// round is work that is done again and again. What was missed is not made up for: the next
// run finds it all.
type round struct {
	id       string // of the schedule, and of what it starts
	every    time.Duration
	jitter   time.Duration
	workflow any
	input    any
	does     string
}

// ScheduleFold makes sure that tallies are kept up. Reports are exact without it; they only
// take longer.
func (e *Engine) ScheduleFold(ctx context.Context) error {
	return e.schedule(ctx, round{
		id: workflows.FoldScheduleID, every: 20 * time.Second, workflow: workflows.Fold, input: workflows.FoldInput{},
		does: "folds what came to rest into the tallies",
	})
}

// ScheduleRevise makes sure that clicks are looked at again every minute. Each pass
// reads the minutes before it once more: twice as many would cost nearly twice as much.
func (e *Engine) ScheduleRevise(ctx context.Context) error {
	return e.schedule(ctx, round{
		id: workflows.ReviseScheduleID, every: time.Minute, workflow: workflows.Revise, input: workflows.ReviseInput{},
		does: "looks again at clicks of which more is known by now",
	})
}

// ScheduleDomains makes sure that link domains are asked every ten minutes whether they
// lead here.
func (e *Engine) ScheduleDomains(ctx context.Context) error {
	return e.schedule(ctx, round{
		id: workflows.DomainsScheduleID, every: 10 * time.Minute, jitter: time.Minute, workflow: workflows.Domains,
		input: workflows.DomainsInput{}, does: "asks the link domains whether they lead here",
	})
}

// SchedulePull makes sure that networks' conversions are read every quarter of an hour.
func (e *Engine) SchedulePull(ctx context.Context) error {
	return e.schedule(ctx, round{
		id: workflows.PullScheduleID, every: 15 * time.Minute, jitter: time.Minute, workflow: workflows.Pull, input: workflows.PullInput{},
		does: "reads networks' conversions into the books",
	})
}

func (e *Engine) schedule(ctx context.Context, r round) error {
	return e.create(ctx, client.ScheduleOptions{
		ID:            r.id,
		Spec:          client.ScheduleSpec{Intervals: []client.ScheduleIntervalSpec{{Every: r.every}}, Jitter: r.jitter},
		CatchupWindow: r.every,
		Action: &client.ScheduleWorkflowAction{
			ID: r.id, Workflow: r.workflow, Args: []any{r.input}, TaskQueue: workflows.QueueControl, StaticSummary: r.does,
		},
		Note: r.does,
	})
}

// create makes a schedule whose runs never overlap. One that exists is kept as it is: an
// operator may have moved or paused it.
func (e *Engine) create(ctx context.Context, o client.ScheduleOptions) error {
	o.Overlap = enumspb.SCHEDULE_OVERLAP_POLICY_SKIP
	_, err := e.Client.ScheduleClient().Create(ctx, o)
	if errors.Is(err, temporal.ErrScheduleAlreadyRunning) {
		return nil
	}
	return explain(err)
}
