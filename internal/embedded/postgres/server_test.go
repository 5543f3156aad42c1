package postgres

import (
	"context"
	"net"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
)

func start(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := Start(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		require.NoError(t, s.Kill(ctx))
	})
	return s
}

// folder is one that the server's account can reach; t.TempDir is closed to it.
func folder(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "trackly-pg") //nolint:usetesting // its folders are closed to the account
	require.NoError(t, err)
	require.NoError(t, os.Chmod(dir, 0o755))
	t.Cleanup(func() { _ = os.RemoveAll(dir) })
	return dir
}

func query[T any](t *testing.T, s *Server, sql string) T {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.URL())
	require.NoError(t, err)
	defer func() { _ = conn.Close(t.Context()) }()
	rows, err := conn.Query(t.Context(), sql)
	require.NoError(t, err)
	v, err := pgx.CollectExactlyOneRow(rows, pgx.RowTo[T])
	require.NoError(t, err)
	return v
}

func exec1(t *testing.T, s *Server, sql string) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), s.URL())
	require.NoError(t, err)
	defer func() { _ = conn.Close(t.Context()) }()
	_, err = conn.Exec(t.Context(), sql)
	require.NoError(t, err)
}

func TestRowsAndPortSurviveAStop(t *testing.T) {
	t.Parallel()
	o := Options{Dir: folder(t), Tuning: Tuning{SharedBuffers: "16MB"}}
	s := start(t, o)
	require.Equal(t, "on", query[string](t, s, "SHOW fsync"))
	require.Equal(t, "on", query[string](t, s, "SHOW synchronous_commit"))
	require.Equal(t, "16MB", query[string](t, s, "SHOW shared_buffers"))
	exec1(t, s, "CREATE TABLE kept AS SELECT 7 AS n")
	require.NoError(t, s.Stop(t.Context()))
	require.NoError(t, s.Stop(t.Context()), "stopping twice is harmless")

	again := start(t, o)
	require.Equal(t, int32(7), query[int32](t, again, "SELECT n FROM kept"))
	require.Equal(t, s.URL(), again.URL(), "a saved connection string stays right")
	require.False(t, again.Adopted())
}

func TestCommittedRowsSurviveAKill(t *testing.T) {
	t.Parallel()
	o := Options{Dir: folder(t)}
	s := start(t, o)
	exec1(t, s, "CREATE TABLE kept AS SELECT 7 AS n")
	require.NoError(t, s.Kill(t.Context()))
	require.Equal(t, int32(7), query[int32](t, start(t, o), "SELECT n FROM kept"))
	raw, err := os.ReadFile(filepath.Join(s.dir, "postgres.log"))
	require.NoError(t, err)
	require.Contains(t, string(raw), "not properly shut down", "the kill must be unclean, or this test proves nothing")
}

func TestAServerLeftRunningIsAdopted(t *testing.T) {
	t.Parallel()
	o := Options{Dir: folder(t), Throwaway: true}
	left := start(t, o)
	s := start(t, o)
	require.True(t, s.Adopted())
	require.Equal(t, left.URL(), s.URL())
	require.NoError(t, s.Stop(t.Context()), "an adopted server can be stopped, though it is nobody's child")
	require.Eventually(t, left.gone, 5*time.Second, 5*time.Millisecond, "its starter hears of it when the child is reaped")
}

func TestTwoStartsAtOnceMakeOneServer(t *testing.T) {
	t.Parallel()
	o := Options{Dir: folder(t), Throwaway: true}
	other := make(chan *Server, 1)
	go func() {
		s, _ := Start(t.Context(), o)
		other <- s
	}()
	s := start(t, o)
	twin := <-other
	require.NotNil(t, twin)
	require.Equal(t, s.pid, twin.pid)
	require.NotEqual(t, s.Adopted(), twin.Adopted())
}

