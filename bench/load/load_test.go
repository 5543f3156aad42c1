package load_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/bench/load"
)

func serve(t *testing.T, h http.HandlerFunc) string {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return strings.TrimPrefix(srv.URL, "http://")
}

func gets(paths ...string) (out [][]byte) {
	for _, p := range paths {
		out = append(out, []byte("GET "+p+" HTTP/1.1\r\nHost: x\r\n\r\n"))
	}
	return out
}

func TestEveryRequestIsSentExactlyOnce(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	seen := map[string]int{}
	addr := serve(t, func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		seen[r.URL.Path]++
		mu.Unlock()
		_, _ = io.WriteString(w, strings.Repeat("x", 3000))
	})
	_, err := load.Target{Address: addr, Status: 200}.Closed(t.Context(), 3, gets("/a", "/b", "/c", "/d", "/e"))
	require.NoError(t, err)
	require.Equal(t, map[string]int{"/a": 1, "/b": 1, "/c": 1, "/d": 1, "/e": 1}, seen)
}

func TestAWrongStatusIsAnError(t *testing.T) {
	t.Parallel()
	addr := serve(t, http.NotFound)
	_, err := load.Target{Address: addr, Status: 302}.Closed(t.Context(), 2, gets("/a", "/b"))
	require.ErrorContains(t, err, "answered 404, want 302")
	_, err = load.Target{Address: addr, Status: 302}.Open(t.Context(), 2, 1000, gets("/a", "/b"))
	require.ErrorContains(t, err, "answered 404, want 302")
}

func TestAStallCountsAgainstEveryRequestThatWasDue(t *testing.T) {
	t.Parallel()
	var once sync.Once
	addr := serve(t, func(w http.ResponseWriter, _ *http.Request) {
		once.Do(func() { time.Sleep(200 * time.Millisecond) })
		w.WriteHeader(http.StatusNoContent)
	})
	took, err := load.Target{Address: addr, Status: 204}.Open(t.Context(), 1, 100, gets(strings.Fields(strings.Repeat("/ ", 20))...))
	require.NoError(t, err)
	require.Len(t, took, 20)
	require.Greater(t, took[10], 80*time.Millisecond, "half of them waited behind the stall")
}
