package workflows

import (
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"trackly/activities"
	"trackly/models"
)

const (
	pageRows = 10_000
	// mostPages bounds a run's history; files that are longer have longer pages.
	mostPages = 2_000
	// pagesAtOnce keeps both Postgres and the wait for its disk busy.
	pagesAtOnce = 2
	// stagings bounds how often a file is read again because Postgres crashed.
	stagings = 20
)

// ImportInput names an import. It is written into history for ever: fields are added,
// never renamed.
type ImportInput struct {
	AccountID models.AccountID
	ImportID  models.ImportID
	DryRun    bool
}

// ImportStatus answers the progress query of an import, and is its result.
type ImportStatus struct {
	State         models.ImportState
	Rows          int64 // of the file; zero while it is read for the first time
	Position      int64 // rows that are merged, or checked
	Added         int64
	Merged        int64
	OptedOut      int64
	NotMobile     int64
	RowsPerSecond float64
	SecondsLeft   float64          // of the merge
	LookedUp      *models.LookedUp `json:",omitempty"` // nil: no look-ups, or not yet
}

// ImportWorkflowID is derived: an import runs once. A dry run has an id of its own, so
// that the import can follow it.
func ImportWorkflowID(id models.ImportID, dryRun bool) string {
	if dryRun {
		return "import/" + string(id) + "/check"
	}
	return "import/" + string(id)
}

// Import takes a file into a list, or finds out what that would do. The row of the import
// holds the truth; who cancels it changes the row, and the next step finds that.
func Import(ctx workflow.Context, in ImportInput) (ImportStatus, error) {
	i := &importing{ref: activities.ImportRef{AccountID: in.AccountID, ImportID: in.ImportID}, began: workflow.Now(ctx)}
	if i.status.State = models.ImportRunning; in.DryRun {
		i.status.State = models.ImportChecking
	}
	if err := workflow.SetQueryHandler(ctx, ProgressQuery, func() (ImportStatus, error) { return i.status, nil }); err != nil {
		return i.status, err
	}
	end := activities.EndInput{ImportRef: i.ref}
	err := i.run(ctx)
	if err == nil {
		err = i.lookUp(ctx)
	}
	switch {
	case temporal.IsCanceledError(err):
		return i.status, err
	case err != nil:
		end.Problem = "the import cannot go on: " + words(err)
	}
	end.LookedUp = i.status.LookedUp
	res, err := call(slow(ctx, "keep the result and clear up"), imports.EndImport, end)
	if err == nil {
		i.status.State, i.status.SecondsLeft = res.State, 0
	}
	return i.status, err
}
