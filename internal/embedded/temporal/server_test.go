package temporal

import (
	"bytes"
	"context"
	"io"
	"log/slog"
	"net"
	"net/http"
	"os"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/api/workflowservice/v1"
	"go.temporal.io/sdk/client"
	sdktemporal "go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/worker"
	"go.temporal.io/sdk/workflow"

	"trackly/internal/embedded/postgres"
	"trackly/internal/fault"
)

const queue = "test"

// waits is a workflow that ends with the word it is sent.
func waits(ctx workflow.Context) (string, error) {
	var word string
	workflow.GetSignalChannel(ctx, "word").Receive(ctx, &word)
	return word, nil
}

// lines is a log that several goroutines write.
type lines struct {
	sync.Mutex
	buf bytes.Buffer
}

func (l *lines) Write(p []byte) (int, error) {
	l.Lock()
	defer l.Unlock()
	return l.buf.Write(p)
}

func (l *lines) String() string {
	l.Lock()
	defer l.Unlock()
	return l.buf.String()
}

func begin(t *testing.T, o Options) *Server {
	t.Helper()
	s, err := Start(t.Context(), o)
	require.NoError(t, err)
	t.Cleanup(func() { _ = s.Stop() })
	return s
}

func connect(t *testing.T, s *Server) client.Client {
	t.Helper()
	c, err := dial(t.Context(), s.HostPort(), "default")
	require.NoError(t, err)
	t.Cleanup(c.Close)
	return c
}

func work(t *testing.T, c client.Client) worker.Worker {
	t.Helper()
	w := worker.New(c, queue, worker.Options{WorkerStopTimeout: time.Second})
	w.RegisterWorkflow(waits)
	require.NoError(t, w.Start())
	return w
}

func launch(t *testing.T, c client.Client, id string, attrs ...sdktemporal.SearchAttributeUpdate) client.WorkflowRun {
	t.Helper()
	run, err := c.ExecuteWorkflow(t.Context(), client.StartWorkflowOptions{
		ID: id, TaskQueue: queue, TypedSearchAttributes: sdktemporal.NewSearchAttributes(attrs...),
		WorkflowTaskTimeout: 2 * time.Second,
	}, waits)
	require.NoError(t, err)
	return run
}

func finish(t *testing.T, c client.Client, id, word string) {
	t.Helper()
	require.NoError(t, c.SignalWorkflow(t.Context(), id, "", "word", word))
	var got string
	require.NoError(t, c.GetWorkflow(t.Context(), id, "").Get(t.Context(), &got))
	require.Equal(t, word, got)
}

func found(t *testing.T, c client.Client, query string) int64 {
	t.Helper()
	n, err := c.CountWorkflow(t.Context(), &workflowservice.CountWorkflowExecutionsRequest{Namespace: "default", Query: query})
	require.NoError(t, err)
	return n.GetCount()
}

func TestAWorkflowRunsInMemoryBesideTheWebUI(t *testing.T) {
	t.Parallel()
	var log lines
	s := begin(t, Options{
		SearchAttributes: map[string]enumspb.IndexedValueType{"AccountID": enumspb.INDEXED_VALUE_TYPE_KEYWORD},
		Log:              slog.New(slog.NewTextHandler(&log, nil)),
	})
	c := connect(t, s)
	w := work(t, c)
	launch(t, c, "one", sdktemporal.NewSearchAttributeKeyKeyword("AccountID").ValueSet("acc_1"))
	finish(t, c, "one", "done")
	require.Eventually(t, func() bool { return found(t, c, "AccountID = 'acc_1'") == 1 }, 10*time.Second, 50*time.Millisecond)

	require.Contains(t, get(t, s.UIURL()), "<html")
	require.Contains(t, get(t, s.UIURL()+"/api/v1/namespaces/default"), "604800s", "retention is seven days")
	w.Stop()
	require.NoError(t, s.Stop())
	require.NoError(t, s.Stop(), "stopping twice is harmless")
	require.NotContains(t, log.String(), "level=ERROR")
}

func get(t *testing.T, url string) string {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), http.MethodGet, url, http.NoBody)
	require.NoError(t, err)
	res, err := http.DefaultClient.Do(req)
	require.NoError(t, err)
	defer func() { _ = res.Body.Close() }()
	body, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	require.Equal(t, http.StatusOK, res.StatusCode)
	return string(body)
}

func TestServersInOneProcessShareNothing(t *testing.T) {
	t.Parallel()
	a, b := begin(t, Options{WithoutUI: true}), begin(t, Options{WithoutUI: true})
	ca, cb := connect(t, a), connect(t, b)
	launch(t, ca, "only-here")
	_, err := cb.DescribeWorkflowExecution(t.Context(), "only-here", "")
	require.ErrorContains(t, err, "not found")
	require.Empty(t, a.UIURL())
}

