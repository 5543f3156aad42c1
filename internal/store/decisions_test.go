package store_test

import (
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/models"
)

func TestDecisions(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	c := w.launched(everybody, 100)
	b := w.take(c, first)
	queued, err := w.QueuedMessages(t.Context(), b)
	require.NoError(t, err)
	until := time.Now().Add(time.Hour).Truncate(time.Microsecond).UTC()
	wait := models.Decision{
		MessageID: queued[0].ID, Check: models.ReasonQuietHours, Verdict: models.VerdictWait, Why: "before 8 in Texas", Until: &until, Version: "v1",
	}
	skip := models.Decision{MessageID: queued[1].ID, Check: models.ReasonQuietHours, Verdict: models.VerdictSkip, Why: "after 8", Version: "v1"}
	for range 2 {
		require.NoError(t, w.Decide(t.Context(), b, first, []models.Decision{wait, skip}))
	}
	got, err := w.Decisions(t.Context(), w.account, queued[0].ID)
	require.NoError(t, err)
	require.Len(t, got, 1, "a wait is written down once")
	require.WithinDuration(t, time.Now(), got[0].At, time.Minute)
	got[0].At = time.Time{}
	at := got[0].Until.UTC()
	got[0].Until = &at
	require.Equal(t, wait, got[0])
	require.Equal(t, models.MessageQueued, w.state(queued[0].ID))
	require.Equal(t, models.MessageSkipped, w.state(queued[1].ID))
	require.Equal(t, models.ReasonQuietHours, w.reasonOf(queued[1].ID))
	require.Equal(t, models.Progress{Planned: 3, Queued: 2, Skipped: 1}, w.progress(c))

	other := wait
	other.Why = "a holiday"
	require.NoError(t, w.Decide(t.Context(), b, first, []models.Decision{other}))
	got, err = w.Decisions(t.Context(), w.account, queued[0].ID)
	require.NoError(t, err)
	require.Equal(t, []string{"before 8 in Texas", "a holiday"}, []string{got[0].Why, got[1].Why}, "in their order")

	late := skip
	late.MessageID = queued[2].ID
	require.NoError(t, w.Decide(t.Context(), b, second, []models.Decision{late}))
	require.Equal(t, models.MessageQueued, w.state(queued[2].ID), "who is not the holder skips nothing")
	w.claim(b, first)
	require.NoError(t, w.Decide(t.Context(), b, first, []models.Decision{late}))
	require.Equal(t, models.MessageClaimed, w.state(queued[2].ID), "nor is skipped what is on its way")
	require.NoError(t, w.Decide(t.Context(), b, first, nil))

	stranger := addWorld(t, w.Store, 0)
	got, err = stranger.Decisions(t.Context(), stranger.account, queued[0].ID)
	require.NoError(t, err)
	require.Empty(t, got)
}

func TestCodesNobodyKnowsAreCounted(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	long := strings.Repeat("ü", 80) // cut in the middle of a letter
	var wg sync.WaitGroup
	for range 4 {
		wg.Go(func() {
			if err := w.CountUnheard(t.Context(), w.account, "telnyx", map[string]int{"40999": 2, "x": 1, long: 1, "nul\x00": 1, "\xff": 1}); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.NoError(t, w.CountUnheard(t.Context(), w.account, "cm", map[string]int{"40999": 1}))
	require.NoError(t, w.CountUnheard(t.Context(), w.account, "cm", nil))
	got, err := w.UnheardCodes(t.Context(), w.account)
	require.NoError(t, err)
	require.Equal(t, "telnyx 40999", got[0].Provider+" "+got[0].Code)
	require.EqualValues(t, 8, got[0].Seen)
	require.False(t, got[0].LastAt.Before(got[0].FirstAt))
	require.Len(t, got, 6)
	other := addWorld(t, w.Store, 0)
	got, err = other.UnheardCodes(t.Context(), other.account)
	require.NoError(t, err)
	require.Empty(t, got)
}

func TestEvents(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	all := []models.Event{
		{AccountID: w.account, ListID: w.list.ID, Kind: models.EventRouteDown, Severity: models.Alert, Text: "twilio does not answer"},
		{AccountID: w.account, Kind: models.EventRouteUp, Severity: models.Info, Text: "it does"},
	}
	for _, e := range all {
		require.NoError(t, w.AddEvent(t.Context(), e))
	}
	got, err := w.Events(t.Context(), w.account, 0, 1)
	require.NoError(t, err)
	require.Len(t, got, 1)
	more, err := w.Events(t.Context(), w.account, got[0].ID, 10)
	require.NoError(t, err)
	got = append(got, more...)
	require.Len(t, got, 2)
	for i := range got {
		require.WithinDuration(t, time.Now(), got[i].At, time.Minute)
		got[i].ID, got[i].At = 0, time.Time{}
	}
	require.Equal(t, all, got)
	other := addWorld(t, w.Store, 0)
	got, err = other.Events(t.Context(), other.account, 0, 10)
	require.NoError(t, err)
	require.Empty(t, got)
}

func TestSettingsAreKeptWhole(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	got, err := w.Settings(t.Context(), w.account)
	require.NoError(t, err)
	require.Equal(t, models.DefaultSettings(), got)
	want := models.Settings{
		Currency: "EUR",
		Zone:     "Asia/Kathmandu", OptOutScope: models.ScopeBrand, FrequencyHours: 48, HoursFrom: 540, HoursTo: 1200,
		HoursSkipDays: models.Weekdays{time.Sunday, time.Saturday}, HoursStrict: true,
		HoursUnknown: models.Texts{"America/New_York", "Pacific/Honolulu"}, KeepTextsDays: 30, KeepAddressesDays: 7,
	}
	require.NoError(t, w.SetSettings(t.Context(), w.account, want))
	got, err = w.Settings(t.Context(), w.account)
	require.NoError(t, err)
	require.Equal(t, want, got)
	require.NoError(t, w.SetSettings(t.Context(), w.account, models.DefaultSettings()), "and back to nothing")
	got, err = w.Settings(t.Context(), w.account)
	require.NoError(t, err)
	require.Equal(t, models.DefaultSettings(), got)
	require.Equal(t, fault.NotFound, fault.KindOf(w.SetSettings(t.Context(), models.NewID[models.AccountID](), want)))

	w.change(func(l *models.List) {
		l.FrequencyHours, l.AnswersStop, l.AnswersHelp, l.StopText, l.HelpText = 12, models.AnsweredByTrackly, models.AnsweredByTrackly, "s", "h"
	})
	w.change(func(l *models.List) { l.FrequencyHours, l.StopText = 0, "" })
	require.Equal(t, 0, w.list.FrequencyHours)
	require.Equal(t, "h", w.list.Answer(models.KindHelp))
	require.NotEqual(t, "s", w.list.Answer(models.KindConfirmation))
}
