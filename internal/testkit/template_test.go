package testkit

import (
	"testing"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"
)

func TestATestsNameTellsItsAge(t *testing.T) {
	t.Parallel()
	now := time.Unix(1_800_000_000, 0)
	at, ok := madeAt(testName(now))
	require.True(t, ok)
	require.True(t, at.Equal(now))
	for _, foreign := range []string{"trackly", "postgres", "trackly_test_", "trackly_test_x_y", "trackly_template_0", "other_1800000000_x"} {
		_, ok := madeAt(foreign)
		require.False(t, ok, foreign)
	}
}

func TestOnlyOldTestDatabasesAreLeftOvers(t *testing.T) {
	t.Parallel()
	b, err := server()
	require.NoError(t, err)
	old, young := testName(time.Now().Add(-2*leftover)), testName(time.Now())
	b.exec(t, "CREATE DATABASE "+old)
	b.exec(t, "CREATE DATABASE "+young)
	t.Cleanup(func() { b.exec(t, "DROP DATABASE "+young) })
	conn, err := pgx.Connect(t.Context(), b.admin)
	require.NoError(t, err)
	defer func() { _ = conn.Close(t.Context()) }()
	require.NoError(t, dropLeftovers(t.Context(), conn, time.Now()))
	var left []string
	require.NoError(t, conn.QueryRow(t.Context(), "SELECT array_agg(datname::text) FROM pg_database WHERE datname IN ($1, $2)", old, young).Scan(&left))
	require.Equal(t, []string{young}, left)
}

func TestAnInterruptedTemplateIsBuiltAgain(t *testing.T) {
	t.Parallel()
	b, err := server()
	require.NoError(t, err)
	b.template += "_again"
	b.exec(t, "CREATE DATABASE "+b.template+"_new")
	t.Cleanup(func() { b.exec(t, "DROP DATABASE IF EXISTS "+b.template) })
	require.NoError(t, b.prepare(t.Context()))
	require.NoError(t, b.prepare(t.Context()), "a second binary finds it ready")
}
