package store

import (
	"context"
	"crypto/sha256"
	"database/sql"
	"embed"
	"encoding/hex"
	"io/fs"

	_ "github.com/jackc/pgx/v5/stdlib" // registers the driver goose uses
	"github.com/pressly/goose/v3"
	"github.com/pressly/goose/v3/lock"

	"trackly/internal/fault"
)

//go:embed migrations/*.sql
var migrations embed.FS

// Migrate brings the database at url to today's schema. Two processes may call it at
// once: an advisory lock lets one wait for the other.
func Migrate(ctx context.Context, url string) error {
	return migrate(url, func(p *goose.Provider) error {
		_, err := p.Up(ctx)
		return err
	})
}

func migrate(url string, do func(*goose.Provider) error) error {
	db, err := sql.Open("pgx", url)
	if err != nil {
		return fault.New(fault.Invalid, "the database URL cannot be read")
	}
	defer func() { _ = db.Close() }()
	files, err := fs.Sub(migrations, "migrations")
	if err != nil {
		return fault.Wrap(err, fault.Internal, "no migrations in this binary")
	}
	locker, err := lock.NewPostgresSessionLocker()
	if err != nil {
		return fault.Wrap(err, fault.Internal, "cannot lock the schema")
	}
	p, err := goose.NewProvider(goose.DialectPostgres, db, files, goose.WithSessionLocker(locker))
	if err != nil {
		return fault.Wrap(err, fault.Internal, "cannot read the migrations")
	}
	if err := do(p); err != nil {
		return fault.Wrap(err, fault.Broken, "cannot migrate the database")
	}
	return nil
}

// SchemaFingerprint names today's schema: a hash over every migration's text.
func SchemaFingerprint() string {
	h := sha256.New()
	names, _ := fs.Glob(migrations, "migrations/*.sql") // the pattern is constant and valid
	for _, name := range names {
		text, _ := migrations.ReadFile(name)
		_, _ = h.Write([]byte(name))
		_, _ = h.Write(text)
	}
	return hex.EncodeToString(h.Sum(nil))[:16]
}
