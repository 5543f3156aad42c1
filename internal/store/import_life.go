package store

import (
	"context"
	"encoding/json"
	"slices"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
)

// changeImport changes an import's row under a lock, so two callers cannot both find a
// move legal. The lock lets pages be merged meanwhile.
func (s *Store) changeImport(ctx context.Context, account models.AccountID, id models.ImportID,
	change func(tx pgx.Tx, imp *models.Import) error,
) (models.Import, error) {
	if !models.IsID(id) {
		return models.Import{}, fault.New(fault.NotFound, "no such import")
	}
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		imp, err := importIn(ctx, tx, account, id, "FOR NO KEY UPDATE")
		if err != nil {
			return err
		}
		was := imp.State
		if err := change(tx, &imp); err != nil || imp.State == was {
			return err
		}
		return saveImport(ctx, tx, &imp)
	})
	if err != nil {
		return models.Import{}, explain(err, "import")
	}
	return s.Import(ctx, account, id)
}

// importIn reads what an import's work needs to know, over the connection it has.
func importIn(ctx context.Context, tx pgx.Tx, account models.AccountID, id models.ImportID, lock string) (models.Import, error) {
	imp := models.Import{ID: id, AccountID: account}
	var columns, options []byte
	err := tx.QueryRow(ctx, `
		SELECT list_id::text, state, file_hash, file_bytes, encoding, delimiter, columns, options, staged, rows_read FROM imports
		 WHERE account_id = $1 AND id = $2 `+lock, account, id).
		Scan(&imp.ListID, &imp.State, &imp.FileHash, &imp.FileBytes, &imp.Encoding, &imp.Delimiter, &columns, &options, &imp.Staged, &imp.RowsRead)
	if err != nil {
		return imp, err
	}
	if err := json.Unmarshal(columns, &imp.Columns); err != nil {
		return imp, fault.Wrap(err, fault.Internal, "the columns of an import cannot be read")
	}
	if err := json.Unmarshal(options, &imp.Options); err != nil {
		return imp, fault.Wrap(err, fault.Internal, "the options of an import cannot be read")
	}
	return imp, nil
}

func saveImport(ctx context.Context, tx pgx.Tx, imp *models.Import) error {
	columns, _ := json.Marshal(imp.Columns) // strings never fail
	options, _ := json.Marshal(imp.Options) // the same
	_, err := tx.Exec(ctx, `
		UPDATE imports SET state = $2, reason = $3, file_hash = $4, file_bytes = $5, encoding = $6, delimiter = $7, columns = $8, options = $9,
		       staged = $10, rows_read = $11, changed_at = now(),
		       started_at = CASE WHEN $2 IN ('checking', 'running') THEN now() ELSE started_at END,
		       finished_at = CASE WHEN $2 IN ('done', 'failed', 'cancelled', 'checked') THEN now() END
		 WHERE id = $1`,
		imp.ID, imp.State, imp.Reason, imp.FileHash, imp.FileBytes, imp.Encoding, imp.Delimiter, columns, options, imp.Staged, imp.RowsRead)
	return err
}

// StartImport says what becomes of the columns and lets the import, or a dry run of it,
// begin. A real start defines the custom fields that are new. Starting what runs in the
// same way changes nothing: the request is a repetition.
func (s *Store) StartImport(ctx context.Context, account models.AccountID, id models.ImportID, columns []models.ImportColumn,
	o models.ImportOptions, dryRun bool,
) (models.Import, error) {
	next := models.ImportRunning
	if dryRun {
		next = models.ImportChecking
	}
	return s.changeImport(ctx, account, id, func(tx pgx.Tx, imp *models.Import) error {
		if imp.State == next {
			return nil
		}
		if err := imp.MoveTo(next); err != nil {
			return err
		}
		settled, err := settleColumns(ctx, tx, imp, columns, o, !dryRun)
		if err != nil {
			return err
		}
		if !slices.Equal(settled, imp.Columns) || o != imp.Options {
			imp.Staged = false
		}
		if !imp.Staged {
			imp.RowsRead = 0
		}
		imp.Columns, imp.Options = settled, o
		return forgetDryRun(ctx, tx, imp)
	})
}

