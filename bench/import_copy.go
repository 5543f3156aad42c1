package main

import (
	"context"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"
)

// copySpeed gives rows a second of COPY into an empty table.
func (m *machine) copySpeed(ctx context.Context, f contactFile) (float64, error) {
	conn, err := pgx.Connect(ctx, m.orders.DatabaseURL)
	if err != nil {
		return 0, err
	}
	defer func() { _ = conn.Close(ctx) }()
	if err := makeCopied(ctx, conn); err != nil {
		return 0, err
	}
	file, err := os.Open(f.path)
	if err != nil {
		return 0, err
	}
	defer func() { _ = file.Close() }()
	began := time.Now()
	tag, err := conn.PgConn().CopyFrom(ctx, file,
		"COPY copied (phone, first_name, last_name, state, plan_interest, signup_source, age, consent_date) FROM STDIN (FORMAT csv, HEADER)")
	took := time.Since(began).Seconds()
	if err != nil {
		return 0, err
	}
	if tag.RowsAffected() != int64(f.rows) {
		return 0, fmt.Errorf("COPY took %d of %d rows", tag.RowsAffected(), f.rows)
	}
	_, err = conn.Exec(ctx, "DROP TABLE copied")
	return float64(f.rows) / took, err
}

// makeCopied makes a table like subscriptions with the phone in it, and every index that
// contacts and subscriptions have now.
func makeCopied(ctx context.Context, conn *pgx.Conn) error {
	for _, q := range []string{
		"DROP TABLE IF EXISTS copied",
		"CREATE SEQUENCE IF NOT EXISTS copied_contacts",
		"CREATE TABLE copied (LIKE subscriptions INCLUDING DEFAULTS INCLUDING IDENTITY INCLUDING CONSTRAINTS)",
		`ALTER TABLE copied ALTER account_id SET DEFAULT '00000000-0000-0000-0000-000000000001',
		       ALTER list_id SET DEFAULT '00000000-0000-0000-0000-000000000002', ALTER contact_id SET DEFAULT nextval('copied_contacts'),
		       ADD phone text NOT NULL, ADD consent_date text, ADD plan_interest text, ADD signup_source text, ADD age text`,
		// The index of the custom fields is over these three columns, as it is over ours.
		`ALTER TABLE copied DROP fields, ADD fields jsonb GENERATED ALWAYS AS (jsonb_object(
		       ARRAY['plan_interest', plan_interest, 'signup_source', signup_source, 'age', age])) STORED`,
	} {
		if _, err := conn.Exec(ctx, q); err != nil {
			return err
		}
	}
	rows, err := conn.Query(ctx, `SELECT indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename IN ('contacts', 'subscriptions')`)
	if err != nil {
		return err
	}
	indexes, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	for i, def := range indexes {
		if _, err := conn.Exec(ctx, indexOnCopied(def, i)); err != nil {
			return fmt.Errorf("%s: %w", def, err)
		}
	}
	return nil
}

// indexOnCopied writes an index anew for the table copied.
func indexOnCopied(def string, n int) string {
	head, rest, _ := strings.Cut(def, " ON ")
	table, columns, _ := strings.Cut(rest, " ")
	if table == "public.contacts" {
		columns = strings.Replace(columns, "(id)", "(contact_id)", 1)
	}
	unique := ""
	if strings.HasPrefix(head, "CREATE UNIQUE") {
		unique = "UNIQUE "
	}
	return fmt.Sprintf("CREATE %sINDEX copied_%d ON copied %s", unique, n, columns)
}
