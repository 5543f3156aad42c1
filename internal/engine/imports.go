package engine

import (
	"context"
	"errors"

	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/serviceerror"
	"go.temporal.io/sdk/client"
	"go.temporal.io/sdk/temporal"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/workflows"
)

// StartImport starts the workflow of an import that was started in the store. One that has
// a workflow keeps it. Dry runs may follow each other; an import comes to its end once.
func (e *Engine) StartImport(ctx context.Context, imp models.Import) error {
	dryRun := imp.State == models.ImportChecking
	reuse, summary := enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY, "import of a contact file"
	if dryRun {
		reuse, summary = enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE, "dry run of an import"
	}
	_, err := e.Client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:                       workflows.ImportWorkflowID(imp.ID, dryRun),
		TaskQueue:                workflows.QueueControl,
		WorkflowIDReusePolicy:    reuse,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
		StaticSummary:            summary,
		StaticDetails:            "import " + string(imp.ID) + " into list " + string(imp.ListID) + " of account " + string(imp.AccountID),
		TypedSearchAttributes: temporal.NewSearchAttributes(
			workflows.AccountIDKey.ValueSet(string(imp.AccountID)), workflows.ListIDKey.ValueSet(string(imp.ListID)),
		),
		WorkflowExecutionErrorWhenAlreadyStarted: true,
	}, workflows.Import, workflows.ImportInput{AccountID: imp.AccountID, ImportID: imp.ID, DryRun: dryRun})
	var started *serviceerror.WorkflowExecutionAlreadyStarted
	if errors.As(err, &started) {
		return nil
	}
	return explain(err)
}

// ImportStatus asks an import's workflow, or that of its dry run, where it stands.
func (e *Engine) ImportStatus(ctx context.Context, id models.ImportID, dryRun bool) (workflows.ImportStatus, error) {
	var s workflows.ImportStatus
	v, err := e.Client.QueryWorkflow(ctx, workflows.ImportWorkflowID(id, dryRun), "", workflows.ProgressQuery)
	if err == nil {
		err = v.Get(&s)
	}
	if err = explain(err); fault.KindOf(err) == fault.Conflict {
		err = fault.New(fault.Conflict, "the import is not running")
	}
	return s, err
}
