package e2e_test

import (
	"bytes"
	"encoding/json"
	"log/slog"
	"os"
	"regexp"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	historypb "go.temporal.io/api/history/v1"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/worker"
	"google.golang.org/protobuf/encoding/protojson"

	"trackly/activities"
	"trackly/internal/embedded/temporal"
	"trackly/internal/engine"
	"trackly/internal/store"
	"trackly/internal/testkit"
	"trackly/models"
	"trackly/workers"
	"trackly/workflows"
)

// The schedule that a worker makes redacts what is old, and is not made twice. Its history
// must replay; it becomes the fixture when TRACKLY_RECORD_HISTORIES is set.
func TestTheScheduleRedactsOldTexts(t *testing.T) {
	t.Parallel()
	ctx := t.Context()
	url := testkit.Database(t)
	st := testkit.Open(t, url)
	id := oldText(t, st, url)
	srv, err := temporal.Start(ctx, temporal.Options{WithoutUI: true})
	require.NoError(t, err)
	t.Cleanup(func() { _ = srv.Stop() })
	logger := sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler))
	c, err := client.DialContext(ctx, client.Options{HostPort: srv.HostPort(), Logger: logger})
	require.NoError(t, err)
	t.Cleanup(c.Close)
	for _, w := range workers.New(c, workers.Activities{
		Campaigns: &activities.Campaigns{}, Delivery: &activities.Delivery{}, Checks: &activities.Checks{},
		Retention: &activities.Retention{Store: st, Now: time.Now},
	}, 1) {
		require.NoError(t, w.Start())
		t.Cleanup(w.Stop)
	}
	e := &engine.Engine{Client: c}
	require.NoError(t, e.ScheduleRetention(ctx))
	require.NoError(t, e.ScheduleRetention(ctx), "the second worker finds it")

	schedule := c.ScheduleClient().GetHandle(ctx, workflows.RetentionScheduleID)
	require.NoError(t, schedule.Trigger(ctx, client.ScheduleTriggerOptions{}))
	var ran *client.ScheduleWorkflowExecution
	require.Eventually(t, func() bool {
		d, err := schedule.Describe(ctx)
		require.NoError(t, err)
		require.Len(t, d.Info.NextActionTimes, 10)
		if len(d.Info.RecentActions) > 0 {
			ran = d.Info.RecentActions[0].StartWorkflowResult
		}
		return ran != nil
	}, 30*time.Second, 20*time.Millisecond)
	var gone models.Redacted
	require.NoError(t, c.GetWorkflow(ctx, ran.WorkflowID, "").Get(ctx, &gone))
	require.Equal(t, models.Redacted{Messages: 1}, gone)
	m, err := st.Message(ctx, id.AccountID, id.ID)
	require.NoError(t, err)
	require.Empty(t, m.Body)
	require.NotNil(t, m.RedactedAt)
	keepRetention(t, c, ran.WorkflowID)
}

// oldText is a message that was skipped two years ago.
func oldText(t *testing.T, st *store.Store, url string) models.Message {
	t.Helper()
	ctx := t.Context()
	acc, owner, err := models.NewAccount("Acme", "Ada", "ada@example.com")
	require.NoError(t, err)
	key, _ := models.NewAPIKey(acc.ID, "test")
	require.NoError(t, st.AddAccount(ctx, acc, owner, key))
	l, err := st.AddList(ctx, models.Once{}, testkit.SendingList(acc.ID, "twilio", "+14155550132", ""), models.Credentials{Token: "t"})
	require.NoError(t, err)
	id, err := st.AddSingle(ctx, models.Once{}, models.Single{
		AccountID: acc.ID, ListID: l.ID, Phone: "+12125550123", Body: "Hi", Kind: models.KindAPI, OptIn: &models.OptIn{Method: "web"},
	})
	require.NoError(t, err)
	conn, err := pgx.Connect(ctx, url)
	require.NoError(t, err)
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, `UPDATE messages SET state = 'skipped', queued_at = now() - interval '2 years' WHERE id = $1`, id)
	require.NoError(t, err)
	return models.Message{AccountID: acc.ID, ID: id}
}

func keepRetention(t *testing.T, c client.Client, id string) {
	t.Helper()
	h := &historypb.History{}
	all := c.GetWorkflowHistory(t.Context(), id, "", false, enumspb.HISTORY_EVENT_FILTER_TYPE_ALL_EVENT)
	for all.HasNext() {
		e, err := all.Next()
		require.NoError(t, err)
		h.Events = append(h.Events, e)
	}
	r := worker.NewWorkflowReplayer()
	workers.RegisterWorkflows(r)
	require.NoError(t, r.ReplayWorkflowHistory(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)), h))
	if os.Getenv("TRACKLY_RECORD_HISTORIES") == "" {
		return
	}
	raw, err := protojson.Marshal(h)
	require.NoError(t, err)
	var out bytes.Buffer
	require.NoError(t, json.Indent(&out, raw, "", " "))
	out.WriteByte('\n')
	kept := regexp.MustCompile(`"identity": "[^"]*"`).ReplaceAll(out.Bytes(), []byte(`"identity": "recorder"`))
	require.NoError(t, os.WriteFile("../../workers/testdata/retention/finished.json", kept, 0o600))
}
