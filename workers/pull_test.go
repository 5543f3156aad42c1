package workers_test

import (
	"testing"

	"trackly/models"
	"trackly/workflows"
)

func TestAReleasedPullInputStillDecodes(t *testing.T) {
	t.Parallel()
	decodes(t, "../pull/input_1", workflows.PullInput{
		AccountID: "0199c1a0-0000-7000-8000-000000000001", ConnectionID: "0199c1a0-0000-7000-8000-000000000002",
		After:  "0199c1a0-0000-7000-8000-000000000003",
		Pulled: models.Pulled{Rows: 9, New: 1, Known: 2, TakenBack: 1, Pending: 1, Rejected: 1, Foreign: 1, Differs: 1, Refused: 1},
	})
}
