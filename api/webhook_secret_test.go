package api_test

import (
	"bytes"
	"context"
	"errors"
	"log/slog"
	"net/http"
	"strings"
	"sync"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/api"
	"trackly/internal/fault"
	"trackly/models"
)

// askedStore counts what webhooks ask of the database, and breaks when it is told to.
type askedStore struct {
	api.Store
	asked  atomic.Int64
	broken atomic.Bool
}

var errBroken = fault.Wrap(errors.New("connection refused"), fault.Broken, "the database failed")

func (s *askedStore) WebhookRoute(ctx context.Context, id models.RouteID) (models.List, models.Route, models.Credentials, error) {
	s.asked.Add(1)
	return s.Store.WebhookRoute(ctx, id)
}

func (s *askedStore) RecordInbound(ctx context.Context, l models.List, in models.Inbound) (models.InboundEffect, error) {
	if s.broken.Load() {
		return models.InboundEffect{}, errBroken
	}
	return s.Store.RecordInbound(ctx, l, in)
}

func (s *askedStore) RecordStatus(ctx context.Context, account models.AccountID, list models.ListID, o models.Outcome) (bool, error) {
	if s.broken.Load() {
		return false, errBroken
	}
	return s.Store.RecordStatus(ctx, account, list, o)
}

// TestAWrongSecretIsNoRoute and asks nothing of the database: whoever guesses learns
// nothing and costs nothing.
func TestAWrongSecretIsNoRoute(t *testing.T) {
	t.Parallel()
	st := &askedStore{}
	w := newWorldWith(t, func(o *api.Options) { st.Store, o.Store = o.Store, st })
	for _, v := range vendors() {
		list, ids := w.at(v, 1)
		for _, what := range []string{"status", "inbound"} {
			right := w.hook(list, what)
			parts := strings.Split(right, "/")
			secret := parts[4]
			for _, wrong := range []string{"x", secret[:len(secret)-1], secret + "A", strings.Repeat("A", len(secret)), strings.ToUpper(secret) + "="} {
				parts[4] = wrong
				r := v.report(t, strings.Join(parts, "/"), "", ids[0])
				if what == "inbound" {
					r = v.text(t, strings.Join(parts, "/"), "m-1", phoneOf(0), "STOP")
				}
				require.Equal(t, "no such route", w.serve(r).want(http.StatusNotFound)["detail"])
			}
		}
		require.Zero(t, st.asked.Load())
		require.Equal(t, "queued", w.state(ids[0]))
		require.Equal(t, []string{"active"}, w.statuses(list))
	}
}

// syncBuffer is a log that many write.
type syncBuffer struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (s *syncBuffer) Write(p []byte) (int, error) {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.Write(p)
}

func (s *syncBuffer) String() string {
	s.mu.Lock()
	defer s.mu.Unlock()
	return s.b.String()
}

// TestNothingOfAPersonOrASecretIsLogged while everything goes wrong that can.
func TestNothingOfAPersonOrASecretIsLogged(t *testing.T) {
	t.Parallel()
	st, log := &askedStore{}, &syncBuffer{}
	w := newWorldWith(t, func(o *api.Options) {
		st.Store, o.Store = o.Store, st
		o.Log = slog.New(slog.NewTextHandler(log, &slog.HandlerOptions{Level: slog.LevelDebug}))
	})
	w.engine.breaks(t)
	var secrets []string
	for _, v := range vendors() {
		list, ids := w.at(v, 2)
		status, inbound := w.hook(list, "status"), w.hook(list, "inbound")
		secrets = append(secrets, strings.Split(status, "/")[4])
		for _, broken := range []bool{false, true} {
			st.broken.Store(broken)
			w.serve(v.report(t, status, v.stop, ids[0]))
			w.serve(v.report(t, status, v.fancy, ids[1]))
			for _, word := range []string{"secretword", "STOP"} {
				w.serve(v.text(t, inbound, "m-"+word, phoneOf(1), word))
			}
			w.serve(posted(t, status, "%zz{"))
			w.serve(posted(t, inbound+"x", "secretword"))
			w.serve(posted(t, strings.Replace(status, "/status", "/nothing", 1), "secretword"))
		}
		st.broken.Store(false)
	}
	w.do("GET", "/v1/inbound?phone=%2B12125550101", nil).want(http.StatusOK)
	w.do("GET", "/v1/suppressions?phone=%2B12125550101", nil).want(http.StatusOK)
	w.do("POST", "/v1/suppressions", map[string]any{"phones": []string{phoneOf(1)}, "scope": "account"}).want(http.StatusOK)
	got := log.String()
	require.Contains(t, got, "the database failed", "the log is not empty")
	require.Contains(t, got, "waits for the keeper")
	for _, s := range append(secrets, token, "secretword", "Hello", "2125550101", "2125550100") {
		require.NotContains(t, got, s)
	}
}