func TestAPidFileNamingAStrangerIsRemoved(t *testing.T) {
	t.Parallel()
	o := Options{Dir: folder(t), Throwaway: true}
	s := start(t, o)
	require.NoError(t, s.Stop(t.Context()))
	stranger := exec.Command("sleep", "60")
	require.NoError(t, stranger.Start())
	t.Cleanup(func() { _ = stranger.Process.Kill(); _ = stranger.Wait() })
	text := strings.Join([]string{strconv.Itoa(stranger.Process.Pid), s.data, "1", strconv.Itoa(s.port), "", host, "1 1", "ready", ""}, "\n")
	require.NoError(t, os.WriteFile(filepath.Join(s.data, "postmaster.pid"), []byte(text), 0o600))

	require.False(t, start(t, o).Adopted())
}

func TestAnInitialisationCutShortIsDoneAgain(t *testing.T) {
	t.Parallel()
	dir := folder(t)
	require.NoError(t, os.MkdirAll(filepath.Join(dir, "data.new", "data", "base"), 0o700))
	s := start(t, Options{Dir: dir, Throwaway: true})
	require.NoDirExists(t, filepath.Join(dir, "data.new"))
	require.Equal(t, "off", query[string](t, s, "SHOW fsync"))
}

func TestThePasswordIsPrivateAndRequired(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Dir: folder(t), Throwaway: true})
	info, err := os.Stat(filepath.Join(s.dir, "password"))
	require.NoError(t, err)
	require.Equal(t, os.FileMode(0o600), info.Mode().Perm())
	_, err = pgx.Connect(t.Context(), strings.Replace(s.URL(), s.password, "wrong", 1))
	require.ErrorContains(t, err, "28P01")
	require.Equal(t, host, query[string](t, s, "SHOW listen_addresses"))
}

func TestTheServerHasAProcessGroupOfItsOwn(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Dir: folder(t), Throwaway: true})
	group, err := syscall.Getpgid(s.pid)
	require.NoError(t, err)
	require.NotEqual(t, syscall.Getpgrp(), group, "Ctrl-C would reach the server before our own stop")
}

func TestAFolderClosedToOtherAccountsStillWorks(t *testing.T) {
	t.Parallel()
	parent := folder(t)
	require.NoError(t, os.Chmod(parent, 0o700))
	s := start(t, Options{Dir: filepath.Join(parent, "inside"), Throwaway: true})
	require.Equal(t, int32(1), query[int32](t, s, "SELECT 1"))
	require.NoError(t, s.Stop(t.Context()))
	require.NoError(t, os.Chmod(parent, 0o755))
	s = start(t, Options{Dir: filepath.Join(parent, "inside"), Throwaway: true})
	require.Equal(t, int32(1), query[int32](t, s, "SELECT 1"), "the cluster keeps its owner when the folder is opened later")
}

func TestATakenPortIsNamed(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	_, err = Start(t.Context(), Options{Dir: folder(t), Port: l.Addr().(*net.TCPAddr).Port, Throwaway: true})
	require.Equal(t, fault.Conflict, fault.KindOf(err))
	require.ErrorContains(t, err, "taken by another program")
}

func TestALostPasswordIsNotReplaced(t *testing.T) {
	t.Parallel()
	o := Options{Dir: folder(t), Throwaway: true}
	s := start(t, o)
	require.NoError(t, s.Stop(t.Context()))
	require.NoError(t, os.Remove(filepath.Join(s.dir, "password")))
	_, err := Start(t.Context(), o)
	require.Equal(t, fault.Conflict, fault.KindOf(err))
}

func TestAFailedStatementLeavesNoValuesInTheLog(t *testing.T) {
	t.Parallel()
	s := start(t, Options{Dir: folder(t), Throwaway: true})
	exec1(t, s, "CREATE TABLE contacts (phone text PRIMARY KEY); INSERT INTO contacts VALUES ('+15550100')")
	conn, err := pgx.Connect(t.Context(), s.URL())
	require.NoError(t, err)
	defer func() { _ = conn.Close(t.Context()) }()
	_, err = conn.Exec(t.Context(), "INSERT INTO contacts VALUES ('+15550100')")
	require.Error(t, err)
	raw, err := os.ReadFile(filepath.Join(s.dir, "postgres.log"))
	require.NoError(t, err)
	require.Contains(t, string(raw), "contacts_pkey", "the failure itself is logged")
	require.NotContains(t, string(raw), "5550100")
}
