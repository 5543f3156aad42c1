package activities_test

import (
	"cmp"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider/sandbox"
	"trackly/internal/testkit"
	"trackly/models"
)

// night is an hour at which nobody in New York may be texted.
func night() time.Time { return time.Date(2026, 12, 2, 4, 0, 0, 0, time.UTC) }

// dawn is the minute at which those hours end, as the world's real clock will show it.
func (w *world) dawn() time.Time {
	at := time.Date(2026, 12, 2, 13, 0, 0, 0, time.UTC) // 08:00 in New York
	return at.Add(-w.delivery.Clock.Ahead)
}

func TestAtNightNothingIsClaimed(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 20, sandbox.Faults{})
	w.delivery.Clock = clockAt(night())
	for range 2 {
		res, err := w.send()
		require.NoError(t, err)
		require.Empty(t, res.Halt)
		require.Equal(t, models.Progress{Planned: 20, Queued: 20}, res.Progress)
	}
	require.Zero(t, w.box.Count())
	require.WithinDuration(t, w.dawn(), w.notBefore(), time.Second, "the first batch goes when the hours begin")
	for _, m := range w.messages() {
		why, err := w.Decisions(t.Context(), w.account, m.ID)
		require.NoError(t, err)
		require.Len(t, why, 1, "a wait is written down once")
		require.Equal(t, models.VerdictWait, why[0].Verdict)
		require.Equal(t, models.ReasonQuietHours, why[0].Check)
		require.Contains(t, why[0].Why, "America/New_York")
		require.Equal(t, w.delivery.Hours.Version(), why[0].Version)
		require.WithinDuration(t, w.dawn(), *why[0].Until, time.Second)
	}

	w.delivery.Clock = clockAt(noon())
	res, err := w.send()
	require.NoError(t, err)
	require.Equal(t, models.Progress{Planned: 20, Sent: 20}, res.Progress)
}

func TestBatchesThatWaitedAreSpreadOverTheFirstMinutes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1100, sandbox.Faults{})
	w.delivery.Clock = clockAt(night())
	for number := range 3 {
		_, err := w.sendNumber(number)
		require.NoError(t, err)
	}
	for number, want := range []time.Duration{0, 5 * time.Minute / 64, 2 * 5 * time.Minute / 64} {
		require.WithinDuration(t, w.dawn().Add(want), w.notBefore(), time.Second)
		testkit.Exec(t, w.url, "UPDATE batches SET not_before = '2100-01-01' WHERE number = $1", number)
	}
}

func TestWhoMayNotWaitIsDropped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 5, sandbox.Faults{})
	w.delivery.Clock = clockAt(night())
	w.campaign = w.launch(func(c *models.Campaign) { c.Late = models.LateDrops })
	res, err := w.send()
	require.NoError(t, err)
	require.Equal(t, models.Progress{Planned: 5, Skipped: 5}, res.Progress)
	for _, m := range w.messages() {
		require.Equal(t, models.ReasonQuietHours, m.Reason)
		why, err := w.Decisions(t.Context(), w.account, m.ID)
		require.NoError(t, err)
		require.Len(t, why, 1)
		require.Equal(t, models.VerdictSkip, why[0].Verdict)
	}
}

func TestSomeAreAwakeAndTheOthersWait(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 6, sandbox.Faults{})
	// The morning in New York; in California it is half past five, and they open at nine.
	w.delivery.Clock = clockAt(time.Date(2026, 12, 2, 13, 30, 0, 0, time.UTC))
	testkit.Exec(t, w.url, "UPDATE subscriptions SET state = 'CA', zone = 'America/Los_Angeles' WHERE id % 2 = 0")
	res, err := w.send()
	require.NoError(t, err)
	require.Equal(t, models.Progress{Planned: 6, Sent: 3, Queued: 3}, res.Progress)
	require.WithinDuration(t, time.Now().Add(3*time.Hour+30*time.Minute), w.notBefore(), 2*time.Second)
}

