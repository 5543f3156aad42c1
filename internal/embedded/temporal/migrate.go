package temporal

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"
	"go.temporal.io/server/common/config"
	"go.temporal.io/server/common/log"
	toolschema "go.temporal.io/server/tools/common/schema"
	toolsql "go.temporal.io/server/tools/sql"

	"trackly/internal/fault"
)

// migrationLock is an advisory lock's number; any would do that nobody else uses.
const migrationLock = 0x7472_6b6c_7974

// migrate brings both schemas to the version of the linked server. The server's own
// tools are no match for a second process that does the same, hence the lock; it is
// the session's and so ends with us however we end.
func migrate(ctx context.Context, pg *pgx.ConnConfig, s stores) error {
	conn, err := pgx.ConnectConfig(ctx, pg)
	if err != nil {
		return fault.Wrap(err, fault.Broken, "connect to Temporal's database")
	}
	defer func() { _ = conn.Close(context.WithoutCancel(ctx)) }()
	if err := takeLock(ctx, conn); err != nil {
		return fault.Wrap(err, fault.Broken, "wait for another start to finish")
	}
	for _, q := range []string{
		"SET client_min_messages = error",
		"CREATE EXTENSION IF NOT EXISTS btree_gin SCHEMA public",
		"CREATE SCHEMA IF NOT EXISTS " + mainSchema,
		"CREATE SCHEMA IF NOT EXISTS " + visibilitySchema,
	} {
		if _, err := conn.Exec(ctx, q); err != nil {
			return fault.Wrap(err, fault.Broken, "prepare Temporal's database (is the package with PostgreSQL's contrib modules installed?)")
		}
	}
	if err := upgrade(s.main, "postgresql/v12/temporal"); err != nil {
		return err
	}
	return upgrade(s.visibility, "postgresql/v12/visibility")
}

// takeLock asks again and again instead of waiting inside one statement: the holder
// builds indexes concurrently, which waits for every statement that began before.
func takeLock(ctx context.Context, conn *pgx.Conn) error {
	for {
		var taken bool
		if err := conn.QueryRow(ctx, "SELECT pg_try_advisory_lock($1)", int64(migrationLock)).Scan(&taken); err != nil || taken {
			return err
		}
		if err := pause(ctx, 50*time.Millisecond); err != nil {
			return err
		}
	}
}

// upgrade applies the versioned files that the server module carries.
func upgrade(c *config.SQL, files string) error {
	quiet := log.NewNoopLogger()
	conn, err := toolsql.NewConnection(c, quiet)
	if err != nil {
		return fault.Wrap(err, fault.Broken, "connect to Temporal's database")
	}
	defer conn.Close()
	if _, err := conn.ReadSchemaVersion(); err != nil { // no version table yet
		setup := toolschema.NewSetupSchemaTask(conn, &toolschema.SetupConfig{InitialVersion: "0.0"}, quiet)
		if err := setup.Run(); err != nil {
			return fault.Wrap(err, fault.Broken, "set up Temporal's schema")
		}
	}
	update := toolschema.NewUpdateSchemaTask(conn, &toolschema.UpdateConfig{SchemaName: files}, quiet)
	if err := update.Run(); err != nil {
		return fault.Wrap(err, fault.Broken, "upgrade Temporal's schema")
	}
	return nil
}
