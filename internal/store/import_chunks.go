package store

import (
	"context"
	"errors"
	"io"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// chunks reads an uploaded file piece by piece, over connections of its own: the one that
// takes the rows is busy. It is for one goroutine.
type chunks struct {
	ctx  context.Context //nolint:containedctx // io.Reader has no other place for it
	s    *Store
	id   models.ImportID
	next int
	rest []byte
	read int64
}

// Read implements io.Reader.
func (c *chunks) Read(p []byte) (int, error) {
	for len(c.rest) == 0 {
		err := c.s.pool.QueryRow(c.ctx, `SELECT data FROM import_chunks WHERE import_id = $1 AND number = $2`, c.id, c.next).Scan(&c.rest)
		if errors.Is(err, pgx.ErrNoRows) {
			return 0, io.EOF
		}
		if err != nil {
			return 0, err
		}
		c.next++
	}
	n := copy(p, c.rest)
	c.rest, c.read = c.rest[n:], c.read+int64(n)
	return n, nil
}
