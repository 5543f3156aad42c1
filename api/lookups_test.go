package api_test

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

func TestLookUpsAreCountedByDayAndProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.do("PATCH", "/v1/settings", map[string]any{"currency": "EUR"}).want(http.StatusOK)
	require.Empty(t, w.do("GET", "/v1/look-ups", nil).want(http.StatusOK).items("items"))
	for range 2 {
		require.NoError(t, w.store.KeepHeard(t.Context(), w.account, models.Lookups{Provider: "twilio", Asked: 3, Cached: 2, Failed: 1, Cost: 8000}, nil))
	}
	got := w.do("GET", "/v1/look-ups?days=2", nil).want(http.StatusOK).items("items")
	require.Len(t, got, 1)
	require.WithinDuration(t, time.Now(), day(t, got[0].str("day")), 36*time.Hour)
	require.Equal(t, "twilio", got[0]["provider"])
	require.EqualValues(t, 6, got[0]["asked"])
	require.EqualValues(t, 4, got[0]["cached"])
	require.EqualValues(t, 2, got[0]["failed"])
	require.Equal(t, object{"amount_micros": 16000.0, "currency": "EUR", "decimal": "0.016"}, got[0].in("cost"))
	w.do("GET", "/v1/look-ups?days=0", nil).want(422)
}

func day(t *testing.T, s string) time.Time {
	t.Helper()
	at, err := time.Parse(time.DateOnly, s)
	require.NoError(t, err)
	return at
}
