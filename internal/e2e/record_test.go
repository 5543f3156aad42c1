package e2e_test

import (
	"bytes"
	"encoding/json"
	"os"
	"path/filepath"
	"regexp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"google.golang.org/protobuf/encoding/protojson"

	"trackly/internal/provider/sandbox"
	"trackly/models"
	"trackly/workers"
	"trackly/workflows"
)

// recordVariable asks for the histories of new paths to be kept as the fixtures of the
// replay tests. One that is kept already stays: it is from the code that was released
// with it, and a history of the branch under test proves nothing.
const recordVariable = "TRACKLY_RECORD_HISTORIES"

const fixtures = "../../workers/testdata/histories"

// slowly makes a campaign of 60 last some eight seconds: a command must reach it before a
// busy machine has handed everything over, or it has nothing left to hold back.
func slowly() sandbox.Faults {
	return sandbox.Faults{Latency: sandbox.Spell{Percent: 100, MinMS: 2000, MaxMS: 2000}}
}

// Each path through a campaign's life is walked on the real server. Its history must
// replay, whether it becomes a fixture or not.
func TestRecordedPaths(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.contacts(60)
	w.worker()
	for _, p := range []struct {
		name string
		walk func(models.CampaignID)
	}{
		{"finished", w.finished},
		{"paused_and_resumed", w.pausedAndResumed},
		{"cancelled", w.cancelled},
		{"scheduled_and_cancelled", w.scheduledAndCancelled},
		{"halted", w.halted},
		{"unknown_settled", w.unknownSettled},
	} {
		id := w.campaign()
		p.walk(id)
		require.NoError(t, w.box.SetFaults(sandbox.Faults{}))
		require.NoError(t, w.engine.GetWorkflow(t.Context(), workflows.CampaignWorkflowID(id), "").Get(t.Context(), nil))
		w.record(p.name, workflows.CampaignWorkflowID(id), "")
	}
}

func (w *world) finished(id models.CampaignID) {
	w.ask(id, "launch", map[string]any{})
	w.until(id, models.CampaignSent)
}

func (w *world) begin(id models.CampaignID) {
	require.NoError(w.t, w.box.SetFaults(slowly()))
	before := w.box.Count()
	w.ask(id, "launch", map[string]any{})
	w.texts(before + 5)
}

func (w *world) pausedAndResumed(id models.CampaignID) {
	w.begin(id)
	w.ask(id, "pause", map[string]any{})
	w.until(id, models.CampaignPaused)
	w.ask(id, "resume", map[string]any{})
	w.until(id, models.CampaignSent)
}

func (w *world) cancelled(id models.CampaignID) {
	w.begin(id)
	w.ask(id, "cancel", map[string]any{})
	w.until(id, models.CampaignCancelled)
	require.Eventually(w.t, func() bool { p := w.progress(id); return p.Done() && p.Skipped > 0 }, 10*time.Second, 5*time.Millisecond)
}

func (w *world) scheduledAndCancelled(id models.CampaignID) {
	w.ask(id, "launch", map[string]any{"send_at": time.Now().Add(time.Hour)})
	w.ask(id, "cancel", map[string]any{})
	w.until(id, models.CampaignCancelled)
}

func (w *world) halted(id models.CampaignID) {
	require.NoError(w.t, w.box.SetFaults(sandbox.Faults{Codes: []sandbox.CodeShare{{Code: 20003, Percent: 100}}}))
	w.ask(id, "launch", map[string]any{})
	w.until(id, models.CampaignPaused)
	require.Contains(w.t, w.row(id).Reason, "20003")
	require.NoError(w.t, w.box.SetFaults(sandbox.Faults{}))
	w.mended()
	w.ask(id, "resume", map[string]any{})
	w.until(id, models.CampaignSent)
}

// mended is what a person does about an account problem: the route may be used again, and
// the list goes on.
func (w *world) mended() {
	w.t.Helper()
	ctx := w.t.Context()
	r := w.route()
	require.Equal(w.t, models.RouteBlocked, r.State)
	_, err := w.api.Store.MoveRoute(ctx, r, models.RouteUp, "", 0)
	require.NoError(w.t, err)
	_, err = w.api.Store.MoveList(ctx, r.AccountID, r.ListID, models.ListActive, "")
	require.NoError(w.t, err)
}

func (w *world) unknownSettled(id models.CampaignID) {
	require.NoError(w.t, w.box.SetFaults(sandbox.Faults{GarbleAfter: sandbox.Spell{Percent: 30}, CallbacksLost: sandbox.Spell{Percent: 100}}))
	w.ask(id, "launch", map[string]any{})
	w.until(id, models.CampaignSent)
	require.EqualValues(w.t, 60, w.progress(id).Sent)
}

// The server suggests a new run after 4,096 events; here it does after a few.
func TestRecordedContinuation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, map[string]any{"limit.historyCount.suggestContinueAsNew": 20})
	w.contacts(20)
	w.worker()
	id := w.campaign()
	_, err := w.api.Store.LaunchCampaign(t.Context(), w.list.AccountID, id, nil, time.Now())
	require.NoError(t, err)
	require.NoError(t, w.api.Engine.StartCampaign(t.Context(), w.row(id)))
	first, err := w.engine.DescribeWorkflowExecution(t.Context(), workflows.CampaignWorkflowID(id), "")
	require.NoError(t, err)
	w.until(id, models.CampaignSent)
	h := w.record("continued", workflows.CampaignWorkflowID(id), first.GetWorkflowExecutionInfo().GetFirstRunId())
	require.Equal(t, enumspb.EVENT_TYPE_WORKFLOW_EXECUTION_CONTINUED_AS_NEW, h.Events[len(h.Events)-1].EventType)
	require.Equal(t, 20, w.box.Count())
}

// record reads a run's history, replays it, and keeps it when asked to.
func (w *world) record(name, id, run string) *historypb.History {
	w.t.Helper()
	h := &historypb.History{}
	all := w.engine.GetWorkflowHistory(w.t.Context(), id, run, false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for all.HasNext() {
		e, err := all.Next()
		require.NoError(w.t, err)
		h.Events = append(h.Events, e)
	}
	raw, file := fixture(w.t, h), filepath.Join(fixtures, name+".json")
	if _, err := os.Stat(file); os.IsNotExist(err) && os.Getenv(recordVariable) != "" {
		require.NoError(w.t, os.WriteFile(file, raw, 0o600))
	}
	r := worker.NewWorkflowReplayer()
	workers.RegisterWorkflows(r)
	require.NoError(w.t, r.ReplayWorkflowHistory(sdklog.NewStructuredLogger(discard()), h), name)
	return h
}

var identity = regexp.MustCompile(`"identity": "[^"]*"`)

// fixture is a history as a file, without the name of the machine that made it.
func fixture(t *testing.T, h *historypb.History) []byte {
	t.Helper()
	raw, err := protojson.Marshal(h)
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, json.Indent(&out, raw, "", " ")) // protojson varies its spaces on purpose
	out.WriteByte('\n')
	return identity.ReplaceAll(out.Bytes(), []byte(`"identity": "recorder"`))
}
