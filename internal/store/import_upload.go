package store

import (
	"context"
	"encoding/json"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
)

// BeginImport makes the import a file will be uploaded for. A request with the same key
// gets that import again; while it is still uploading, what has arrived of the file is
// thrown away, because the request brings all of it.
func (s *Store) BeginImport(ctx context.Context, o models.Once, imp models.Import) (models.Import, error) {
	id := imp.ID
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		var err error
		if id, err = rememberOnce(ctx, tx, imp.AccountID, o, imp.ID); err != nil {
			return err
		}
		if id == imp.ID {
			options, _ := json.Marshal(imp.Options) // strings and booleans never fail
			_, err = tx.Exec(ctx, `INSERT INTO imports (id, account_id, list_id, state, file_name, options, file_hash, rows_read, refused, added, merged, opted_out)
				VALUES ($1, $2, $3, 'uploading', $4, $5, '', 0, 0, 0, 0, 0)`, imp.ID, imp.AccountID, imp.ListID, imp.FileName, options)
			return err
		}
		tag, err := tx.Exec(ctx, `UPDATE imports SET file_bytes = 0, changed_at = now()
			WHERE id = $1 AND account_id = $2 AND state = 'uploading'`, id, imp.AccountID)
		if err != nil || tag.RowsAffected() == 0 {
			return err
		}
		_, err = tx.Exec(ctx, `DELETE FROM import_chunks WHERE import_id = $1`, id)
		return err
	})
	if err != nil {
		return models.Import{}, explain(err, "import")
	}
	return s.Import(ctx, imp.AccountID, id)
}

var errNotUploading = fault.New(fault.Conflict, "the import takes no file any more: it was cancelled, or the file is here")

// AddChunk keeps the next piece of a file; pieces are numbered from 0. A piece that is
// here already is a conflict: a second request uploads for the same import.
func (s *Store) AddChunk(ctx context.Context, account models.AccountID, id models.ImportID, number int, data []byte) error {
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `UPDATE imports SET file_bytes = file_bytes + $3, changed_at = now()
			WHERE account_id = $1 AND id = $2 AND state = 'uploading'`, account, id, len(data))
		if err == nil && tag.RowsAffected() == 0 {
			err = errNotUploading
		}
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `INSERT INTO import_chunks (import_id, number, data) VALUES ($1, $2, $3)`, id, number, data)
		return err
	})
	return explain(err, "piece of the file")
}

// EndUpload keeps what was learnt of a file that is here as a whole: hash, bytes, how it
// is written and its columns. A second call changes nothing.
func (s *Store) EndUpload(ctx context.Context, imp models.Import) (models.Import, error) {
	return s.changeImport(ctx, imp.AccountID, imp.ID, func(tx pgx.Tx, now *models.Import) error {
		if now.State == models.ImportUploaded {
			return nil
		}
		var bytes, chunks int64
		err := tx.QueryRow(ctx, `SELECT coalesce(sum(length(data)), 0), coalesce(max(number) + 1, 0) FROM import_chunks WHERE import_id = $1
			HAVING count(*) = coalesce(max(number) + 1, 0)`, imp.ID).Scan(&bytes, &chunks)
		if err != nil || bytes != imp.FileBytes {
			return fault.New(fault.Conflict, "the file did not arrive as a whole; upload it again")
		}
		now.FileHash, now.FileBytes, now.Encoding, now.Delimiter, now.Columns = imp.FileHash, imp.FileBytes, imp.Encoding, imp.Delimiter, imp.Columns
		return now.MoveTo(models.ImportUploaded)
	})
}
