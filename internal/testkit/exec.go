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
