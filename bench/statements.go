package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"strings"

	"github.com/jackc/pgx/v5"

	"trackly/internal/embedded/postgres"
)

// countStatements restarts Postgres with its statement statistics. They cost a few
// percent, so only a run for profiles has them.
func (m *machine) countStatements(ctx context.Context, dir string) error {
	if m.o.profile == "" {
		return nil
	}
	if err := os.MkdirAll(m.o.profile, 0o755); err != nil { //nolint:gosec // profiles are for everybody
		return err
	}
	conn, err := pgx.Connect(ctx, m.postgres.URL())
	if err != nil {
		return err
	}
	for _, set := range []string{
		"shared_preload_libraries = 'pg_stat_statements'", "track_functions = 'all'", "pg_stat_statements.track = 'all'",
	} {
		if _, err := conn.Exec(ctx, "ALTER SYSTEM SET "+set); err != nil && !strings.Contains(err.Error(), "unrecognized") {
			return err
		}
	}
	if err := conn.Close(ctx); err != nil {
		return err
	}
	if err := m.postgres.Stop(ctx); err != nil {
		return err
	}
	m.postgres, err = postgres.Start(ctx, postgres.Options{Dir: filepath.Join(dir, "postgres"), Log: m.log})
	return err
}

func (m *machine) openStatements(ctx context.Context) error {
	if m.o.profile == "" {
		return nil
	}
	conn, err := pgx.Connect(ctx, m.postgres.URL())
	if err != nil {
		return err
	}
	defer func() { _ = conn.Close(ctx) }()
	_, err = conn.Exec(ctx, "CREATE EXTENSION pg_stat_statements")
	return err
}

// profiled runs do, and writes down where the product and Postgres spent the time when
// that was asked for.
func (m *machine) profiled(ctx context.Context, name string, do func() error) error {
	if m.o.profile == "" {
		return do()
	}
	if _, err := m.pool.Exec(ctx, "SELECT pg_stat_statements_reset(), pg_stat_reset()"); err != nil {
		return err
	}
	path, err := filepath.Abs(filepath.Join(m.o.profile, name))
	if err != nil {
		return err
	}
	if _, err := m.product.ask(ctx, "/profile/start?file="+path+".pprof"); err != nil {
		return err
	}
	if err := do(); err != nil {
		return err
	}
	if _, err := m.product.ask(ctx, "/profile/stop"); err != nil {
		return err
	}
	return m.writeStatements(ctx, path+".txt")
}

func (m *machine) writeStatements(ctx context.Context, path string) error {
	rows, err := m.pool.Query(ctx, `SELECT calls, round(total_exec_time), round((total_exec_time / calls)::numeric, 3), rows,
		wal_bytes::bigint, regexp_replace(left(query, 160), '\s+', ' ', 'g')
		FROM pg_stat_statements ORDER BY total_exec_time DESC LIMIT 25`)
	if err != nil {
		return err
	}
	var b strings.Builder
	_, _ = fmt.Fprintln(&b, "calls  total ms  ms/call  rows  wal bytes  statement")
	for rows.Next() {
		v, err := rows.Values()
		if err != nil {
			return err
		}
		_, _ = fmt.Fprintln(&b, v...)
	}
	if err := rows.Err(); err != nil {
		return err
	}
	return os.WriteFile(path, []byte(b.String()), 0o644) //nolint:gosec // profiles are for everybody
}
