package store

import (
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"sync"
	"sync/atomic"
	"time"

	"trackly/models"
	"trackly/rules/contactfile"
	"trackly/rules/field"
)

// staging is a file on its way into the table. Two work on it: one reads the file and
// makes rows of it, the other, which is COPY, writes them.
type staging struct {
	ctx    context.Context //nolint:containedctx // COPY calls back without one
	s      *Store
	imp    *models.Import
	chunks *chunks
	sum    hash.Hash
	rows   *contactfile.Reader
	types  field.Set
	read   atomic.Int64 // bytes

	ready  chan [][]any // closed at the end, or when failed is set
	failed error

	batch  [][]any
	number int64
	told   time.Time
	bad    error // why COPY has no next row, if there should be one
}

const (
	rowsAtATime = 200
	tellEvery   = time.Second
	lookEvery   = 1 << 10 // rows between two looks at the clock
)

// readFile begins to read; stop ends it, before the file's end too.
func (s *Store) readFile(ctx context.Context, imp *models.Import) (f *staging, stop func(), err error) {
	ctx, cancel := context.WithCancel(ctx)
	f = &staging{
		ctx: ctx, s: s, imp: imp, chunks: &chunks{ctx: ctx, s: s, id: imp.ID}, sum: sha256.New(), types: field.Set{},
		ready: make(chan [][]any, 2), told: time.Now(),
	}
	columns := fileColumns(imp.Columns)
	for _, c := range columns {
		if c.Meaning == contactfile.Custom {
			f.types[c.Field] = c.Type
		}
	}
	f.rows, err = contactfile.NewReader(io.TeeReader(f.chunks, f.sum), contactfile.Options{
		Region: imp.Options.Region, Columns: columns, Known: f.types,
	})
	if err != nil {
		cancel()
		return nil, nil, err
	}
	var reading sync.WaitGroup
	reading.Go(f.work)
	return f, func() { cancel(); reading.Wait() }, nil
}

// work reads rows until the end of the file.
func (f *staging) work() {
	defer close(f.ready)
	var number int64
	for {
		batch := make([][]any, 0, rowsAtATime)
		for len(batch) < rowsAtATime {
			row, err := f.rows.Next()
			if err != nil {
				if !errors.Is(err, io.EOF) {
					f.failed = err
				}
				break
			}
			number++
			batch = append(batch, f.s.rowOf(number, row, f.types))
		}
		f.read.Store(f.chunks.read)
		select {
		case f.ready <- batch:
		case <-f.ctx.Done():
			return
		}
		if len(batch) < rowsAtATime {
			return
		}
	}
}

// next gives COPY the next row, and nothing after the last one.
func (f *staging) next() ([]any, error) {
	for len(f.batch) == 0 {
		batch, more := <-f.ready
		if !more {
			f.bad = errors.Join(f.failed, f.ctx.Err())
			return nil, f.bad
		}
		f.batch = batch
	}
	if f.number++; f.number%lookEvery == 0 && time.Since(f.told) >= tellEvery {
		if f.bad = f.tell(); f.bad != nil {
			return nil, f.bad
		}
	}
	row := f.batch[0]
	f.batch = f.batch[1:]
	return row, nil
}

// hash is that of the file, known after the last row.
func (f *staging) hash() []byte { return f.sum.Sum(nil) }

// tell writes how far the reading is where others see it, over another connection.
func (f *staging) tell() error {
	f.told = time.Now()
	tag, err := f.s.pool.Exec(f.ctx, `UPDATE imports SET rows_read = $2, bytes_read = $3, changed_at = now()
		WHERE id = $1 AND state IN ('running', 'checking')`, f.imp.ID, f.number, f.read.Load())
	if err == nil && tag.RowsAffected() == 0 {
		err = errStopped
	}
	return err
}
