package engine

import (
	"context"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"trackly/models"
	"trackly/workflows"
)

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
