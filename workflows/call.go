package workflows

import (
	"context"
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"trackly/activities"
)

// Activity references. They are nil on purpose: workflows name activities, they never
// run them. The compiler checks the names; call checks the shapes.
//
//nolint:gochecknoglobals // nil references, see above
var (
	campaigns *activities.Campaigns
	delivery  *activities.Delivery
	checks    *activities.Checks
	retention *activities.Retention
	imports   *activities.Imports
	lookups   *activities.Lookups
	domains   *activities.Domains
	pulls     *activities.Pulls
	tallies   *activities.Tallies
	clicks    *activities.Clicks
)

// call runs an activity and returns its typed result.
func call[In, Out any](ctx workflow.Context, act func(context.Context, In) (Out, error), in In) (Out, error) {
	var out Out
	err := workflow.ExecuteActivity(ctx, act, in).Get(ctx, &out)
	return out, err
}

// soon is for short work in our own database: tried until it works, because Postgres
// may be restarting for minutes.
func soon(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           QueueControl,
		StartToCloseTimeout: 20 * time.Second,
		RetryPolicy:         patient(),
		Summary:             summary,
	})
}

// fewTimes is for a question to a provider that somebody waits for at a screen: tried for
// less than a minute.
func fewTimes(ctx workflow.Context, summary string) workflow.Context {
	policy := patient()
	policy.MaximumAttempts = 7
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           QueueControl,
		StartToCloseTimeout: 20 * time.Second,
		RetryPolicy:         policy,
		Summary:             summary,
	})
}

// slow is for the same with more rows: the freeze of a million messages. Signs of life
// let a killed worker's work be taken over at once and not after ten minutes.
func slow(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           QueueControl,
		StartToCloseTimeout: 10 * time.Minute,
		HeartbeatTimeout:    6 * time.Second,
		RetryPolicy:         patient(),
		Summary:             summary,
	})
}

// staging is for reading a whole contact file, in one transaction: half an hour is some
// fifty million rows.
func staging(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           QueueControl,
		StartToCloseTimeout: 30 * time.Minute,
		HeartbeatTimeout:    6 * time.Second,
		RetryPolicy:         patient(),
		Summary:             summary,
	})
}

// lookingUp is for minutes of questions to a provider that nobody waits for. It is given up
// when the provider has answered none for some minutes: the work behind it can do without.
func lookingUp(ctx workflow.Context, summary string) workflow.Context {
	policy := patient()
	policy.MaximumAttempts = 20
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           QueueControl,
		StartToCloseTimeout: 10 * time.Minute,
		HeartbeatTimeout:    6 * time.Second,
		RetryPolicy:         policy,
		Summary:             summary,
	})
}

// pulling is for a minute of questions to a network: given up after some minutes, because
// it is asked again soon anyway.
func pulling(ctx workflow.Context, summary string) workflow.Context {
	policy := patient()
	policy.MaximumAttempts = 8
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           QueueControl,
		StartToCloseTimeout: 10 * time.Minute,
		HeartbeatTimeout:    6 * time.Second,
		RetryPolicy:         policy,
		Summary:             summary,
	})
}

// onAir is for work that texts people: minutes to run, heartbeats, its own queue so a
// provider's rate limit never holds up anything else.
func onAir(ctx workflow.Context, summary string) workflow.Context {
	return workflow.WithActivityOptions(ctx, workflow.ActivityOptions{
		TaskQueue:           QueueDelivery,
		StartToCloseTimeout: 30 * time.Minute,
		HeartbeatTimeout:    6 * time.Second,
		RetryPolicy:         patient(),
		Summary:             summary,
	})
}

func patient() *temporal.RetryPolicy {
	return &temporal.RetryPolicy{InitialInterval: 500 * time.Millisecond, BackoffCoefficient: 2, MaximumInterval: 15 * time.Second}
}
