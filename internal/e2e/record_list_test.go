package e2e_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/config"
	"trackly/internal/provider/sandbox"
	"trackly/models"
	"trackly/workflows"
)

func unchecked(l *models.List) {
	l.Routes[0].CredentialsAt, l.Routes[0].TextAt, l.Routes[0].WebhookAt = nil, nil, nil
}

// The paths of a list's own workflows: its check and its outbox.
func TestRecordedPathsOfAList(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.worker()
	account := w.list.AccountID

	w.list = w.openList(account, "twilio", "+14155550141", unchecked)
	require.Empty(t, w.check().Problem)
	w.record("check_passed", workflows.CheckWorkflowID(w.list.Routes[0].ID), "")
	finished := w.list

	w.list = w.openList(account, "twilio", "+14155550142", unchecked)
	require.NoError(t, w.box.SetFaults(sandbox.Faults{Codes: []sandbox.CodeShare{{Code: 21606, Percent: 100}}}))
	require.Contains(t, w.check().Problem, "21606")
	w.record("check_failed", workflows.CheckWorkflowID(w.list.Routes[0].ID), "")
	require.NoError(t, w.box.SetFaults(sandbox.Faults{}))

	w.list = w.openList(account, "twilio", "+14155550143", func(l *models.List) { l.State, l.Reason = models.ListPaused, "by hand" })
	id := w.single(models.KindReply, phoneOf(1))
	time.Sleep(time.Second) // it found out that the list is paused
	_, err := w.api.Store.MoveList(t.Context(), account, w.list.ID, models.ListActive, "")
	require.NoError(t, err)
	require.NoError(t, w.api.Engine.NudgeOutbox(t.Context(), models.Source{AccountID: account, ListID: w.list.ID}))
	w.becomes(id, models.MessageDelivered)

	for name, list := range map[string]models.ListID{"outbox_finished": finished.ID, "outbox_halted": w.list.ID} {
		outbox := workflows.OutboxWorkflowID(list)
		require.NoError(t, w.engine.GetWorkflow(t.Context(), outbox, "").Get(t.Context(), nil))
		w.record(name, outbox, "")
	}
}

// becomes waits until a message is in a state.
func (w *world) becomes(id models.MessageID, state models.MessageState) {
	w.t.Helper()
	require.Eventually(w.t, func() bool {
		m, err := w.api.Store.Message(w.t.Context(), w.list.AccountID, id)
		return err == nil && m.State == state
	}, 30*time.Second, 10*time.Millisecond, "never %s", state)
}

// A campaign that waits until something may go out, and goes on; and one that ends with
// messages nobody will ever hear of.
func TestRecordedWaits(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil, func(c *config.Config) { c.Delivery.GiveUpAfter = time.Second })
	w.worker()
	account := w.list.AccountID

	w.list = w.openList(account, "twilio", "+14155550144", func(l *models.List) { l.MessagesPerSecond = 0.2 })
	w.contacts(3)
	waited := w.campaign()
	w.finished(waited)
	w.record("waited", workflows.CampaignWorkflowID(waited), "")

	w.list = w.openList(account, "cm", "+14155550145")
	w.contacts(3)
	require.NoError(t, w.box.SetFaults(sandbox.Faults{DropAfter: sandbox.Spell{Percent: 100}, CallbacksLost: sandbox.Spell{Percent: 100}}))
	given := w.campaign()
	w.finished(given)
	require.Equal(t, models.Progress{Planned: 3, Unknown: 3}, w.progress(given))
	require.NoError(t, w.engine.GetWorkflow(t.Context(), workflows.CampaignWorkflowID(given), "").Get(t.Context(), nil))
	w.record("given_up", workflows.CampaignWorkflowID(given), "")
}
