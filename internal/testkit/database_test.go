package testkit_test

import (
	"strings"
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"trackly/internal/testkit"
)

func connect(t *testing.T, url string) *pgx.Conn {
	t.Helper()
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	return conn
}

func scan[T any](t *testing.T, conn *pgx.Conn, sql string) (v T) {
	t.Helper()
	require.NoError(t, conn.QueryRow(t.Context(), sql).Scan(&v))
	return v
}

func TestADatabaseIsMigratedAndAlone(t *testing.T) {
	t.Parallel()
	a, b := connect(t, testkit.Database(t)), connect(t, testkit.Database(t))
	require.Positive(t, scan[int](t, a, "SELECT count(*) FROM goose_db_version WHERE is_applied"))
	_, err := a.Exec(t.Context(), "CREATE TABLE mine ()")
	require.NoError(t, err)
	require.False(t, scan[bool](t, b, "SELECT to_regclass('mine') IS NOT NULL"))
}

func TestADatabaseGoesWithItsTest(t *testing.T) {
	t.Parallel()
	var name string
	t.Run("a test that forgets to disconnect", func(t *testing.T) {
		name = scan[string](t, connect(t, testkit.Database(t)), "SELECT current_database()")
	})
	conn := connect(t, testkit.Database(t))
	require.False(t, scan[bool](t, conn, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = '"+name+"')"))
}

func TestManyTestsAtOnceGetADatabaseEach(t *testing.T) {
	t.Parallel()
	var seen sync.Map
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			_, twice := seen.LoadOrStore(testkit.Database(t), true)
			if twice {
				t.Error("two tests share a database")
			}
		})
	}
	wg.Wait()
}

func TestTheStoreOpensOnItsDatabase(t *testing.T) {
	t.Parallel()
	url := testkit.Database(t)
	require.NotNil(t, testkit.Open(t, url))
	require.Contains(t, strings.Split(url, "@")[1], "127.0.0.1")
	require.NotNil(t, testkit.Store(t))
}
