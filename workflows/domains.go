package workflows

import (
	"go.temporal.io/sdk/workflow"

	"trackly/activities"
	"trackly/models"
)

// DomainsScheduleID is the id of the schedule, and of what it starts.
const DomainsScheduleID = "domains"

// checksPerRun bounds a run's history. Each is minutes of questions.
const checksPerRun = 100

// DomainsInput says after which domain to begin, and what was found before a run continued
// as new. It is written into history: fields are added, never renamed.
type DomainsInput struct {
	After models.DomainID
	Found DomainsFound
}

// DomainsFound counts the link domains that were asked, and those that did not lead here.
type DomainsFound struct{ Checked, Down int64 }

// Domains asks every link domain of the installation once whether it leads here. A schedule
// starts it every ten minutes.
func Domains(ctx workflow.Context, in DomainsInput) (DomainsFound, error) {
	for range checksPerRun {
		res, err := call(slow(ctx, "ask the link domains"), domains.CheckDomains, activities.CheckDomainsInput{After: in.After})
		if err != nil {
			return in.Found, err
		}
		in.Found.Checked += res.Checked
		in.Found.Down += res.Down
		if in.After = res.After; res.Done {
			return in.Found, nil
		}
	}
	return in.Found, workflow.NewContinueAsNewError(ctx, Domains, in)
}
