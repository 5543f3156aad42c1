// Package activities holds what workflows have done in the world: each method loads,
// asks a rule, saves. An activity may run twice; every one says what its second run
// does. It neither orders anything over time nor knows Temporal's errors.
package activities

import (
	"context"
	"time"

	"trackly/models"
)

// campaignStore is what Campaigns needs from the store, and nothing else.
type campaignStore interface {
	Freeze(ctx context.Context, account models.AccountID, id models.CampaignID, at time.Time) (planned int64, batches int, err error)
	MoveCampaign(ctx context.Context, account models.AccountID, id models.CampaignID, next models.CampaignState, reason string, at time.Time) (models.Campaign, error)
	OpenBatches(ctx context.Context, src models.Source) (models.Open, error)
	CancelQueued(ctx context.Context, account models.AccountID, id models.CampaignID) error
	Progress(ctx context.Context, src models.Source) (models.Progress, error)
	UnfinishedCampaigns(ctx context.Context, before time.Time, limit int) ([]models.Campaign, error)
	OutboxesWaiting(ctx context.Context, before time.Time, limit int) ([]models.Source, error)
	ImportsAtWork(ctx context.Context, before time.Time, limit int) ([]models.Import, error)
	EndAbandonedImports(ctx context.Context, at time.Time, limit int) error
}

// starter starts the workflow of a campaign, of an import or of a list's single texts; one
// that runs is kept.
type starter interface {
	StartCampaign(ctx context.Context, c models.Campaign) error
	NudgeOutbox(ctx context.Context, src models.Source) error
	StartImport(ctx context.Context, imp models.Import) error
}

// Campaigns steers campaigns' rows.
type Campaigns struct {
	Store   campaignStore
	Starter starter
	Now     func() time.Time
}

// CampaignRef names a campaign.
type CampaignRef struct {
	AccountID  models.AccountID
	CampaignID models.CampaignID
}

func (r CampaignRef) source() models.Source {
	return models.Source{AccountID: r.AccountID, CampaignID: r.CampaignID}
}

// FreezeResult says how much there is to do.
type FreezeResult struct {
	Planned int64
	Batches int
}

// Freeze plans one message for each contact of the audience and moves the campaign to
// sending. A second run finds it frozen and returns the same.
func (a *Campaigns) Freeze(ctx context.Context, in CampaignRef) (FreezeResult, error) {
	defer alive(ctx)()
	planned, batches, err := a.Store.Freeze(ctx, in.AccountID, in.CampaignID, a.Now())
	return FreezeResult{Planned: planned, Batches: batches}, err
}

// MoveInput asks for a state.
type MoveInput struct {
	CampaignRef
	State  models.CampaignState
	Reason string
}

// Move changes the campaign's state. A second run finds it changed and does nothing.
func (a *Campaigns) Move(ctx context.Context, in MoveInput) (models.Progress, error) {
	_, err := a.Store.MoveCampaign(ctx, in.AccountID, in.CampaignID, in.State, in.Reason, a.Now())
	if err != nil {
		return models.Progress{}, err
	}
	return a.Store.Progress(ctx, in.source())
}

// OpenResult lists what is left to hand over. Next is the earliest time at which batches
// that are not in Numbers may go out; nil means there are none.
type OpenResult struct {
	Numbers  []int
	Next     *time.Time
	Progress models.Progress
}

// OpenInput names a source and bounds the answer: it is kept in the history.
type OpenInput struct {
	CampaignRef
	ListID models.ListID
	Limit  int
}

// Open lists the batches with queued messages that may go out now, at most Limit. It only
// reads.
func (a *Campaigns) Open(ctx context.Context, in OpenInput) (OpenResult, error) {
	src := models.Source{AccountID: in.AccountID, CampaignID: in.CampaignID, ListID: in.ListID}
	open, err := a.Store.OpenBatches(ctx, src)
	if err != nil {
		return OpenResult{}, err
	}
	p, err := a.Store.Progress(ctx, src)
	return OpenResult{Numbers: open.Numbers[:min(len(open.Numbers), in.Limit)], Next: open.Next, Progress: p}, err
}

// SkipQueued skips what a cancelled campaign still had queued. A second run finds
// nothing queued.
func (a *Campaigns) SkipQueued(ctx context.Context, in CampaignRef) (models.Progress, error) {
	defer alive(ctx)()
	if err := a.Store.CancelQueued(ctx, in.AccountID, in.CampaignID); err != nil {
		return models.Progress{}, err
	}
	return a.Store.Progress(ctx, in.source())
}

const (
	orphanAge   = 10 * time.Second // a launch needs this long at most to start its workflow
	keepAtATime = 500
)

// Keep starts a workflow for every launched campaign and every started import that has
// none, and for single texts that nobody hands over: the process may have died between writing the row and starting
// the workflow, or an operator may have terminated it. What has one keeps it, so a second
// run does nothing. It also ends imports whose uploaders have gone.
func (a *Campaigns) Keep(ctx context.Context) (int, error) {
	defer alive(ctx)()
	rows, err := a.Store.UnfinishedCampaigns(ctx, a.Now().Add(-orphanAge), keepAtATime)
	if err != nil {
		return 0, err
	}
	for _, c := range rows {
		if err := a.Starter.StartCampaign(ctx, c); err != nil {
			return 0, err
		}
	}
	waiting, err := a.Store.OutboxesWaiting(ctx, a.Now().Add(-orphanAge), keepAtATime)
	if err != nil {
		return 0, err
	}
	for _, src := range waiting {
		if err := a.Starter.NudgeOutbox(ctx, src); err != nil {
			return 0, err
		}
	}
	kept, err := a.keepImports(ctx)
	return len(rows) + len(waiting) + kept, err
}

func (a *Campaigns) keepImports(ctx context.Context) (int, error) {
	if err := a.Store.EndAbandonedImports(ctx, a.Now(), keepAtATime); err != nil {
		return 0, err
	}
	rows, err := a.Store.ImportsAtWork(ctx, a.Now().Add(-orphanAge), keepAtATime)
	if err != nil {
		return 0, err
	}
	for _, imp := range rows {
		if err := a.Starter.StartImport(ctx, imp); err != nil {
			return 0, err
		}
	}
	return len(rows), nil
}
