package testkit

import (
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

// Exec changes a test's database behind the product's back: for what takes hours in life,
// such as a time that has come.
func Exec(tb testing.TB, url, sql string, args ...any) {
	tb.Helper()
	conn, err := pgx.Connect(tb.Context(), url)
	require.NoError(tb, err)
	defer func() { _ = conn.Close(tb.Context()) }()
	_, err = conn.Exec(tb.Context(), sql, args...)
	require.NoError(tb, err)
}

// Hold changes a test's database in a transaction that stays open, with all its locks,
// until release takes it back.
func Hold(tb testing.TB, url, sql string, args ...any) (release func()) {
	tb.Helper()
	conn, err := pgx.Connect(tb.Context(), url)
	require.NoError(tb, err)
	tx, err := conn.Begin(tb.Context())
	require.NoError(tb, err)
	_, err = tx.Exec(tb.Context(), sql, args...)
	require.NoError(tb, err)
	return func() {
		require.NoError(tb, tx.Rollback(tb.Context()))
		require.NoError(tb, conn.Close(tb.Context()))
	}
}

// Text asks one text of a test's database.
func Text(tb testing.TB, url, sql string, args ...any) (text string) {
	tb.Helper()
	ctx := tb.Context()
	conn, err := pgx.Connect(ctx, url)
	require.NoError(tb, err)
	require.NoError(tb, conn.QueryRow(ctx, sql, args...).Scan(&text))
	require.NoError(tb, conn.Close(ctx))
	return text
}
