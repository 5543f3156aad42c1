package api

import (
	"context"
	"crypto/sha256"
	"errors"
	"hash"
	"io"
	"time"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/contactfile"
	"trackly/rules/field"
)

const (
	// chunkSize is what is stored at once, and what an upload holds in memory.
	chunkSize = 1 << 20
	// tidyUp is how long an upload that failed may take to be cancelled.
	tidyUp = 10 * time.Second
)

// taking is an upload on its way into the store.
type taking struct {
	store  importStore
	upload *upload
	once   models.Once
	imp    models.Import
	hash   hash.Hash
	chunk  []byte
}

// take stores the file. Nothing is kept of one that can be no file of contacts: its
// beginning is looked at before anything else.
func (t *taking) take(ctx context.Context, limit int64, known field.Set) (contactfile.Layout, error) {
	defer t.upload.rest()
	var layout contactfile.Layout
	file, err := t.upload.open(limit)
	if err != nil {
		return layout, unpackable(t.upload, err)
	}
	t.chunk = make([]byte, chunkSize)
	n, end, err := t.fill(file)
	if err != nil {
		return layout, err
	}
	if layout, err = contactfile.Propose(t.chunk[:n], t.imp.Options.Region, known); err != nil {
		return layout, err
	}
	if file.name != "" {
		t.imp.FileName = file.name
	}
	t.imp.FileName = shortName(t.imp.FileName)
	if t.imp, err = t.store.BeginImport(ctx, t.once, t.imp); err != nil {
		return layout, err
	}
	if t.imp.State != models.ImportUploading {
		return layout, t.repeated()
	}
	if err := t.keep(ctx, file, n, end); err != nil {
		return layout, t.giveUp(ctx, err)
	}
	t.imp.FileHash = t.hash.Sum(nil)
	t.imp.Encoding, t.imp.Delimiter, t.imp.Columns = string(layout.Encoding), layout.Delimiter, keptColumns(layout.Columns)
	t.imp, err = t.store.EndUpload(ctx, t.imp)
	return layout, err
}

// fill reads the next chunk; end says that it is the last one.
func (t *taking) fill(file io.Reader) (n int, end bool, err error) {
	n, err = io.ReadFull(file, t.chunk)
	switch {
	case err == nil:
		return n, false, nil
	case errors.Is(err, io.EOF):
		return n, true, nil
	case errors.Is(err, io.ErrUnexpectedEOF) && t.ended(file):
		return n, true, nil
	}
	return n, false, unpackable(t.upload, err)
}

// ended tells the end of a file from a gzip or a form that is cut off: io.ReadFull has
// the same error for both, and a reader at its end says so again.
func (*taking) ended(file io.Reader) bool {
	_, err := file.Read(make([]byte, 1))
	return errors.Is(err, io.EOF)
}

// keep stores what was read and the rest of the file, chunk by chunk.
func (t *taking) keep(ctx context.Context, file io.Reader, n int, end bool) (err error) {
	t.hash, t.imp.FileBytes = sha256.New(), 0
	for number := 0; n > 0; number++ {
		_, _ = t.hash.Write(t.chunk[:n])
		t.imp.FileBytes += int64(n)
		if err = t.store.AddChunk(ctx, t.imp.AccountID, t.imp.ID, number, t.chunk[:n]); err != nil {
			return err
		}
		if end {
			return nil
		}
		if n, end, err = t.fill(file); err != nil {
			return err
		}
	}
	return nil
}

// repeated is what a repetition hears of an upload that never became an import.
func (t *taking) repeated() error {
	if t.imp.State == models.ImportCancelled && len(t.imp.FileHash) == 0 {
		return fault.New(fault.Conflict, "the upload with this Idempotency-Key failed: %s; take a new key", t.imp.Reason)
	}
	return nil
}

// giveUp cancels an upload that failed. One that has a key and broke off, or which we
// failed to store, is left for its repetition, and the keeper removes it when none comes;
// a conflict means that the repetition is here.
func (t *taking) giveUp(ctx context.Context, err error) error {
	repeatable := t.upload.broken != nil || ours(err)
	if repeatable && t.once.Key != "" || fault.KindOf(err) == fault.Conflict {
		return err
	}
	ctx, cancel := context.WithTimeout(context.WithoutCancel(ctx), tidyUp)
	defer cancel()
	_, _ = t.store.CancelImport(ctx, t.imp.AccountID, t.imp.ID, saidOf(err)) // else the keeper does
	return err
}

// ours reports whether the same file may be stored the next time.
func ours(err error) bool {
	f, ok := errors.AsType[*fault.Fault](err)
	return ok && !f.Kind.Final()
}

// saidOf is what a client hears of err.
func saidOf(err error) string {
	if p, ok := errors.AsType[*Problem](err); ok {
		return p.Detail
	}
	if f, ok := errors.AsType[*fault.Fault](err); ok {
		return f.Message
	}
	return "the upload could not be stored"
}