// So shortly before the end a text could arrive after it.
func TestTheHoursEndSomeSecondsEarly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 5, sandbox.Faults{})
	w.delivery.Clock = clockAt(time.Date(2026, 12, 3, 1, 59, 50, 0, time.UTC)) // 20:59:50
	for range 2 {
		res, err := w.send()
		require.NoError(t, err)
		require.Equal(t, models.Progress{Planned: 5, Queued: 5}, res.Progress)
	}
	require.Zero(t, w.tally.of["accepted"])
	require.WithinDuration(t, time.Now().Add(11*time.Hour), w.notBefore(), time.Minute)
}

func TestABatchWhoseHoursEndInTheAirComesBack(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 60, slow(800))
	// The margin begins two seconds from now.
	w.delivery.Clock = clockAt(time.Date(2026, 12, 3, 1, 59, 41, 0, time.UTC))
	res, err := w.send()
	require.NoError(t, err)
	require.Positive(t, res.Progress.Sent)
	require.Positive(t, res.Progress.Queued, "their hours are over")
	require.EqualValues(t, 60, res.Progress.Sent+res.Progress.Queued)
	end := time.Date(2026, 12, 3, 1, 59, 45, 0, time.UTC).Add(-w.delivery.Clock.Ahead)
	for _, r := range w.box.Accepted() {
		require.Less(t, r.At.Sub(end), time.Second)
	}
	res, err = w.send()
	require.NoError(t, err)
	require.Zero(t, res.Progress.Claimed)
	require.False(t, w.notBefore().IsZero(), "the next look is in the morning")
}

// Behind any provider that is not on this machine there are people, whose hours are real.
func TestAPretendedClockHoldsOnThisMachineOnly(t *testing.T) {
	t.Parallel()
	today := time.Now().Weekday()
	closed := models.Weekdays{(today + 6) % 7, today, (today + 1) % 7} // wherever the contacts are
	day := time.Now().UTC().AddDate(0, 0, 3)
	open := time.Date(day.Year(), day.Month(), day.Day(), 18, 0, 0, 0, time.UTC)
	for base, sent := range map[string]int64{"": 3, "https://sms.example.com": 0} {
		w := newWorld(t, 3, sandbox.Faults{}, func(_ *world, l *models.List) {
			l.Routes[0].BaseURL = cmp.Or(base, l.Routes[0].BaseURL)
		})
		w.delivery.Clock = clockAt(open)
		s, err := w.Settings(t.Context(), w.list.AccountID)
		require.NoError(t, err)
		s.HoursSkipDays = closed
		require.NoError(t, w.SetSettings(t.Context(), w.list.AccountID, s))
		res, err := w.send()
		require.NoError(t, err)
		require.Empty(t, res.Halt)
		require.Equal(t, models.Progress{Planned: 3, Sent: sent, Queued: 3 - sent}, res.Progress, base)
	}
}

func TestAnswersGoOutAtNight(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3, sandbox.Faults{})
	w.delivery.Clock = clockAt(night())
	api := w.single(models.KindAPI, phoneOf(0))
	reply := w.single(models.KindReply, phoneOf(0))
	res, err := w.sendSingles(0)
	require.NoError(t, err)
	require.Equal(t, models.MessageQueued, w.message(api).State, "marketing by API waits like any other")
	require.Equal(t, models.MessageSent, w.message(reply).State, "an answer to the same person does not")
	require.Empty(t, res.Halt)
	open, err := w.OpenBatches(t.Context(), w.outbox())
	require.NoError(t, err)
	require.Empty(t, open.Numbers)
	require.WithinDuration(t, w.dawn(), *open.Next, time.Second)

	help := w.single(models.KindHelp, phoneOf(1))
	open, err = w.OpenBatches(t.Context(), w.outbox())
	require.NoError(t, err)
	require.Equal(t, []int{0}, open.Numbers, "a new text is looked at at once")
	_, err = w.sendSingles(0)
	require.NoError(t, err)
	require.Equal(t, models.MessageSent, w.message(help).State)
}
