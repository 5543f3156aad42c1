package workers_test

import (
	"testing"

	"trackly/workflows"
)

func TestAReleasedDomainsInputStillDecodes(t *testing.T) {
	t.Parallel()
	decodes(t, "../domains/input_1", workflows.DomainsInput{
		After: "0199c1a0-0000-7000-8000-000000000001", Found: workflows.DomainsFound{Checked: 1600, Down: 3},
	})
}
