package activities_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider/sandbox"
	"trackly/internal/testkit"
	"trackly/models"
)

func TestSingleTextsSayWhatTheySay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3, sandbox.Faults{})
	id := w.single(models.KindAPI, phoneOf(0))
	res, err := w.sendSingles(0)
	require.NoError(t, err)
	require.Equal(t, models.Progress{Planned: 1, Sent: 1}, res.Progress)
	got := w.box.AcceptedTo(phoneOf(0))
	require.Len(t, got, 1)
	require.Equal(t, "a api", got[0].Body, "nothing is put before or after it")
	require.Equal(t, int64(id), got[0].MessageID)
	require.Equal(t, "a api", w.message(id).Body)
}

func TestAnOldConfirmationIsNotSent(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3, sandbox.Faults{})
	old, fresh := w.single(models.KindConfirmation, phoneOf(0)), w.single(models.KindConfirmation, phoneOf(1))
	testkit.Exec(t, w.url, "UPDATE messages SET queued_at = now() - interval '301 seconds' WHERE id = $1", int64(old))
	testkit.Exec(t, w.url, "UPDATE messages SET queued_at = now() - interval '290 seconds' WHERE id = $1", int64(fresh))
	_, err := w.sendSingles(0)
	require.NoError(t, err)
	require.Equal(t, models.MessageSkipped, w.message(old).State)
	require.Equal(t, models.ReasonTooLate, w.message(old).Reason)
	require.Equal(t, models.MessageSent, w.message(fresh).State)
}

// A confirmation that is queued while its batch is being put off must not wait with it.
func TestATextThatComesInWhileABatchIsPutOffIsOpen(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3, sandbox.Faults{})
	w.single(models.KindAPI, phoneOf(0))
	b, err := w.TakeBatch(t.Context(), w.outbox(), 0, "5d7f2d0e-94d3-4d11-a111-4d2a7c1b0001")
	require.NoError(t, err)
	w.single(models.KindConfirmation, phoneOf(1))
	require.NoError(t, w.Postpone(t.Context(), b, "5d7f2d0e-94d3-4d11-a111-4d2a7c1b0001", time.Hour))
	open, err := w.OpenBatches(t.Context(), w.outbox())
	require.NoError(t, err)
	require.Equal(t, models.Open{Numbers: []int{0}}, open)
}

func TestAFrequencyCapSkipsWhoWasTextedJustNow(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3, sandbox.Faults{}, func(_ *world, l *models.List) { l.FrequencyHours = 2 })
	_, err := w.send()
	require.NoError(t, err)
	again := w.single(models.KindAPI, phoneOf(0))
	reply := w.single(models.KindReply, phoneOf(0))
	_, err = w.sendSingles(0)
	require.NoError(t, err)
	require.Equal(t, models.ReasonFrequency, w.message(again).Reason)
	require.Equal(t, models.MessageSent, w.message(reply).State, "who wrote to us is answered")
}

func TestTheLawsCapCountsTheSecondTextOfABatch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2, sandbox.Faults{})
	w.move(models.CampaignCancelled)
	testkit.Exec(t, w.url, "UPDATE subscriptions SET state = 'FL', zone = 'America/New_York'")
	var ids []models.MessageID
	for range 4 {
		ids = append(ids, w.single(models.KindAPI, phoneOf(0)))
	}
	other := w.single(models.KindAPI, phoneOf(1))
	res, err := w.sendSingles(0)
	require.NoError(t, err)
	require.Equal(t, models.Progress{Planned: 5, Sent: 4, Skipped: 1}, res.Progress, "three a day in Florida")
	require.Equal(t, models.ReasonStateCap, w.message(ids[3]).Reason, "the last one is over the cap")
	require.Equal(t, models.MessageSent, w.message(other).State)
}

func TestACheckGoesOverItsRouteWhateverElseWaits(t *testing.T) {
	t.Parallel()
	unchecked := func(_ *world, l *models.List) { l.Routes[0].TextAt, l.Routes[0].WebhookAt = nil, nil }
	t.Run("the others wait for the check", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 3, sandbox.Faults{}, unchecked)
		first := w.single(models.KindAPI, phoneOf(0))
		test := w.single(models.KindTest, phoneOf(1))
		last := w.single(models.KindAPI, phoneOf(2))
		res, err := w.sendSingles(0)
		require.NoError(t, err)
		require.Contains(t, res.Halt, "run the list's check")
		require.Equal(t, models.MessageSent, w.message(test).State)
		require.Equal(t, models.MessageQueued, w.message(first).State)
		require.Equal(t, models.MessageQueued, w.message(last).State)

		res, err = w.send()
		require.NoError(t, err)
		require.Contains(t, res.Halt, "run the list's check", "and so does the campaign")
	})
	t.Run("at night too", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 3, sandbox.Faults{})
		w.delivery.Clock = clockAt(night())
		w.single(models.KindAPI, phoneOf(0))
		test := w.single(models.KindTest, phoneOf(1))
		began := time.Now()
		_, err := w.sendSingles(0)
		require.NoError(t, err)
		require.Equal(t, models.MessageSent, w.message(test).State)
		require.Less(t, time.Since(began), 10*time.Second)
	})
	t.Run("and its refusal is an answer, nothing more", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 3, sandbox.Faults{Codes: []sandbox.CodeShare{{Code: 20003, Percent: 100}}}, unchecked)
		test := w.single(models.KindTest, phoneOf(1))
		res, err := w.sendSingles(0)
		require.NoError(t, err)
		require.Empty(t, res.Halt)
		require.Equal(t, models.MessageFailed, w.message(test).State)
		require.Equal(t, "account_problem", w.message(test).Reason)
		require.Equal(t, models.RouteUp, w.route(1).State)
		require.Empty(t, w.events())
	})
}
