package activities_test

import (
	"context"
	"slices"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"trackly/activities"
	"trackly/internal/provider/sandbox"
	"trackly/models"
)

func TestAPacedListKeepsItsPace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 100, sandbox.Faults{}, pacedAt(50))
	began := time.Now()
	res, err := w.send()
	require.NoError(t, err)
	require.True(t, res.Paced)
	require.Equal(t, models.Progress{Planned: 100, Sent: 100}, res.Progress)
	require.GreaterOrEqual(t, time.Since(began), 1900*time.Millisecond)
	w.keepsPace(50)
}

// keepsPace demands that no second saw more texts than the pace allows.
func (w *world) keepsPace(perSecond int) {
	w.t.Helper()
	var at []time.Time
	for _, r := range w.box.Accepted() {
		at = append(at, r.At)
	}
	slices.SortFunc(at, time.Time.Compare)
	for i := range at {
		n := 0
		for n < len(at)-i && at[i+n].Sub(at[i]) < time.Second {
			n++
		}
		// Every text has its own time on the way to the provider.
		require.LessOrEqual(w.t, n, perSecond+perSecond/5, "texts within one second")
	}
}

func TestTwoCampaignsOfAListShareItsPace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 40, sandbox.Faults{}, pacedAt(40))
	first, landed := w.ref(), make(chan error)
	w.campaign = w.launch()
	began := time.Now()
	for _, ref := range []activities.CampaignRef{first, w.ref()} {
		go func() {
			landed <- as(t, func(ctx context.Context) error {
				_, err := w.delivery.SendBatch(ctx, activities.SendBatchInput{CampaignRef: ref})
				return err
			})
		}()
	}
	for range 2 {
		require.NoError(t, <-landed)
	}
	require.Equal(t, 80, w.box.Count())
	require.GreaterOrEqual(t, time.Since(began), 1900*time.Millisecond)
	w.keepsPace(40)
}

// Between the claim and its place in the pace a text is held back by whoever says so.
func TestAPauseOvertakesTheTextsThatWaitForTheirPlaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 200, sandbox.Faults{}, pacedAt(50))
	landed := w.flying(10)
	w.move(models.CampaignPaused)
	at := time.Now()
	res, err := landed()
	require.NoError(t, err)
	require.Less(t, time.Since(at), 2*time.Second, "a paused campaign does not go on taking places")
	w.quietAfter(at)
	require.Zero(t, res.Progress.Claimed)
	require.Equal(t, res.Progress.Planned, res.Progress.Sent+res.Progress.Queued)
}

func TestAStopOvertakesTheTextsThatWaitForTheirPlaces(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 60, sandbox.Faults{}, pacedAt(20))
	landed := w.flying(3)
	var stopped []string
	for i := range w.contacts {
		if phone := phoneOf(i); len(w.box.AcceptedTo(phone)) == 0 && len(stopped) < 30 {
			_, err := w.RecordInbound(t.Context(), w.list, models.Inbound{
				AccountID: w.account, ListID: w.list.ID, Phone: phone, ProviderID: uuid.NewString(), Body: "STOP", ReceivedAt: time.Now(),
			})
			require.NoError(t, err)
			stopped = append(stopped, phone)
		}
	}
	at := time.Now()
	res, err := landed()
	require.NoError(t, err)
	late := 0
	for _, phone := range stopped {
		for _, r := range w.box.AcceptedTo(phone) {
			require.Less(t, r.At.Sub(at), time.Second)
			late++
		}
	}
	require.Less(t, late, 30)
	require.EqualValues(t, 30-late, res.Progress.Skipped)
}

func TestAHurriedTextOvertakesACampaign(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 100, sandbox.Faults{}, pacedAt(10))
	landed := w.flying(3)
	at := time.Now()
	w.single(models.KindReply, phoneOf(0))
	_, err := w.sendSingles(0)
	require.NoError(t, err)
	// A campaign is placed a second and a half ahead at most.
	require.Less(t, time.Since(at), 2500*time.Millisecond, "its campaign takes ten seconds")
	require.Less(t, w.box.Count(), 60)
	w.move(models.CampaignPaused)
	_, err = landed()
	require.NoError(t, err)
}

func TestAThrottledListHoldsUpItselfAlone(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 20, sandbox.Faults{Throttled: sandbox.Spell{Percent: 100, RetryAfter: 60}})
	throttled, slowed := w.campaign, w.list
	_, err := w.send()
	require.NoError(t, err)
	w.faults(sandbox.Faults{})
	w.list = w.openList("twilio", "+14155550133")
	w.importPeople(w.list, 20)
	w.campaign = w.launch()
	res, err := w.send()
	require.NoError(t, err)
	require.Equal(t, models.Progress{Planned: 20, Sent: 20}, res.Progress)

	w.campaign, w.list = throttled, slowed
	res, err = w.send()
	require.NoError(t, err)
	require.Equal(t, models.Progress{Planned: 20, Queued: 20}, res.Progress, "the provider asked for a minute")

	w.single(models.KindReply, phoneOf(1))
	began := time.Now()
	res, err = w.sendSingles(0)
	require.NoError(t, err)
	require.EqualValues(t, 1, res.Progress.Queued, "and nobody is in such a hurry")
	require.Less(t, time.Since(began), 5*time.Second, "an activity does not sleep a minute")
}

func TestASlowListGivesItsPlaceToOthers(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 5, sandbox.Faults{}, pacedAt(0.1))
	began := time.Now()
	res, err := w.send()
	require.NoError(t, err)
	require.EqualValues(t, 1, res.Progress.Sent)
	require.Less(t, time.Since(began), 5*time.Second)
	require.WithinDuration(t, began.Add(10*time.Second), w.notBefore(), 2*time.Second)
}

func TestADaysCapHoldsUntilMidnight(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 30, sandbox.Faults{}, func(_ *world, l *models.List) { l.MessagesPerDay = 12 })
	for range 2 {
		res, err := w.send()
		require.NoError(t, err)
		require.Equal(t, models.Progress{Planned: 30, Sent: 12, Queued: 18}, res.Progress)
	}
	require.False(t, w.notBefore().IsZero())
}

// Every provider takes a batch, whatever it calls things, and takes it once.
func TestABatchIsHandedOverOnceAtEveryProvider(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"twilio", "infobip", "cm", "telnyx"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorldAt(t, name, 120, sandbox.Faults{})
			for range 2 {
				res, err := w.send()
				require.NoError(t, err)
				require.Equal(t, models.Progress{Planned: 120, Sent: 120}, res.Progress)
				require.Equal(t, 120, w.onceEach())
			}
			for _, m := range w.messages() {
				require.Equal(t, 1, m.Route)
				require.Contains(t, m.Place, w.delivery.Hours.Version())
			}
		})
	}
}

func TestAPausedListsTextsComeBackAtEveryProvider(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"infobip", "cm"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorldAt(t, name, 200, sandbox.Faults{}, pacedAt(50))
			landed := w.flying(5)
			w.move(models.CampaignPaused)
			at := time.Now()
			res, err := landed()
			require.NoError(t, err)
			w.quietAfter(at)
			require.Zero(t, res.Progress.Claimed)
			require.Positive(t, res.Progress.Queued)
		})
	}
}
