package workers_test

import (
	"encoding/json"
	"log/slog"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"trackly/models"
	"trackly/workers"
	"trackly/workflows"
)

const histories = "testdata/histories"

func quiet() sdklog.Logger { return sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)) }

// paths are the ways through a workflow of which a history must be kept.
func paths() []string {
	return []string{
		"cancelled", "check_failed", "check_passed", "continued", "domains_finished", "finished", "fold_finished", "given_up", "halted",
		"import_cancelled", "import_checked", "import_done", "import_failed", "import_looked_up", "outbox_finished", "outbox_halted",
		"paused_and_resumed", "pull_finished", "revise_finished", "scheduled_and_cancelled", "unknown_settled", "waited",
	}
}

func TestEveryPathThroughAWorkflowIsRecorded(t *testing.T) {
	t.Parallel()
	files, err := filepath.Glob(histories + "/*.json")
	require.NoError(t, err)
	var names []string
	for _, f := range files {
		names = append(names, strings.TrimSuffix(filepath.Base(f), ".json"))
	}
	slices.Sort(names)
	require.Equal(t, paths(), names)
}

// A run that began under released code goes on under this code.
func TestRecordedHistoriesReplay(t *testing.T) {
	t.Parallel()
	for _, name := range paths() {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := worker.NewWorkflowReplayer()
			workers.RegisterWorkflows(r)
			require.NoError(t, r.ReplayWorkflowHistoryFromJSONFile(quiet(), filepath.Join(histories, name+".json")))
		})
	}
}

// Without this, a replay test that compares nothing would look just as green.
func TestAChangedOrderOfStepsIsCaught(t *testing.T) {
	t.Parallel()
	for name, changed := range map[string]any{
		"a step in front": func(ctx workflow.Context, in workflows.CampaignInput) (workflows.CampaignStatus, error) {
			if err := workflow.Sleep(ctx, time.Second); err != nil {
				return workflows.CampaignStatus{}, err
			}
			return workflows.Campaign(ctx, in)
		},
		"a step left out": func(workflow.Context, workflows.CampaignInput) (workflows.CampaignStatus, error) {
			return workflows.CampaignStatus{}, nil
		},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			r := worker.NewWorkflowReplayer()
			r.RegisterWorkflowWithOptions(changed, workflow.RegisterOptions{Name: "Campaign"})
			err := r.ReplayWorkflowHistoryFromJSONFile(quiet(), filepath.Join(histories, "finished.json"))
			require.ErrorContains(t, err, "TMPRL1100")
		})
	}
}

// No phone number and no text of a message belongs in a history.
func TestHistoriesHoldIdsAndCountsOnly(t *testing.T) {
	t.Parallel()
	for _, name := range paths() {
		raw, err := os.ReadFile(filepath.Join(histories, name+".json"))
		require.NoError(t, err)
		for _, payload := range payloads(t, raw) {
			require.NotRegexp(t, `\+1\d{10}|https?://|Reply STOP`, payload, name)
		}
	}
}

// payloads digs the decoded payload data out of a history.
func payloads(t *testing.T, raw []byte) (all []string) {
	t.Helper()
	var tree any
	require.NoError(t, json.Unmarshal(raw, &tree))
	var dig func(any)
	dig = func(v any) {
		switch v := v.(type) {
		case map[string]any:
			if data, ok := v["data"].(string); ok {
				var plain []byte
				require.NoError(t, json.Unmarshal([]byte(`"`+data+`"`), &plain))
				all = append(all, string(plain))
			}
			for _, child := range v {
				dig(child)
			}
		case []any:
			for _, child := range v {
				dig(child)
			}
		}
	}
	dig(tree)
	require.NotEmpty(t, all)
	return all
}

// A run may have waited for months: its input as it was written must still be read.
func TestReleasedInputsStillDecode(t *testing.T) {
	t.Parallel()
	at := time.Date(2026, 12, 24, 17, 0, 0, 0, time.UTC)
	campaign := workflows.CampaignInput{
		AccountID: "0199c1a0-0000-7000-8000-000000000001", CampaignID: "0199c1a0-0000-7000-8000-000000000002",
		ListID: "0199c1a0-0000-7000-8000-000000000003", SendAt: &at, State: models.CampaignPaused, OptOuts: 3,
		Reason: "paused by its owner", Progress: models.Progress{Planned: 10, Queued: 4, Claimed: 1, Sent: 2, Skipped: 1, Failed: 1, Unknown: 1},
	}
	decodes(t, "campaign_1", campaign)
	campaign.Paced = true
	decodes(t, "campaign_2", campaign)
	decodes(t, "outbox_1", workflows.OutboxInput{AccountID: campaign.AccountID, ListID: campaign.ListID})
	decodes(t, "fold_1", workflows.FoldInput{Batches: 12, Moves: 345})
	decodes(t, "import_1", workflows.ImportInput{AccountID: campaign.AccountID, ImportID: "0199c1a0-0000-7000-8000-000000000005", DryRun: true})
	decodes(t, "check_1", workflows.CheckInput{
		AccountID: campaign.AccountID, ListID: campaign.ListID, RouteID: "0199c1a0-0000-7000-8000-000000000004", MessageID: 8589934592,
	})
}

func decodes[In any](t *testing.T, sample string, want In) {
	t.Helper()
	raw, err := os.ReadFile("testdata/inputs/" + sample + ".json")
	require.NoError(t, err)
	in := json.NewDecoder(strings.NewReader(string(raw)))
	in.DisallowUnknownFields()
	var got In
	require.NoError(t, in.Decode(&got), "a field was renamed or removed")
	require.Equal(t, want, got)
}

func TestEverySignalStillDecodes(t *testing.T) {
	t.Parallel()
	var cmd workflows.Command
	require.NoError(t, json.Unmarshal([]byte(`"pause"`), &cmd))
	require.Equal(t, workflows.Pause, cmd)
	var o workflows.OptOut
	require.NoError(t, json.Unmarshal([]byte(`{"Skipped":2}`), &o))
	require.Equal(t, workflows.OptOut{Skipped: 2}, o)
	var n workflows.Nudged
	require.NoError(t, json.Unmarshal([]byte(`{}`), &n))
}

// names collects what is registered.
type names map[string]bool

func (n names) RegisterWorkflowWithOptions(_ any, o workflow.RegisterOptions) { n[o.Name] = true }

func TestEveryWorkflowIsRegisteredUnderItsName(t *testing.T) {
	t.Parallel()
	got := names{}
	workers.RegisterWorkflows(got)
	require.Equal(t, names{"Campaign": true, "Outbox": true, "Check": true, "Keeper": true, "Retention": true, "Fold": true, "Import": true, "Domains": true, "Revise": true, "Pull": true}, got, "a name is data: histories refer to it")
}
