package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

func TestAddressesOfOldClicksAreCutShort(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	other := addWorld(t, w.Store, 0)
	now := time.Date(2026, 11, 28, 12, 0, 0, 0, time.UTC)
	w.set(func(n *models.Settings) { n.KeepAddressesDays = 30 })
	click := func(w *world, address string, age time.Duration) {
		w.exec(`INSERT INTO clicks (id, account_id, message_id, link, address, user_agent, at)
			VALUES (gen_random_uuid(), $1, 1, 1, $2, 'Phone', $3)`, string(w.account), address, now.Add(-age))
	}
	const day = 24 * time.Hour
	for _, address := range []string{"203.0.113.77", "2001:db8:1:2:3:4:5:6", "::ffff:203.0.113.78", "", "nonsense", "fe80::1%eth0"} {
		click(w, address, 31*day)
	}
	click(w, "203.0.113.79", 30*day-time.Minute)
	click(other, "203.0.113.80", 31*day)
	addresses := func() string {
		return w.text(`SELECT string_agg(address, ' ' ORDER BY address COLLATE "C") FROM clicks`)
	}
	cut, more, err := w.ShortenAddresses(t.Context(), w.account, now)
	require.NoError(t, err)
	require.False(t, more)
	require.EqualValues(t, 6, cut)
	require.Equal(t, "  2001:db8:1:: 203.0.113.0 203.0.113.0 203.0.113.79 203.0.113.80 fe80::", addresses())
	cut, _, err = w.ShortenAddresses(t.Context(), w.account, now)
	require.NoError(t, err)
	require.Zero(t, cut, "once")
	cut, _, err = w.ShortenAddresses(t.Context(), w.account, now.Add(time.Hour))
	require.NoError(t, err)
	require.EqualValues(t, 1, cut, "the next one grew old meanwhile")
	w.set(func(n *models.Settings) { n.KeepAddressesDays = 90 })
	click(w, "203.0.113.81", 40*day)
	cut, _, err = w.ShortenAddresses(t.Context(), w.account, now)
	require.NoError(t, err)
	require.Zero(t, cut)
}
