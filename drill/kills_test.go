package main

import (
	"testing"

	"github.com/stretchr/testify/require"
)

func TestEveryKillHasItsVictims(t *testing.T) {
	t.Parallel()
	f := &fleet{dir: t.TempDir(), keys: map[string]string{}}
	f.hire(t.TempDir(), binaries{trackly: "/bin/true", standalone: "/bin/true"})
	names := func(k kind, n int) (all []string) {
		victims, err := f.victims(k, n)
		require.NoError(t, err)
		for _, p := range victims {
			all = append(all, p.name)
		}
		return all
	}
	require.Equal(t, []string{"worker-1"}, names(killWorker, 2))
	require.Equal(t, []string{"worker-2"}, names(killWorker, 3), "both workers die in the long run")
	require.Equal(t, []string{"worker-1", "worker-2"}, names(killWorkers, 1))
	require.Equal(t, []string{"api"}, names(killAPI, 1))
	require.Equal(t, []string{"temporal"}, names(killTemporal, 1))
	require.Equal(t, []string{"standalone"}, names(killStandalone, 1))
	_, err := f.victims("printer", 1)
	require.ErrorContains(t, err, "printer")
}

func TestPortsAreFreeAndDifferent(t *testing.T) {
	t.Parallel()
	var a, b, c int
	require.NoError(t, freePorts(t.Context(), &a, &b, &c))
	require.Positive(t, a)
	require.NotEqual(t, a, b)
	require.NotEqual(t, b, c)
	require.NotEqual(t, a, c)
}
