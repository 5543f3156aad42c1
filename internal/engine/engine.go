// Package engine is the only door to Temporal from outside a worker: starting
// campaigns, steering them, asking them. It holds no state and makes no decisions.
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

// Engine is safe for concurrent use.
type Engine struct {
	Client client.Client
}

// StartCampaign starts the campaign's workflow. One that has a workflow, or that has
// had one which came to its end, keeps it: the id is derived from the campaign's.
func (e *Engine) StartCampaign(ctx context.Context, c models.Campaign) error {
	in := workflows.CampaignInput{
		AccountID: c.AccountID, CampaignID: c.ID, ListID: c.ListID, SendAt: c.SendAt, State: c.State, Lists: len(c.Lists),
	}
	_, err := e.Client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:                       workflows.CampaignWorkflowID(c.ID),
		TaskQueue:                workflows.QueueControl,
		WorkflowIDReusePolicy:    enumspb.WORKFLOW_ID_REUSE_POLICY_ALLOW_DUPLICATE_FAILED_ONLY,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_FAIL,
		StaticSummary:            c.Name,
		StaticDetails:            "campaign " + string(c.ID) + " of account " + string(c.AccountID),
		TypedSearchAttributes: temporal.NewSearchAttributes(
			workflows.AccountIDKey.ValueSet(string(c.AccountID)),
			workflows.CampaignIDKey.ValueSet(string(c.ID)),
			workflows.ListIDKey.ValueSet(string(c.ListID)),
			workflows.StateKey.ValueSet(string(c.State)),
		),
		WorkflowExecutionErrorWhenAlreadyStarted: true,
	}, workflows.Campaign, in)
	var started *serviceerror.WorkflowExecutionAlreadyStarted
	if errors.As(err, &started) {
		return nil
	}
	return explain(err)
}

// Steer tells a running campaign what its owner wants. It returns when the engine has
// the command; the campaign obeys within a second.
func (e *Engine) Steer(ctx context.Context, id models.CampaignID, cmd workflows.Command) error {
	return explain(e.Client.SignalWorkflow(ctx, workflows.CampaignWorkflowID(id), "", workflows.Steer.Name, cmd))
}

// TellOptOut tells running campaigns that somebody they had a message for said STOP. A
// campaign that has ended meanwhile needs no telling.
func (e *Engine) TellOptOut(ctx context.Context, ids []models.CampaignID, skipped int64) error {
	for _, id := range ids {
		err := explain(e.Client.SignalWorkflow(ctx, workflows.CampaignWorkflowID(id), "",
			workflows.OptedOut.Name, workflows.OptOut{Skipped: skipped}))
		if err != nil && fault.KindOf(err) != fault.Conflict {
			return err
		}
	}
	return nil
}

// Status asks a campaign's workflow where it stands.
func (e *Engine) Status(ctx context.Context, id models.CampaignID) (workflows.CampaignStatus, error) {
	var s workflows.CampaignStatus
	v, err := e.Client.QueryWorkflow(ctx, workflows.CampaignWorkflowID(id), "", workflows.ProgressQuery)
	if err == nil {
		err = v.Get(&s)
	}
	return s, explain(err)
}

// StartKeeper makes sure that the installation's one keeper runs.
func (e *Engine) StartKeeper(ctx context.Context) error {
	_, err := e.Client.ExecuteWorkflow(ctx, client.StartWorkflowOptions{
		ID:                       workflows.KeeperWorkflowID,
		TaskQueue:                workflows.QueueControl,
		WorkflowIDConflictPolicy: enumspb.WORKFLOW_ID_CONFLICT_POLICY_USE_EXISTING,
		StaticSummary:            "looks after launched campaigns that have no workflow",
	}, workflows.Keeper)
	return explain(err)
}

// explain is the only place where Temporal's errors become faults.
func explain(err error) error {
	var missing *serviceerror.NotFound
	switch {
	case err == nil:
		return nil
	case errors.As(err, &missing):
		return fault.New(fault.Conflict, "the campaign is not running")
	case errors.Is(err, context.Canceled):
		return err
	}
	return fault.Wrap(err, fault.Broken, "the workflow engine does not answer")
}
