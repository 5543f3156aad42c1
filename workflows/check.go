package workflows

import (
	"time"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"trackly/activities"
	"trackly/models"
)

const (
	checkEvery = 2 * time.Second
	// checkLooks at the test text are made before the check gives up: some minutes.
	checkLooks = 90
)

// CheckInput names a route and the test text that was queued for it. It is written into
// history for ever: fields are added, never renamed.
type CheckInput struct {
	AccountID models.AccountID
	ListID    models.ListID
	RouteID   models.RouteID
	MessageID models.MessageID
}

// CheckWorkflowID is derived: a route is checked once at a time.
func CheckWorkflowID(id models.RouteID) string { return "check/" + string(id) }

// Check finds out whether a provider account works, in three steps: its credentials, a
// test text, and the provider's callback for it. What it found is in the route's row.
func Check(ctx workflow.Context, in CheckInput) (activities.CheckResult, error) {
	ref := activities.CheckInput{AccountID: in.AccountID, ListID: in.ListID, RouteID: in.RouteID, MessageID: in.MessageID}
	res, err := call(fewTimes(ctx, "try the credentials"), checks.Login, ref)
	switch {
	case temporal.IsCanceledError(err):
		return res, err
	case err != nil:
		return call(soon(ctx, "give up"), checks.GiveUp, activities.GiveUpInput{CheckInput: ref, Problem: "the credentials cannot be tried: " + words(err)})
	case res.Problem != "":
		return res, nil
	}
	for range checkLooks {
		if res, err = call(soon(ctx, "look at the test text"), checks.Look, ref); err != nil || res.Done {
			return res, err
		}
		if err := workflow.Sleep(ctx, checkEvery); err != nil {
			return res, err
		}
	}
	return call(soon(ctx, "give up"), checks.GiveUp, activities.GiveUpInput{CheckInput: ref})
}
