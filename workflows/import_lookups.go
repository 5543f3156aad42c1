package workflows

import (
	"fmt"

	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/workflow"

	"trackly/activities"
	"trackly/models"
)

// mostLookUps bounds a run's history; it is some thirty hours of asking.
const mostLookUps = 1_000

// lookUp asks what is behind the phones of the merged rows, if the import wants that. The
// rows are merged whatever comes of it, so no failure but the end of the run is an error:
// the others are told with the import.
func (i *importing) lookUp(ctx workflow.Context) error {
	if i.wanted == nil || i.stopped {
		return nil
	}
	sum := &models.LookedUp{}
	i.status.LookedUp = sum
	err := i.ask(ctx, sum)
	if err == nil || temporal.IsCanceledError(err) {
		return err
	}
	sum.Problem = words(err)
	return nil
}

func (i *importing) ask(ctx workflow.Context, sum *models.LookedUp) error {
	in := activities.LookUpInput{
		AccountID: i.ref.AccountID, ListID: i.wanted.ListID, ImportID: i.ref.ImportID, MobileOnly: i.wanted.MobileOnly,
		Began: workflow.Now(ctx),
	}
	for range mostLookUps {
		res, err := call(lookingUp(ctx, fmt.Sprintf("phones after row %d", in.After)), lookups.LookUp, in)
		if err != nil {
			return err
		}
		sum.Asked, sum.Cached, sum.Failed, sum.NotMobile = sum.Asked+res.Asked, sum.Cached+res.Cached, sum.Failed+res.Failed, sum.NotMobile+res.NotMobile
		if res.Done {
			return nil
		}
		in.After = res.After
		if !res.Lost {
			continue
		}
		step, err := call(staging(ctx, "read the file again"), imports.StageFile, i.ref)
		if err != nil || step.Stopped {
			return err
		}
	}
	return temporal.NewApplicationError("there was no end to the look-ups", "unfinished")
}
