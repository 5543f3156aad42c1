package workers_test

import (
	"testing"

	"trackly/models"
	"trackly/workflows"
)

func TestAReleasedReviseInputStillDecodes(t *testing.T) {
	t.Parallel()
	decodes(t, "../revise/input_1", workflows.ReviseInput{Done: models.Revised{Judged: 20000, Changed: 12, More: true}})
}
