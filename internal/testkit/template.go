package testkit

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/internal/store"
)

// templateLock lets one test binary build the template while the others wait.
const templateLock = 0x7465_6d70

// leftover is the age at which a test's database has lost its test: no run lasts that
// long.
const leftover = 2 * time.Hour

const testPrefix = "trackly_test_"

// prepare builds the template if nobody did and clears away what killed runs left.
func (b bench) prepare(ctx context.Context) error {
	conn, err := pgx.Connect(ctx, b.admin)
	if err != nil {
		return fmt.Errorf("connect to the tests' Postgres: %w", err)
	}
	defer func() { _ = conn.Close(ctx) }() // also gives the lock back
	if _, err := conn.Exec(ctx, "SELECT pg_advisory_lock($1)", templateLock); err != nil {
		return fmt.Errorf("wait for the template: %w", err)
	}
	if err := dropLeftovers(ctx, conn, time.Now()); err != nil {
		return err
	}
	return b.buildTemplate(ctx, conn)
}

// buildTemplate works under a scratch name: a migration that fails, or a kill in the
// middle, never leaves half a schema under the name that tests copy.
func (b bench) buildTemplate(ctx context.Context, conn *pgx.Conn) error {
	var ready bool
	err := conn.QueryRow(ctx, "SELECT EXISTS (SELECT FROM pg_database WHERE datname = $1)", b.template).Scan(&ready)
	if err != nil || ready {
		return err
	}
	scratch := b.template + "_new"
	for _, q := range []string{"DROP DATABASE IF EXISTS " + scratch + " WITH (FORCE)", "CREATE DATABASE " + scratch} {
		if _, err := conn.Exec(ctx, q); err != nil {
			return fmt.Errorf("make the template: %w", err)
		}
	}
	url, err := b.url(scratch)
	if err != nil {
		return err
	}
	if err := store.Migrate(ctx, url); err != nil {
		return fmt.Errorf("migrate the template: %w", err)
	}
	_, err = conn.Exec(ctx, "ALTER DATABASE "+scratch+" RENAME TO "+b.template)
	return err
}

// testName says when it was made, so that a later run can tell what is left over.
func testName(now time.Time) string {
	return testPrefix + strconv.FormatInt(now.Unix(), 10) + "_" + strings.ToLower(rand.Text()[:12])
}

// madeAt reads a name of testName; ok is false for anybody else's database.
func madeAt(name string) (at time.Time, ok bool) {
	rest, ours := strings.CutPrefix(name, testPrefix)
	stamp, _, cut := strings.Cut(rest, "_")
	n, err := strconv.ParseInt(stamp, 10, 64)
	return time.Unix(n, 0), ours && cut && err == nil
}

func dropLeftovers(ctx context.Context, conn *pgx.Conn, now time.Time) error {
	rows, err := conn.Query(ctx, "SELECT datname::text FROM pg_database WHERE starts_with(datname::text, $1)", testPrefix)
	if err != nil {
		return err
	}
	names, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for _, name := range names {
		if at, ok := madeAt(name); ok && now.Sub(at) > leftover {
			if _, err := conn.Exec(ctx, "DROP DATABASE IF EXISTS "+pgx.Identifier{name}.Sanitize()+" WITH (FORCE)"); err != nil {
				return err
			}
		}
	}
	return nil
}
