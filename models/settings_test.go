package models_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/internal/fault"
	"trackly/models"
)

func TestSettingsHearAllTheirProblemsAtOnce(t *testing.T) {
	t.Parallel()
	require.NoError(t, models.DefaultSettings().Check())
	for name, tc := range map[string]struct {
		change func(*models.Settings)
		at     []string
	}{
		"no zone":                     {func(s *models.Settings) { s.Zone = "" }, []string{"zone"}},
		"the server's zone":           {func(s *models.Settings) { s.Zone = "Local" }, []string{"zone"}},
		"an invented zone":            {func(s *models.Settings) { s.Zone = "Mars/Olympus" }, []string{"zone"}},
		"no currency":                 {func(s *models.Settings) { s.Currency = "" }, []string{"currency"}},
		"a currency nobody knows":     {func(s *models.Settings) { s.Currency = "ABC" }, []string{"currency"}},
		"a currency in small letters": {func(s *models.Settings) { s.Currency = "usd" }, []string{"currency"}},
		"a scope nobody knows":        {func(s *models.Settings) { s.OptOutScope = "planet" }, []string{"opt_out_scope"}},
		"a cap of more than a month":  {func(s *models.Settings) { s.FrequencyHours = 721 }, []string{"frequency_hours"}},
		"a cap below nothing":         {func(s *models.Settings) { s.FrequencyHours = -1 }, []string{"frequency_hours"}},
		"texts kept for no day":       {func(s *models.Settings) { s.KeepTextsDays = 0 }, []string{"keep_texts_days"}},
		"addresses kept for no day":   {func(s *models.Settings) { s.KeepAddressesDays = 0 }, []string{"keep_addresses_days"}},
		"texts kept for ever":         {func(s *models.Settings) { s.KeepTextsDays = 3651 }, []string{"keep_texts_days"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			s := models.DefaultSettings()
			tc.change(&s)
			var f *fault.Fault
			require.ErrorAs(t, s.Check(), &f)
			require.Equal(t, tc.at, places(f))
		})
	}
	var f *fault.Fault
	require.ErrorAs(t, models.Settings{HoursFrom: 600, HoursTo: 540}.Check(), &f)
	require.Greater(t, len(f.Problems), 3, "the hours complain besides: %v", f.Problems)
}

func TestSettingsBecomeThePolicyOfQuietHours(t *testing.T) {
	t.Parallel()
	p := models.Settings{
		HoursFrom: 540, HoursTo: 1020, HoursSkipDays: models.Weekdays{time.Sunday}, HoursStrict: true, HoursUnknown: models.Texts{"America/Denver"},
	}.Policy()
	require.Equal(t, 540, p.From)
	require.Equal(t, 1020, p.To)
	require.Equal(t, []time.Weekday{time.Sunday}, p.SkipDays)
	require.True(t, p.Strict)
	require.Equal(t, []string{"America/Denver"}, p.UnknownZones)
}

func TestArraysComeBackAsTheyWent(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(r *rapid.T) {
		days := models.Weekdays(rapid.SliceOf(rapid.Map(rapid.IntRange(0, 6), func(n int) time.Weekday { return time.Weekday(n) })).Draw(r, "days"))
		zones := models.Texts(rapid.SliceOf(rapid.StringMatching(`[A-Z][A-Za-z]+/[A-Za-z_]+`)).Draw(r, "zones"))
		var gotDays models.Weekdays
		var gotZones models.Texts
		v, err := days.Value()
		require.NoError(r, err)
		require.NoError(r, gotDays.Scan(v))
		require.Len(r, gotDays, len(days))
		v, err = zones.Value()
		require.NoError(r, err)
		require.NoError(r, gotZones.Scan([]byte(v.(string))), "a driver may give bytes")
		require.Len(r, gotZones, len(zones))
		for i := range days {
			require.Equal(r, days[i], gotDays[i])
		}
		for i := range zones {
			require.Equal(r, zones[i], gotZones[i])
		}
	})
	var days models.Weekdays
	require.Error(t, days.Scan("{1,monday}"))
	days = models.Weekdays{time.Monday}
	require.NoError(t, days.Scan(nil))
	require.Empty(t, days, "what was there before is gone")
}
