package main

import (
	"os"
	"path/filepath"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func shell(t *testing.T, script string) *process {
	t.Helper()
	p := &process{name: "shell", path: "/bin/sh", args: []string{"-c", script}, log: filepath.Join(t.TempDir(), "log"), env: []string{"WORD=hello"}}
	t.Cleanup(p.kill)
	return p
}

func written(p *process) string {
	raw, _ := os.ReadFile(p.log)
	return string(raw)
}

func TestAKilledProcessStaysDeadUntilItIsStarted(t *testing.T) {
	t.Parallel()
	p := shell(t, `echo "$WORD"; exec sleep 60`)
	p.kill() // nothing runs yet
	require.NoError(t, p.start())
	require.Eventually(t, func() bool { return written(p) == "hello\n" }, 10*time.Second, 5*time.Millisecond)
	p.kill()
	time.Sleep(2 * reviveAfter)
	require.Equal(t, "hello\n", written(p), "the supervisor leaves the dead alone")
	require.Zero(t, p.exits())
	require.NoError(t, p.start())
	require.Eventually(t, func() bool { return written(p) == "hello\nhello\n" }, 10*time.Second, 5*time.Millisecond)
}

func TestAProcessThatEndsByItselfIsStartedAgainAndCounted(t *testing.T) {
	t.Parallel()
	p := shell(t, "echo once; exit 3")
	require.NoError(t, p.start())
	require.Eventually(t, func() bool { return strings.Count(written(p), "once") >= 2 }, 10*time.Second, 5*time.Millisecond)
	require.Positive(t, p.exits())
}

func TestAProgramThatIsNotThereIsAnError(t *testing.T) {
	t.Parallel()
	p := &process{path: "/nowhere/at/all", log: filepath.Join(t.TempDir(), "log")}
	require.Error(t, p.start())
	p.kill()
}