func TestATakenPortIsAConflict(t *testing.T) {
	t.Parallel()
	l, err := net.Listen("tcp", address(0))
	require.NoError(t, err)
	defer func() { _ = l.Close() }()
	taken := l.Addr().(*net.TCPAddr).Port
	for _, o := range []Options{{Port: taken}, {UIPort: taken}} {
		_, err := Start(t.Context(), o)
		require.Equal(t, fault.Conflict, fault.KindOf(err))
	}
}

func TestABadURLDoesNotQuoteItsPassword(t *testing.T) {
	t.Parallel()
	_, err := Start(t.Context(), Options{PostgresURL: "postgres://u:hunter2@[bad"})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	require.NotContains(t, err.Error(), "hunter2")
}

func TestTooManySearchAttributesAreRefused(t *testing.T) {
	t.Parallel()
	attrs := map[string]enumspb.IndexedValueType{}
	for _, r := range "ABCDEFGHIJK" {
		attrs["Key"+string(r)] = enumspb.INDEXED_VALUE_TYPE_KEYWORD
	}
	_, err := Start(t.Context(), Options{SearchAttributes: attrs})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
}

func database(t *testing.T) string {
	t.Helper()
	dir, err := os.MkdirTemp("", "trackly-temporal") //nolint:usetesting // its folders are closed to the server's account
	require.NoError(t, err)
	require.NoError(t, os.Chmod(dir, 0o755))
	s, err := postgres.Start(t.Context(), postgres.Options{Dir: dir, Throwaway: true})
	require.NoError(t, err)
	t.Cleanup(func() {
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Second)
		defer cancel()
		require.NoError(t, s.Kill(ctx))
		require.NoError(t, os.RemoveAll(dir))
	})
	return s.URL()
}

func TestStateSurvivesARestartOnPostgres(t *testing.T) {
	t.Parallel()
	url := database(t)
	first := begin(t, Options{PostgresURL: url, SearchAttributes: map[string]enumspb.IndexedValueType{"AccountID": enumspb.INDEXED_VALUE_TYPE_KEYWORD}})
	c := connect(t, first)
	w := work(t, c)
	launch(t, c, "before", sdktemporal.NewSearchAttributeKeyKeyword("AccountID").ValueSet("acc_1"))
	finish(t, c, "before", "done")
	launch(t, c, "across")
	w.Stop()
	require.NoError(t, first.Stop())

	// The same ports, so that bookmarks stay right, and one search attribute more.
	second := begin(t, Options{
		PostgresURL: url, Port: first.Port(), UIPort: first.UIPort(),
		SearchAttributes: map[string]enumspb.IndexedValueType{"AccountID": enumspb.INDEXED_VALUE_TYPE_KEYWORD, "CampaignState": enumspb.INDEXED_VALUE_TYPE_KEYWORD},
	})
	require.Equal(t, first.HostPort(), second.HostPort())
	require.Equal(t, first.ports.ui, second.UIPort())
	c = connect(t, second)
	w = work(t, c)
	defer w.Stop()
	finish(t, c, "across", "woken")
	launch(t, c, "after", sdktemporal.NewSearchAttributeKeyKeyword("CampaignState").ValueSet("sending"))
	finish(t, c, "after", "done")
	require.Eventually(t, func() bool {
		return found(t, c, "CampaignState = 'sending'") == 1 && found(t, c, "AccountID = 'acc_1'") == 1
	}, 10*time.Second, 50*time.Millisecond)
	require.LessOrEqual(t, connections(t, url), 110, "the product needs the rest of 200")
}

func connections(t *testing.T, url string) (n int) {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer func() { _ = conn.Close(t.Context()) }()
	require.NoError(t, conn.QueryRow(t.Context(), "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()").Scan(&n))
	t.Logf("temporal holds %d connections", n)
	return n
}

func TestTwoStartsMigrateOneAfterTheOther(t *testing.T) {
	t.Parallel()
	url := database(t)
	errs := make(chan error, 2)
	for range 2 {
		go func() {
			_, err := openStores(t.Context(), Options{PostgresURL: url})
			errs <- err
		}()
	}
	require.NoError(t, <-errs)
	require.NoError(t, <-errs)
}

func TestTheBridgePassesErrorsOnlyAndFallsSilentOnStop(t *testing.T) {
	t.Parallel()
	var log lines
	b := newBridge(slog.New(slog.NewTextHandler(&log, nil)))
	child := b.With()
	child.Info("chatter")
	child.Warn("chatter")
	child.Error("broken shard")
	child.Fatal("fatal is a line, not an exit")
	b.quiet.Store(true)
	child.Error("late complaint")
	require.Equal(t, 2, strings.Count(log.String(), "complaint="))
	require.NotContains(t, log.String(), "late")
}
