package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestAProcessWithASpaceAndABracketInItsNameIsRead(t *testing.T) {
	t.Parallel()
	u, err := parseStat([]byte("4711 (postgres: a) b) S 12 4711 4711 0 -1 4194560 100 200 0 0 150 50 30 20 20 0 1 0 100 1 2\n"))
	require.NoError(t, err)
	require.Equal(t, usage{pid: 4711, parent: 12, own: 2 * time.Second, reaped: 500 * time.Millisecond}, u)
}

func TestWhatIsNoProcessIsRefused(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", ") (", "1 (init) S 0", "x (init) S 0 1 1 0 -1 4194560 1 2 0 0 5 6 7 8"} {
		_, err := parseStat([]byte(raw))
		require.Error(t, err, raw)
	}
}
