package main

import (
	"os"
	"os/exec"
	"path/filepath"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestACopiedProgramRunsAndNothingIsOverwritten(t *testing.T) {
	t.Parallel()
	from, to := filepath.Join(t.TempDir(), "program"), filepath.Join(t.TempDir(), "copy")
	require.NoError(t, os.WriteFile(from, []byte("#!/bin/sh\necho works\n"), 0o600))
	require.NoError(t, copyProgram(from, to))
	out, err := exec.CommandContext(t.Context(), to).Output()
	require.NoError(t, err)
	require.Equal(t, "works\n", string(out))
	require.ErrorIs(t, copyProgram(from, to), os.ErrExist)
	require.ErrorIs(t, copyProgram(from+"x", to+"x"), os.ErrNotExist)
}

func TestOnlyOneBuildsAtATime(t *testing.T) {
	t.Parallel()
	path := filepath.Join(t.TempDir(), "lock")
	unlock, err := lock(path)
	require.NoError(t, err)
	turn := make(chan struct{})
	go func() {
		if second, err := lock(path); err == nil {
			second()
			close(turn)
		}
	}()
	select {
	case <-turn:
		require.Fail(t, "two hold the lock")
	case <-time.After(100 * time.Millisecond):
	}
	unlock()
	require.Eventually(t, func() bool {
		select {
		case <-turn:
			return true
		default:
			return false
		}
	}, 5*time.Second, time.Millisecond)
}
