package api_test

import (
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"
)

//nolint:thelper // a step is a test of its own
func TestSettings(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.step("a new account has the defaults", func(t *testing.T) {
		got := w.do("GET", "/v1/settings", nil).want(http.StatusOK)
		require.Equal(t, object{
			"zone": "America/New_York", "currency": "USD", "opt_out_scope": "list", "frequency_hours": 0.0, "keep_texts_days": 365.0, "keep_addresses_days": 90.0, "unknown_zones": []any{},
			"hours": map[string]any{"from": "00:00", "to": "00:00", "skip_days": []any{}, "strict": false},
		}, got)
	})
	w.step("what is left out stays", func(t *testing.T) {
		got := w.do("PATCH", "/v1/settings", map[string]any{
			"opt_out_scope": "brand", "unknown_zones": []string{"America/Chicago", "America/Denver"},
			"hours": map[string]any{"from": "09:30", "to": "24:00", "skip_days": []string{"sunday", "saturday"}},
		}).want(http.StatusOK)
		want := object{
			"zone": "America/New_York", "currency": "USD", "opt_out_scope": "brand", "frequency_hours": 0.0, "keep_texts_days": 365.0, "keep_addresses_days": 90.0,
			"unknown_zones": []any{"America/Chicago", "America/Denver"},
			"hours":         map[string]any{"from": "09:30", "to": "24:00", "skip_days": []any{"sunday", "saturday"}, "strict": false},
		}
		require.Equal(t, want, got)
		got = w.do("PATCH", "/v1/settings", map[string]any{"frequency_hours": 24, "hours": map[string]any{"strict": true}}).want(http.StatusOK)
		want["frequency_hours"] = 24.0
		want["hours"].(map[string]any)["strict"] = true
		require.Equal(t, want, got)
		require.Equal(t, want, w.do("PATCH", "/v1/settings", nil).want(http.StatusOK))
		got = w.do("PATCH", "/v1/settings", map[string]any{
			"frequency_hours": 0, "unknown_zones": []string{}, "hours": map[string]any{"strict": false, "skip_days": []string{}},
		}).want(http.StatusOK)
		require.Equal(t, object{"from": "09:30", "to": "24:00", "skip_days": []any{}, "strict": false}, got.in("hours"))
		require.Equal(t, []any{}, got["unknown_zones"])
		require.EqualValues(t, 0, got["frequency_hours"])
	})
	w.step("everything that is wrong is told at once, and nothing is changed", func(t *testing.T) {
		before := w.do("GET", "/v1/settings", nil).want(http.StatusOK)
		got := w.do("PATCH", "/v1/settings", map[string]any{
			"zone": "Mars/Olympus", "opt_out_scope": "world", "frequency_hours": 721, "keep_texts_days": 0, "unknown_zones": []string{"x,y"},
			"hours": map[string]any{"from": "9:30", "to": "25:00", "skip_days": []string{"someday"}, "until": "x"},
		}).want(422)
		for _, where := range []string{
			"zone: ", "opt_out_scope: ", "frequency_hours: ", "keep_texts_days: ", "unknown_zones: ", "hours.from: ", "hours.to: ",
			"hours.skip_days[0]: ", "hours.until: ",
		} {
			require.Condition(t, func() bool { return oneBegins(got.errors(), where) }, "%s in %v", where, got.errors())
		}
		got = w.do("PATCH", "/v1/settings", map[string]any{"hours": map[string]any{"from": "20:00", "to": "09:00"}}).want(422)
		require.Contains(t, got.errors()[0], "hours.from: ")
		after := w.do("GET", "/v1/settings", nil).want(http.StatusOK)
		require.Equal(t, before, after)
	})
	w.step("another account has its own", func(t *testing.T) {
		_, stranger := w.newAccount()
		require.Equal(t, "list", w.as(stranger, "GET", "/v1/settings", nil).want(http.StatusOK)["opt_out_scope"])
	})
}

//nolint:thelper // a step is a test of its own
func TestPaceGroups(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	w.step("a group is set, set again and listed by name", func(t *testing.T) {
		w.do("PUT", "/v1/pace-groups/main", map[string]any{"messages_per_second": 2.5, "messages_per_day": 1000}).want(http.StatusOK)
		w.do("PUT", "/v1/pace-groups/main", map[string]any{"segments_per_second": 3}).want(http.StatusOK)
		w.do("PUT", "/v1/pace-groups/a%20b", map[string]any{}).want(http.StatusOK)
		got := w.do("GET", "/v1/pace-groups", nil).want(http.StatusOK).items("items")
		require.Equal(t, []object{{"name": "a b"}, {"name": "main", "segments_per_second": 3.0}}, got)
	})
	w.step("what means nothing is refused", func(t *testing.T) {
		got := w.do("PUT", "/v1/pace-groups/main", map[string]any{"messages_per_second": 0.001, "segments_per_second": -1, "messages_per_day": -1}).want(422)
		require.Len(t, got.errors(), 3)
		require.Contains(t, w.do("PUT", "/v1/pace-groups/a%0Ab", nil).want(422).errors()[0], "path.name")
	})
}
