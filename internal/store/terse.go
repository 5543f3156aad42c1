package store

import (
	"context"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"
)

// sender sends statements: a transaction of either kind.
type sender interface {
	SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults
}

// send sends statements, if there are any, and reads what they answer.
func send(ctx context.Context, tx sender, b *pgx.Batch) error {
	if b.Len() == 0 {
		return nil
	}
	return tx.SendBatch(ctx, b).Close()
}

// tersely runs a transaction whose BEGIN goes with the first message to the database and
// whose COMMIT goes with the last, which do fills. Each message saved is one for which all
// others that want the same rows do not wait. Its level is READ COMMITTED.
func (s *Store) tersely(ctx context.Context, do func(tx sender, last *pgx.Batch) error) error {
	conn, err := s.pool.Acquire(ctx)
	if err != nil {
		return err
	}
	defer conn.Release() // one that is left in a transaction is closed, and so rolled back
	tx := &terse{conn: conn}
	var last pgx.Batch
	if err := do(tx, &last); err != nil {
		return err
	}
	last.Queue(`COMMIT`)
	return send(ctx, tx, &last)
}

type terse struct {
	conn  *pgxpool.Conn
	begun bool
}

// SendBatch begins the transaction if nothing has.
func (t *terse) SendBatch(ctx context.Context, b *pgx.Batch) pgx.BatchResults {
	if !t.begun {
		t.begun = true
		var begin pgx.Batch
		begin.Queue(`BEGIN ISOLATION LEVEL READ COMMITTED`)
		b.QueuedQueries = append(begin.QueuedQueries, b.QueuedQueries...)
	}
	return t.conn.SendBatch(ctx, b)
}
