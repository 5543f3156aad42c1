package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/price"
)

func TestRefusedSettingsChangeNothing(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		paid bool
		zone string
		want fault.Kind
	}{
		"a currency that cannot change": {paid: true, zone: "UTC", want: fault.Conflict},
		"a zone there is not":           {zone: "Mars/Olympus", want: fault.Invalid},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 0)
			if tc.paid {
				_, err := w.SetRate(t.Context(), w.account, models.Rate{Currency: "CHF", Rate: price.Micros(1_100_000)})
				require.NoError(t, err)
			}
			before, err := w.Settings(t.Context(), w.account)
			require.NoError(t, err)
			n := before
			n.Zone, n.Currency, n.FrequencyHours = tc.zone, "EUR", 48
			require.Equal(t, tc.want, fault.KindOf(w.SetSettings(t.Context(), w.account, n)))
			after, err := w.Settings(t.Context(), w.account)
			require.NoError(t, err)
			require.Equal(t, before, after)
		})
	}
}
