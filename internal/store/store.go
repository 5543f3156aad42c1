// Package store is every question to Postgres and every change in it. It is the only
// package that imports gorm. It decides nothing: rules and models decide, it reads,
// locks and writes. Every method takes an account unless its comment says why not.
package store

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
	"github.com/jackc/pgx/v5/stdlib"
	"gorm.io/driver/postgres"
	"gorm.io/gorm"
	"gorm.io/gorm/logger"

	"trackly/internal/fault"
	"trackly/models"
)

// Options say which database to open and how.
type Options struct {
	URL      string   // postgres://...
	MaxConns int32    // default 20
	SealKeys [][]byte // 32 bytes each; the first seals provider credentials, all open them
	PhoneKey []byte   // hashes the phones of erased people
	Log      *slog.Logger
}

// Store is safe for concurrent use. gorm and pgx share one pool of connections.
type Store struct {
	pool     *pgxpool.Pool
	db       *gorm.DB
	sealer   sealer
	phoneKey []byte
	log      *slog.Logger
	statuses *gather[statusChange, bool]
	clicks   *gather[clickOf, landing]
	// conversions are told one by one
	conversions *gather[telling, models.Booking]
	// staging bounds the files that are read at once: each takes a second connection while
	// it holds one, and all of the pool would wait for each other.
	staging chan struct{}
}

// Open connects, and fails when the database does not answer within the context.
func Open(ctx context.Context, o Options) (*Store, error) {
	if len(o.SealKeys) == 0 || len(o.PhoneKey) == 0 {
		return nil, fault.New(fault.Invalid, "the store needs a sealing key and a phone key")
	}
	seal, err := newSealer(o.SealKeys...)
	if err != nil {
		return nil, err
	}
	cfg, err := pgxpool.ParseConfig(o.URL)
	if err != nil {
		return nil, fault.New(fault.Invalid, "the database URL cannot be read") // its text may hold a password
	}
	cfg.MaxConns = max(o.MaxConns, 4)
	if o.MaxConns == 0 {
		cfg.MaxConns = 20
	}
	cfg.ConnConfig.ConnectTimeout = 5 * time.Second
	cfg.AfterConnect = binaryUUIDs
	pool, err := pgxpool.NewWithConfig(ctx, cfg)
	if err != nil {
		return nil, fault.Wrap(err, fault.Broken, "cannot open the database")
	}
	if err := pool.Ping(ctx); err != nil {
		pool.Close()
		return nil, fault.Wrap(err, fault.Broken, "the database does not answer")
	}
	db, err := gorm.Open(postgres.New(postgres.Config{Conn: stdlib.OpenDBFromPool(pool)}), &gorm.Config{
		TranslateError: true, Logger: logger.Discard, SkipDefaultTransaction: true, DisableAutomaticPing: true,
	})
	if err != nil {
		pool.Close()
		return nil, fault.Wrap(err, fault.Broken, "cannot open the database")
	}
	s := &Store{pool: pool, db: db, sealer: seal, phoneKey: o.PhoneKey, log: o.Log, staging: make(chan struct{}, cfg.MaxConns/4)}
	s.statuses = newGather(s.writeStatuses)
	s.clicks = newGather(s.writeClicks)
	s.conversions = newGather(s.writeConversions)
	return s, nil
}

// Close waits for what is being written and closes the pool.
func (s *Store) Close() {
	s.statuses.close()
	s.clicks.close()
	s.conversions.close()
	s.pool.Close()
}

// Ping reports whether the database answers.
func (s *Store) Ping(ctx context.Context) error {
	return explain(s.pool.Ping(ctx), "database")
}

// atomic runs do in one transaction, again when Postgres undid it for another one.
func (s *Store) atomic(ctx context.Context, level pgx.TxIsoLevel, do func(tx pgx.Tx) error) error {
	return again(func() error { return pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: level}, do) })
}

// run is one statement, again when Postgres undid it for another one. A statement is a
// transaction by itself: BEGIN and COMMIT around it would be two more round trips.
func (s *Store) run(ctx context.Context, sql string, args ...any) error {
	return again(func() error {
		_, err := s.pool.Exec(ctx, sql, args...)
		return err
	})
}

// again repeats what Postgres chose as the victim of a deadlock or of a serialization
// conflict: both mean "nothing happened, try again".
func again(do func() error) error {
	var err error
	for range 5 {
		if err = do(); !victim(err) {
			break
		}
	}
	return err
}

// explain is the only place where a driver's error becomes a fault.
func explain(err error, what string) error {
	var f *fault.Fault
	switch {
	case err == nil:
		return nil
	case errors.As(err, &f), errors.Is(err, context.Canceled), errors.Is(err, context.DeadlineExceeded):
		return err
	case errors.Is(err, pgx.ErrNoRows), errors.Is(err, gorm.ErrRecordNotFound):
		return fault.New(fault.NotFound, "no such %s", what)
	case errors.Is(err, gorm.ErrDuplicatedKey), hasCode(err, uniqueViolation):
		return fault.Wrap(err, fault.Conflict, "this %s already exists", what)
	case hasCode(err, checkViolation), hasCode(err, foreignKeyViolation):
		return fault.Wrap(err, fault.Internal, "the database refused the %s", what)
	}
	return fault.Wrap(err, fault.Broken, "the database failed at the %s", what)
}
