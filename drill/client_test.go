package main

import (
	"context"
	"errors"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestARequestIsRepeatedUnderTheSameKeyUntilItIsAnswered(t *testing.T) {
	t.Parallel()
	var mu sync.Mutex
	var keys []string
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		mu.Lock()
		defer mu.Unlock()
		keys = append(keys, r.Header.Get("Idempotency-Key"))
		if len(keys) < 3 {
			w.WriteHeader(http.StatusServiceUnavailable)
			return
		}
		_, _ = w.Write([]byte(`{"id":"x"}`))
	}))
	t.Cleanup(srv.Close)
	var made created
	require.NoError(t, client{base: srv.URL, http: srv.Client()}.post(t.Context(), "/v1/lists", object{}, &made))
	require.Equal(t, "x", made.ID)
	require.Len(t, keys, 3)
	require.NotEmpty(t, keys[0])
	require.Equal(t, keys[0], keys[1])
	require.Equal(t, keys[0], keys[2])
}

func TestARefusalIsNotRepeated(t *testing.T) {
	t.Parallel()
	tries := 0
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		tries++
		http.Error(w, "no such list", http.StatusConflict)
	}))
	t.Cleanup(srv.Close)
	err := client{base: srv.URL, http: srv.Client()}.post(t.Context(), "/v1/lists", object{}, nil)
	var no *refused
	require.ErrorAs(t, err, &no)
	require.Equal(t, http.StatusConflict, no.status)
	require.Equal(t, 1, tries)
}

func TestPatienceEndsAndTellsTheLastError(t *testing.T) {
	t.Parallel()
	broken := errors.New("broken")
	err := patiently(t.Context(), 30*time.Millisecond, time.Millisecond, func(context.Context) (bool, error) { return false, broken })
	require.ErrorIs(t, err, broken)
	require.ErrorIs(t, err, context.DeadlineExceeded)
}
