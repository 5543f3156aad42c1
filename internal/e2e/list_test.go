package e2e_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

// A new provider account proves itself: its credentials, a text, and the callback for it.
// Then its list sends.
func TestAListIsCheckedAtEveryProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.worker()
	account := w.list.AccountID
	for i, name := range []string{"twilio", "infobip", "cm", "telnyx"} {
		w.list = w.openList(account, name, "+1415555015"+string(rune('0'+i)), unchecked)
		waiting := w.single(models.KindReply, phoneOf(1))
		began := time.Now()
		res := w.check()
		require.True(t, res.Done, name)
		require.Empty(t, res.Problem, name)
		require.NoError(t, w.route().Checked(), name)
		require.Less(t, time.Since(began), 40*time.Second, name)
		w.becomes(waiting, models.MessageDelivered)
	}
}

func TestACheckSaysWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.worker()
	account := w.list.AccountID
	t.Run("nobody is at that address", func(t *testing.T) {
		w.list = w.openList(account, "twilio", "+14155550161", unchecked, func(l *models.List) { l.Routes[0].BaseURL = "http://127.0.0.1:9" })
		res := w.check()
		require.Contains(t, res.Problem, "the credentials cannot be tried")
		require.Equal(t, res.Problem, w.route().CheckProblem)
		require.ErrorContains(t, w.route().Checked(), "run the list's check")
	})
}

func TestAStopGetsExactlyOneConfirmation(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.worker()
	w.list = w.openList(w.list.AccountID, "cm", "+14155550162", func(l *models.List) { l.AnswersStop, l.StopText = models.AnsweredByTrackly, "Bye." })
	w.contacts(3)
	asked := time.Now()
	for range 3 {
		_, err := w.box.Reply(phoneOf(0), w.list.Phone, "STOP")
		require.NoError(t, err)
	}
	require.Eventually(t, func() bool { return len(w.box.Stops()) == 3 }, 10*time.Second, 5*time.Millisecond)
	w.texts(1)
	require.Less(t, time.Since(asked), 10*time.Second)
	id := w.campaign()
	w.finished(id)
	got := w.box.AcceptedTo(phoneOf(0))
	require.Len(t, got, 1, "one confirmation, and nothing after it")
	require.Equal(t, "Bye.", got[0].Body)
	require.Equal(t, models.Progress{Planned: 2, Sent: 2}, w.progress(id))
}

// A list that may send twenty a second, with a campaign that takes a minute.
func (w *world) slowCampaign() models.CampaignID {
	w.t.Helper()
	w.list = w.openList(w.list.AccountID, "twilio", "+14155550163", func(l *models.List) { l.MessagesPerSecond = 20 })
	w.contacts(1200)
	id := w.campaign()
	w.ask(id, "launch", map[string]any{})
	w.texts(30)
	return id
}

func TestAReplyOvertakesACampaign(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.worker()
	id := w.slowCampaign()
	asked := time.Now()
	reply := w.single(models.KindReply, phoneOf(1199))
	w.becomes(reply, models.MessageDelivered)
	require.Less(t, time.Since(asked), 5*time.Second)
	require.Positive(t, w.progress(id).Queued)
	w.ask(id, "cancel", map[string]any{})
	w.until(id, models.CampaignCancelled)
}

func TestAPacedCampaignObeysWithinASecond(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.worker()
	id := w.slowCampaign()
	w.obeys(id, "pause", models.CampaignPaused)
	held := w.box.Count()
	w.obeys(id, "resume", models.CampaignSending)
	w.texts(held + 20)
	w.obeys(id, "cancel", models.CampaignCancelled)
	require.Eventually(t, func() bool { p := w.progress(id); return p.Done() && p.Skipped > 0 }, 20*time.Second, 10*time.Millisecond)
	require.EqualValues(t, w.box.Count(), w.progress(id).Sent)
}

// obeys demands that a command is obeyed within a second, also by texts on their way.
func (w *world) obeys(id models.CampaignID, what string, state models.CampaignState) {
	w.t.Helper()
	asked := time.Now()
	w.ask(id, what, map[string]any{})
	w.until(id, state)
	require.Less(w.t, time.Since(asked), time.Second, what)
	if state == models.CampaignSending {
		return
	}
	time.Sleep(1500 * time.Millisecond)
	for _, r := range w.box.Accepted() {
		require.Less(w.t, r.At.Sub(asked), time.Second, "a text after the %s", what)
	}
}

func TestACampaignThatWaitsObeysWithinASecond(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	w.worker()
	w.list = w.openList(w.list.AccountID, "twilio", "+14155550164", func(l *models.List) { l.MessagesPerDay = 2 })
	w.contacts(5)
	id := w.campaign()
	w.ask(id, "launch", map[string]any{})
	w.texts(2)
	time.Sleep(2 * time.Second) // it waits for tomorrow by now
	w.obeys(id, "pause", models.CampaignPaused)
	w.obeys(id, "resume", models.CampaignSending)
	w.obeys(id, "cancel", models.CampaignCancelled)
	require.Eventually(t, func() bool { return w.progress(id) == models.Progress{Planned: 5, Sent: 2, Skipped: 3} }, 30*time.Second, 10*time.Millisecond)
}
