package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"trackly/activities"
	"trackly/models"
)

// PullScheduleID is the id of the schedule, and of what it starts.
const PullScheduleID = "pull"

// PullWorkflowID is the id of a pull over one connection that somebody asked for.
func PullWorkflowID(id models.ConnectionID) string { return "pull/" + string(id) }

const (
	// pullsAtOnce: networks are slow, and one must not make the others wait.
	pullsAtOnce = 4
	// plansPerRun bounds a run's history.
	plansPerRun = 20
)

// PullInput names one connection, or says after which one of all to begin, with what was
// read before a run continued as new. It is written into history: fields are added, never
// renamed.
type PullInput struct {
	AccountID    models.AccountID
	ConnectionID models.ConnectionID
	After        models.ConnectionID
	Pulled       models.Pulled
}

// Pull reads the conversions of the last days over all connections, or over one, into the
// books. A schedule starts it every quarter of an hour.
func Pull(ctx workflow.Context, in PullInput) (models.Pulled, error) {
	for range plansPerRun {
		plans, err := call(soon(ctx, "see which connections there are"), pulls.PlanPulls, activities.PlanPullsInput{
			AccountID: in.AccountID, ConnectionID: in.ConnectionID, After: in.After,
		})
		if err != nil || len(plans) == 0 {
			return in.Pulled, err
		}
		if err := pullAll(ctx, plans, &in.Pulled); err != nil {
			return in.Pulled, err
		}
		if in.After = plans[len(plans)-1].ConnectionID; in.ConnectionID != "" {
			return in.Pulled, nil
		}
	}
	return in.Pulled, workflow.NewContinueAsNewError(ctx, Pull, in)
}

// pullAll pulls over some connections at once. One that fails is noted and leaves the
// others alone; only an error of our own ends the run.
func pullAll(ctx workflow.Context, plans []activities.PullPlan, sum *models.Pulled) error {
	places := workflow.NewSemaphore(ctx, pullsAtOnce)
	done := workflow.NewWaitGroup(ctx)
	var failed error
	for _, plan := range plans {
		done.Add(1)
		workflow.Go(ctx, func(ctx workflow.Context) {
			defer done.Done()
			err := places.Acquire(ctx, 1)
			if err == nil {
				err = pullOne(ctx, plan, sum)
				places.Release(1)
			}
			if err != nil {
				failed = err
			}
		})
	}
	done.Wait(ctx)
	return failed
}

func pullOne(ctx workflow.Context, plan activities.PullPlan, sum *models.Pulled) error {
	end := activities.EndPullInput{PullPlan: plan, Complete: true}
	for page := 1; ; {
		res, err := call(pulling(ctx, "read conversions"), pulls.PullPages, activities.PullPagesInput{PullPlan: plan, Page: page})
		if temporal.IsCanceledError(err) {
			return err
		}
		if err != nil {
			end.Complete, end.Problem = false, words(err)
			break
		}
		sum.Add(res.Pulled)
		if res.Blocked {
			return nil
		}
		if res.Problem != "" {
			end.Problem = res.Problem
		}
		end.PendingFrom = earlier(end.PendingFrom, res.PendingFrom)
		if page = res.Next; res.Done {
			break
		}
	}
	_, err := call(soon(ctx, "note how it ended"), pulls.EndPull, end)
	return err
}

func earlier(a, b *time.Time) *time.Time {
	if a == nil || b != nil && b.Before(*a) {
		return b
	}
	return a
}
