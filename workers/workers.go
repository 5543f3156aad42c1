// Package workers says which workflows and activities a process runs, how many at once,
// and how our errors become Temporal's. It decides nothing about campaigns.
package workers

import (
	"time"

	"go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/interceptor"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"trackly/activities"
	"trackly/workflows"
)

// Activities are the receivers a worker runs.
type Activities struct {
	Campaigns *activities.Campaigns
	Delivery  *activities.Delivery
	Checks    *activities.Checks
	Retention *activities.Retention
	Tallies   *activities.Tallies
	Imports   *activities.Imports
	Lookups   *activities.Lookups
	Domains   *activities.Domains
	Pulls     *activities.Pulls
	Clicks    *activities.Clicks
}

// registry is what both a worker and a replayer offer.
type registry interface {
	RegisterWorkflowWithOptions(w any, o workflow.RegisterOptions)
}

// RegisterWorkflows registers every workflow. Replay tests use it too, so that a
// workflow that was forgotten here cannot pass them. The names are data: never rename.
func RegisterWorkflows(r registry) {
	r.RegisterWorkflowWithOptions(workflows.Campaign, workflow.RegisterOptions{Name: "Campaign"})
	r.RegisterWorkflowWithOptions(workflows.Outbox, workflow.RegisterOptions{Name: "Outbox"})
	r.RegisterWorkflowWithOptions(workflows.Check, workflow.RegisterOptions{Name: "Check"})
	r.RegisterWorkflowWithOptions(workflows.Keeper, workflow.RegisterOptions{Name: "Keeper"})
	r.RegisterWorkflowWithOptions(workflows.Retention, workflow.RegisterOptions{Name: "Retention"})
	r.RegisterWorkflowWithOptions(workflows.Fold, workflow.RegisterOptions{Name: "Fold"})
	r.RegisterWorkflowWithOptions(workflows.Import, workflow.RegisterOptions{Name: "Import"})
	r.RegisterWorkflowWithOptions(workflows.Domains, workflow.RegisterOptions{Name: "Domains"})
	r.RegisterWorkflowWithOptions(workflows.Pull, workflow.RegisterOptions{Name: "Pull"})
	r.RegisterWorkflowWithOptions(workflows.Revise, workflow.RegisterOptions{Name: "Revise"})
}

// drain is how long a stopping worker waits for batches on their way. It is longer
// than the longest life of a request to a provider.
const drain = 20 * time.Second

// New makes the workers of a process: one for each queue it serves.
func New(c client.Client, a Activities, batches int) []worker.Worker {
	control := worker.New(c, workflows.QueueControl, options(32))
	RegisterWorkflows(control)
	control.RegisterActivityWithOptions(a.Campaigns, activity.RegisterOptions{})
	control.RegisterActivityWithOptions(a.Checks, activity.RegisterOptions{})
	control.RegisterActivityWithOptions(a.Retention, activity.RegisterOptions{})
	control.RegisterActivityWithOptions(a.Tallies, activity.RegisterOptions{})
	control.RegisterActivityWithOptions(a.Imports, activity.RegisterOptions{})
	control.RegisterActivityWithOptions(a.Lookups, activity.RegisterOptions{})
	control.RegisterActivityWithOptions(a.Domains, activity.RegisterOptions{})
	control.RegisterActivityWithOptions(a.Pulls, activity.RegisterOptions{})
	control.RegisterActivityWithOptions(a.Clicks, activity.RegisterOptions{})
	air := worker.New(c, workflows.QueueDelivery, options(batches))
	air.RegisterActivityWithOptions(a.Delivery, activity.RegisterOptions{})
	return []worker.Worker{control, air}
}

func options(activities int) worker.Options {
	return worker.Options{
		MaxConcurrentActivityExecutionSize: activities,
		MaxConcurrentActivityTaskPollers:   4,
		MaxConcurrentWorkflowTaskPollers:   8,
		WorkerStopTimeout:                  drain,
		MaxHeartbeatThrottleInterval:       2 * time.Second,
		DefaultHeartbeatThrottleInterval:   2 * time.Second,
		Interceptors:                       []interceptor.WorkerInterceptor{&faults{}},
	}
}
