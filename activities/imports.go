package activities

import (
	"context"

	"trackly/internal/fault"
	"trackly/models"
)

// importStore is what Imports needs from the store, and nothing else.
type importStore interface {
	StageImport(ctx context.Context, account models.AccountID, id models.ImportID) (models.ImportStep, error)
	MergeImport(ctx context.Context, account models.AccountID, id models.ImportID, first, last int64) (models.ImportStep, error)
	FinishImport(ctx context.Context, account models.AccountID, id models.ImportID) (models.Import, error)
	FailImport(ctx context.Context, account models.AccountID, id models.ImportID, reason string) error
	KeepLookedUp(ctx context.Context, account models.AccountID, id models.ImportID, l models.LookedUp) error
}

// Imports takes contact files into lists.
type Imports struct {
	Store importStore
}

// ImportRef names an import.
type ImportRef struct {
	AccountID models.AccountID
	ImportID  models.ImportID
}

// StageFile reads the file into the import's own table. A file that is no good ends the
// import. A second run finds the rows, or fills the table again after a crash of Postgres.
func (a *Imports) StageFile(ctx context.Context, in ImportRef) (models.ImportStep, error) {
	defer alive(ctx)()
	step, err := a.Store.StageImport(ctx, in.AccountID, in.ImportID)
	if fault.KindOf(err) == fault.Invalid {
		return models.ImportStep{Stopped: true}, a.Store.FailImport(ctx, in.AccountID, in.ImportID, err.Error())
	}
	return step, err
}

// MergeInput names rows of an import.
type MergeInput struct {
	ImportRef
	First int64
	Last  int64
}

// MergePage takes a page of rows into the list, or counts what that would do. A second run
// finds the page merged and returns the same.
func (a *Imports) MergePage(ctx context.Context, in MergeInput) (models.ImportStep, error) {
	defer alive(ctx)()
	return a.Store.MergeImport(ctx, in.AccountID, in.ImportID, in.First, in.Last)
}

// EndInput says why an import ends before its time; without a problem it comes to its
// proper end, or was stopped.
type EndInput struct {
	ImportRef
	Problem  string
	LookedUp *models.LookedUp `json:",omitempty"` // of one with look-ups
}

// EndResult is what an import has become.
type EndResult struct {
	State models.ImportState
}

// EndImport keeps the result and clears up. A second run finds nothing to do.
func (a *Imports) EndImport(ctx context.Context, in EndInput) (EndResult, error) {
	defer alive(ctx)()
	if in.LookedUp != nil {
		if err := a.Store.KeepLookedUp(ctx, in.AccountID, in.ImportID, *in.LookedUp); err != nil {
			return EndResult{}, err
		}
	}
	if in.Problem != "" {
		if err := a.Store.FailImport(ctx, in.AccountID, in.ImportID, in.Problem); err != nil {
			return EndResult{}, err
		}
	}
	imp, err := a.Store.FinishImport(ctx, in.AccountID, in.ImportID)
	return EndResult{State: imp.State}, err
}
