package workers_test

import (
	"encoding/json"
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"go.temporal.io/sdk/worker"

	"trackly/models"
	"trackly/workers"
	"trackly/workflows"
)

const retentionHistory = "testdata/retention/finished.json"

func TestARecordedRetentionReplays(t *testing.T) {
	t.Parallel()
	r := worker.NewWorkflowReplayer()
	workers.RegisterWorkflows(r)
	require.NoError(t, r.ReplayWorkflowHistoryFromJSONFile(quiet(), retentionHistory))
	raw, err := os.ReadFile(retentionHistory)
	require.NoError(t, err)
	require.Contains(t, string(raw), "EVENT_TYPE_WORKFLOW_EXECUTION_COMPLETED")
	for _, payload := range payloads(t, raw) {
		require.NotRegexp(t, `\+1\d{10}`, payload)
	}
}

func TestAReleasedRetentionInputStillDecodes(t *testing.T) {
	t.Parallel()
	raw, err := os.ReadFile("testdata/retention/input_1.json")
	require.NoError(t, err)
	in := json.NewDecoder(strings.NewReader(string(raw)))
	in.DisallowUnknownFields()
	var got workflows.RetentionInput
	require.NoError(t, in.Decode(&got), "a field was renamed or removed")
	require.Equal(t, workflows.RetentionInput{
		After: "0199c1a0-0000-7000-8000-000000000001", Gone: models.Redacted{Messages: 5000, Inbound: 12},
	}, got)
}
