package engine

import (
	"context"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"trackly/models"
	"trackly/workflows"
)

// NudgeOutbox tells a list's outbox that a single text was queued, and starts it when it
// does not run.
func (e *Engine) NudgeOutbox(ctx context.Context, src models.Source) error {
	id := workflows.OutboxWorkflowID(src.ListID)
	_, err := e.Client.SignalWithStartWorkflow(ctx, id, workflows.Nudge.Name, workflows.Nudged{}, client.StartWorkflowOptions{
		ID:            id,
		TaskQueue:     workflows.QueueControl,
		StaticSummary: "single texts of a list",
		StaticDetails: "list " + string(src.ListID) + " of account " + string(src.AccountID),
		TypedSearchAttributes: temporal.NewSearchAttributes(
			workflows.AccountIDKey.ValueSet(string(src.AccountID)), workflows.ListIDKey.ValueSet(string(src.ListID)),
		),
	}, workflows.Outbox, workflows.OutboxInput{AccountID: src.AccountID, ListID: src.ListID})
	return explain(err)
}

// StartCheck starts the check of a route; one that runs is ended, because its test text
// is not the newest any more.
func (e *Engine) StartCheck(ctx context.Context, in workflows.CheckInput) error {
	_, err := e.Client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:                       workflows.CheckWorkflowID(in.RouteID),
		TaskQueue:                workflows.QueueControl,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_TERMINATE_EXISTING,
		StaticSummary:            "check of a provider account",
		StaticDetails:            "route " + string(in.RouteID) + " of list " + string(in.ListID),
		TypedSearchAttributes: temporal.NewSearchAttributes(
			workflows.AccountIDKey.ValueSet(string(in.AccountID)), workflows.ListIDKey.ValueSet(string(in.ListID)),
		),
	}, workflows.Check, in)
	return explain(err)
}
