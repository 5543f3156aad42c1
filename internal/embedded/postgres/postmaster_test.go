package postgres

import (
	"os"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
)

const runningFile = "4711\n/var/lib/trackly/data\n1700000000\n5433\n\n127.0.0.1\n 12 34\nready   \n"

func TestPostmasterFileIsRead(t *testing.T) {
	t.Parallel()
	p, ok := parsePostmaster(runningFile)
	require.True(t, ok)
	require.Equal(t, postmaster{pid: 4711, port: 5433, ready: true}, p)
	p, ok = parsePostmaster(strings.Replace(runningFile, "ready", "starting", 1))
	require.True(t, ok)
	require.False(t, p.ready)
}

func TestAFileCutShortIsNotUnderstood(t *testing.T) {
	t.Parallel()
	for _, text := range []string{"", "4711", "4711\n/data\n17", "x\n/data\n1\n5433\n", "1\n/data\n1\n5433\n", "-4711\n/data\n1\n5433\n"} {
		_, ok := parsePostmaster(text)
		require.False(t, ok, "%q", text)
	}
}

func TestOnlyAProcessInTheDataFolderServesIt(t *testing.T) {
	t.Parallel()
	here, err := os.Getwd()
	require.NoError(t, err)
	require.True(t, serves(os.Getpid(), here))
	require.False(t, serves(os.Getpid(), t.TempDir()))
	require.False(t, serves(1<<30, here))
}

// FuzzParsePostmaster guards the signals: a misread number would be a process to kill.
func FuzzParsePostmaster(f *testing.F) {
	f.Add(runningFile)
	f.Add("0\n\n\n0")
	f.Fuzz(func(t *testing.T, text string) {
		p, ok := parsePostmaster(text)
		if ok && (p.pid <= 1 || p.port <= 0 || p.port > 65535) {
			t.Fatalf("%q gives %+v", text, p)
		}
	})
}
