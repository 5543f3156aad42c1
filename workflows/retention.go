package workflows

import (
	"go.temporal.io/sdk/workflow"

	"trackly/activities"
	"trackly/models"
)

// RetentionScheduleID is the id of the schedule, and of what it starts.
const RetentionScheduleID = "retention"

// redactionsPerRun bounds a run's history: the first run of an old installation may have
// years to take away.
const redactionsPerRun = 200

// RetentionInput says after which account to begin, and what was taken away before a run
// continued as new. It is written into history: fields are added, never renamed.
type RetentionInput struct {
	After models.AccountID
	Gone  models.Redacted
}

// Retention takes texts away that are older than their accounts keep them, once. A
// schedule starts it every day.
func Retention(ctx workflow.Context, in RetentionInput) (models.Redacted, error) {
	for range redactionsPerRun {
		res, err := call(slow(ctx, "redact what has grown old"), retention.Redact, activities.RedactInput{After: in.After})
		if err != nil {
			return in.Gone, err
		}
		in.Gone.Messages += res.Messages
		in.Gone.Inbound += res.Inbound
		in.Gone.Addresses += res.Addresses
		if in.After = res.After; res.Done {
			return in.Gone, nil
		}
	}
	return in.Gone, workflow.NewContinueAsNewError(ctx, Retention, in)
}
