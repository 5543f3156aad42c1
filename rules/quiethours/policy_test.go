package quiethours_test

import (
	"errors"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/rules/place"
	"trackly/rules/quiethours"
)

func TestAPolicyIsCheckedAsAWhole(t *testing.T) {
	t.Parallel()
	for _, good := range []quiethours.Policy{
		{}, {From: 0, To: 1440}, {From: 600, To: 601}, {SkipDays: []time.Weekday{0, 6}, Strict: true, UnknownZones: []string{eastern}},
	} {
		require.NoError(t, good.Check())
	}
	week := []time.Weekday{0, 1, 2, 3, 4, 5, 6}
	for where, bad := range map[string]quiethours.Policy{
		"from": {From: 600, To: 600}, "skip_days": {SkipDays: week}, "unknown_zones": {UnknownZones: []string{"Mars/Olympus"}},
	} {
		f, ok := errors.AsType[*fault.Fault](bad.Check())
		require.True(t, ok, where)
		require.Equal(t, where, f.Problems[0].Where)
	}
	all := quiethours.Policy{From: -1, To: 1441, SkipDays: []time.Weekday{9}, UnknownZones: make([]string, 51)}
	f, ok := errors.AsType[*fault.Fault](all.Check())
	require.True(t, ok)
	require.Equal(t, fault.Invalid, f.Kind)
	require.Len(t, f.Problems, 3)
}

func TestAnAccountNarrows(t *testing.T) {
	t.Parallel()
	unknown := place.Place{Country: "US", Unknown: true}
	for name, tc := range map[string]struct {
		policy quiethours.Policy
		place  place.Place
		at     string
		open   bool
	}{
		"strict before eleven":        {quiethours.Policy{Strict: true}, in("GA", eastern), "2026-12-01 10:59:59 ", false},
		"strict from eleven":          {quiethours.Policy{Strict: true}, in("GA", eastern), "2026-12-01 11:00:00 ", true},
		"strict to eight":             {quiethours.Policy{Strict: true}, in("GA", eastern), "2026-12-01 20:00:00 ", false},
		"strict on Sunday morning":    {quiethours.Policy{Strict: true}, in("GA", eastern), "2026-12-06 11:59:59 ", false},
		"strict on Sunday at noon":    {quiethours.Policy{Strict: true}, in("GA", eastern), "2026-12-06 12:00:00 ", true},
		"never wider than the law":    {quiethours.Policy{From: 0, To: 1440}, in("FL", eastern), "2026-12-01 20:00:00 ", false},
		"its own hours":               {quiethours.Policy{From: 600, To: 660}, in("FL", eastern), "2026-12-01 11:00:00 ", false},
		"a day it skips":              {quiethours.Policy{SkipDays: []time.Weekday{time.Tuesday}}, in("FL", eastern), "2026-12-01 12:00:00 ", false},
		"hours that make no sense":    {quiethours.Policy{From: 900, To: 800}, in("FL", eastern), "2026-12-01 14:00:00 ", false},
		"its zone for unknown places": {quiethours.Policy{UnknownZones: []string{eastern}}, unknown, "2026-12-01 09:00:00 ", true},
		"a zone nobody knows":         {quiethours.Policy{UnknownZones: []string{eastern, "Mars/Olympus"}}, unknown, "2026-12-01 09:00:00 ", false},
		"places without a zone":       {quiethours.Policy{}, place.Place{Country: "US"}, "2026-12-01 09:00:00 ", false},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			v := shipped(t).Judge(tc.place, tc.policy, local(t, tc.at+eastern))
			require.Equal(t, tc.open, v.Open, v.Why)
		})
	}
}
