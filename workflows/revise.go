package workflows

import (
	"go.temporal.io/sdk/workflow"

	"trackly/activities"
	"trackly/models"
)

// ReviseScheduleID is the id of the schedule, and of what it starts.
const ReviseScheduleID = "revise"

// revisionsPerRun bounds a run's history after an outage. Each is a minute of work.
const revisionsPerRun = 100

// ReviseInput says what was revised before a run continued as new. It is written into
// history: fields are added, never renamed.
type ReviseInput struct{ Done models.Revised }

// Revise judges anew the clicks of which more is known by now. A schedule starts it every
// minute; where it stopped is known from the database.
func Revise(ctx workflow.Context, in ReviseInput) (models.Revised, error) {
	for range revisionsPerRun {
		res, err := call(slow(ctx, "look at clicks again"), clicks.ReviseClicks, activities.ReviseClicksInput{})
		if err != nil {
			return in.Done, err
		}
		if in.Done = in.Done.Plus(res.Revised); !res.More {
			return in.Done, nil
		}
	}
	return in.Done, workflow.NewContinueAsNewError(ctx, Revise, in)
}
