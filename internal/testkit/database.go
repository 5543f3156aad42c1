package testkit

import (
	"context"
	"log/slog"
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"trackly/internal/store"
)

// Database gives the URL of a fresh, migrated database that no other test sees. It is
// dropped when the test ends, whoever is still connected.
func Database(tb testing.TB) string {
	tb.Helper()
	b, err := server()
	require.NoError(tb, err)
	name := testName(time.Now())
	b.exec(tb, "CREATE DATABASE "+name+" TEMPLATE "+b.template)
	tb.Cleanup(func() { b.exec(tb, "DROP DATABASE IF EXISTS "+name+" WITH (FORCE)") })
	url, err := b.url(name)
	require.NoError(tb, err)
	return url
}

// SealKey is the key that Store seals with.
func SealKey() []byte { return []byte("a test's key of just thirty-two.") }

// Store opens a store on a database of its own and closes it when the test ends.
func Store(tb testing.TB) *store.Store {
	tb.Helper()
	return Open(tb, Database(tb))
}

// Open opens one more store on a database, as a second process would.
func Open(tb testing.TB, url string) *store.Store {
	tb.Helper()
	s, err := store.Open(tb.Context(), store.Options{
		URL: url, MaxConns: 8, SealKeys: [][]byte{SealKey()}, PhoneKey: []byte("a test's key for phones"), Log: slog.New(slog.DiscardHandler),
	})
	require.NoError(tb, err)
	tb.Cleanup(s.Close)
	return s
}

// exec runs on a context of its own: in a cleanup the test's is already cancelled.
func (b bench) exec(tb testing.TB, sql string) {
	tb.Helper()
	ctx, cancel := context.WithTimeout(context.Background(), time.Minute)
	defer cancel()
	conn, err := pgx.Connect(ctx, b.admin)
	require.NoError(tb, err)
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, sql)
	require.NoError(tb, err)
}
