package workflows

import (
	"go.temporal.io/sdk/workflow"

	"trackly/activities"
)

// FoldScheduleID is the id of the schedule, and of what it starts.
const FoldScheduleID = "fold"

// foldsPerRun bounds a run's history: the first run of an old installation may have years
// to count.
const foldsPerRun = 50

// FoldInput says what was folded before a run continued as new. It is written into
// history: fields are added, never renamed.
type FoldInput struct{ Batches, Moves int64 }

// Fold moves what came to rest into the tallies that reports are made of, once. A schedule
// starts it every 20 seconds: one activity, unless much has piled up.
func Fold(ctx workflow.Context, in FoldInput) (FoldInput, error) {
	for range foldsPerRun {
		res, err := call(slow(ctx, "fold what came to rest into the tallies"), tallies.Fold, activities.FoldInput{})
		if err != nil {
			return in, err
		}
		in.Batches, in.Moves = in.Batches+res.Batches, in.Moves+res.Moves
		if !res.More {
			return in, nil
		}
	}
	return in, workflow.NewContinueAsNewError(ctx, Fold, in)
}
