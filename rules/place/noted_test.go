package place_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/rules/place"
)

func TestWhatWasNotedIsReadBack(t *testing.T) {
	t.Parallel()
	for name, p := range map[string]place.Place{
		"one zone":        {Country: "US", States: []string{"TX"}, Zones: []string{"America/Chicago"}},
		"several":         {Country: "US", States: []string{"FL", "TX"}, Zones: []string{"America/Chicago", "America/New_York"}},
		"abroad":          {Country: "GB", Zones: []string{"Europe/London"}},
		"assumed":         {Country: "US", Unknown: true, Zones: []string{"America/Denver"}},
		"unknown":         {Country: "US", Unknown: true},
		"nothing at all":  {Unknown: true},
		"no zone, but us": {Country: "US", States: []string{"TX"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			zones, version := place.Noted(p.Key() + " 2026-11-24")
			require.Equal(t, p.Zones, zones)
			require.Equal(t, "2026-11-24", version)
		})
	}
}

func TestANoteOfAnotherShapeGivesNothing(t *testing.T) {
	t.Parallel()
	for _, note := range []string{"", " ", "US-TX", "America/Chicago"} {
		zones, version := place.Noted(note)
		require.Empty(t, zones, note)
		require.Empty(t, version, note)
	}
	zones, _ := place.Noted("US-TX Mars/Olympus 1")
	require.Empty(t, zones)
}