// forgetDryRun takes back what a dry run counted.
func forgetDryRun(ctx context.Context, tx pgx.Tx, imp *models.Import) error {
	for _, q := range []string{
		`DELETE FROM import_pages WHERE import_id = $1`,
		`DELETE FROM import_refusals WHERE import_id = $1 AND reason = '` + notMobile + `'`,
		`UPDATE imports SET refused = refused - coalesce((reasons->>'` + notMobile + `')::bigint, 0), reasons = reasons - '` + notMobile + `',
		        position = 0, added = 0, merged = 0, opted_out = 0, other_lists = 0 WHERE id = $1`,
	} {
		if _, err := tx.Exec(ctx, q, imp.ID); err != nil {
			return err
		}
	}
	if imp.Staged {
		return nil
	}
	if _, err := tx.Exec(ctx, `DELETE FROM import_refusals WHERE import_id = $1`, imp.ID); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `UPDATE imports SET refused = 0, reasons = '{}', bytes_read = 0 WHERE id = $1`, imp.ID)
	return err
}

// CancelImport ends an import for good. Rows that are merged stay merged. What works on
// it sees that before its next page and clears up; nobody works on one that was not
// started, so that is cleared up here.
func (s *Store) CancelImport(ctx context.Context, account models.AccountID, id models.ImportID, reason string) (models.Import, error) {
	return s.changeImport(ctx, account, id, func(tx pgx.Tx, imp *models.Import) error {
		if imp.State == models.ImportCancelled {
			return nil
		}
		working := imp.State == models.ImportRunning || imp.State == models.ImportChecking
		imp.Reason = reason
		if err := imp.MoveTo(models.ImportCancelled); err != nil || working {
			return err
		}
		return dropFile(ctx, tx, imp.ID)
	})
}

// FailImport ends an import whose file is no good, or which cannot go on. One that has
// come to its end keeps it.
func (s *Store) FailImport(ctx context.Context, account models.AccountID, id models.ImportID, reason string) error {
	_, err := s.changeImport(ctx, account, id, func(_ pgx.Tx, imp *models.Import) error {
		if imp.State.Final() {
			return nil
		}
		imp.Reason = reason
		return imp.MoveTo(models.ImportFailed)
	})
	return err
}

// FinishImport ends an import, or a dry run, of which every row is merged or checked, and
// clears up behind one that was cancelled or has failed. A second call finds nothing to do.
func (s *Store) FinishImport(ctx context.Context, account models.AccountID, id models.ImportID) (models.Import, error) {
	if err := s.takeStock(ctx, account, id); err != nil {
		return models.Import{}, err
	}
	imp, err := s.changeImport(ctx, account, id, func(tx pgx.Tx, imp *models.Import) error {
		switch imp.State { //nolint:exhaustive // nothing is at work in the others
		case models.ImportChecking:
			return imp.MoveTo(models.ImportChecked)
		case models.ImportRunning:
			return imp.MoveTo(models.ImportDone)
		}
		return nil
	})
	if err != nil || !imp.State.Final() {
		return imp, err
	}
	err = s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error { return dropFile(ctx, tx, id) })
	return imp, explain(err, "import's file")
}

// manyRows is how many new contacts make what Postgres knows of the tables wrong.
const manyRows = 10_000

// takeStock has Postgres look at the tables anew after a large import. It would do so by
// itself within a minute, but the user counts an audience and launches at once, and would
// be served by a plan for the tables as they were.
func (s *Store) takeStock(ctx context.Context, account models.AccountID, id models.ImportID) error {
	imp, err := s.Import(ctx, account, id)
	if err != nil || imp.State != models.ImportRunning || imp.Added < manyRows {
		return err
	}
	return explain(s.run(ctx, `ANALYZE contacts, subscriptions`), "import")
}

// KeepLookedUp keeps what came of an import's look-ups, also of one that was cancelled
// meanwhile: they are paid.
func (s *Store) KeepLookedUp(ctx context.Context, account models.AccountID, id models.ImportID, l models.LookedUp) error {
	raw, _ := json.Marshal(l) // numbers and a string never fail
	err := s.run(ctx, `UPDATE imports SET looked_up = $3, changed_at = now() WHERE account_id = $1 AND id = $2`, account, id, raw)
	return explain(err, "import")
}

// dropFile takes away the file and the rows read from it.
func dropFile(ctx context.Context, tx pgx.Tx, id models.ImportID) error {
	if _, err := tx.Exec(ctx, `DROP TABLE IF EXISTS `+rowsOf(id)); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `DELETE FROM import_chunks WHERE import_id = $1`, id)
	return err
}
