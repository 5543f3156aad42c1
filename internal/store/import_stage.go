package store

import (
	"bytes"
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
)

// notMobile is why MobileOnly refuses a row.
const notMobile = "not_mobile"

// errStopped undoes what was done for an import which is not at work any more.
var errStopped = errors.New("the import was stopped")

// StageImport reads an import's file into the import's own table, in one transaction, and
// keeps what the file is refused for. Rows that wait there already are not read again; a
// table that a crash of Postgres has emptied is filled anew. fault.Invalid means that the
// file is no good.
func (s *Store) StageImport(ctx context.Context, account models.AccountID, id models.ImportID) (models.ImportStep, error) {
	select {
	case s.staging <- struct{}{}:
		defer func() { <-s.staging }()
	case <-ctx.Done():
		return models.ImportStep{}, ctx.Err()
	}
	var step models.ImportStep
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		step = models.ImportStep{}
		// Of two at work on the same file, because one was believed to be dead, the second
		// waits and finds the rows.
		if _, err := tx.Exec(ctx, `SELECT pg_advisory_xact_lock(hashtextextended($1, 0))`, "import/"+string(id)); err != nil {
			return err
		}
		imp, err := importIn(ctx, tx, account, id, "")
		if err != nil {
			return err
		}
		if !atWork(imp.State) {
			return errStopped
		}
		step.Rows = imp.RowsRead
		if imp.State == models.ImportRunning && imp.Options.LookUp {
			step.LookUps = &models.ImportLookUps{ListID: imp.ListID, MobileOnly: imp.Options.MobileOnly}
		}
		if there, err := rowsThere(ctx, tx, &imp); err != nil || there {
			return err
		}
		if step.Rows, err = s.stage(ctx, tx, &imp); err != nil {
			return err
		}
		return keepStaged(ctx, tx, imp.ID, step.Rows)
	})
	if errors.Is(err, errStopped) {
		return models.ImportStep{Stopped: true}, nil
	}
	return step, explain(err, "contact file")
}

func atWork(s models.ImportState) bool {
	return s == models.ImportRunning || s == models.ImportChecking
}

// rowsThere reports whether all rows of a file that was read are in its table.
func rowsThere(ctx context.Context, tx pgx.Tx, imp *models.Import) (bool, error) {
	if !imp.Staged {
		return false, nil
	}
	var there bool
	if err := tx.QueryRow(ctx, `SELECT to_regclass($1) IS NOT NULL`, rowsOf(imp.ID)).Scan(&there); err != nil || !there {
		return false, err
	}
	var n int64
	err := tx.QueryRow(ctx, `SELECT count(*) FROM `+rowsOf(imp.ID)).Scan(&n)
	return n == imp.RowsRead, err
}

func (s *Store) stage(ctx context.Context, tx pgx.Tx, imp *models.Import) (int64, error) {
	for _, q := range []string{
		`DROP TABLE IF EXISTS ` + rowsOf(imp.ID),
		`CREATE UNLOGGED TABLE ` + rowsOf(imp.ID) + ` (LIKE import_rows)`,
	} {
		if _, err := tx.Exec(ctx, q); err != nil {
			return 0, err
		}
	}
	f, stop, err := s.readFile(ctx, imp)
	if err != nil {
		return 0, err
	}
	defer stop()
	n, err := tx.CopyFrom(ctx, pgx.Identifier{rowsOf(imp.ID)}, rowColumns(), pgx.CopyFromFunc(f.next))
	switch {
	case f.bad != nil:
		return 0, f.bad // COPY replaced it with a database error
	case err != nil:
		return 0, err
	case n == 0:
		return 0, fault.New(fault.Invalid, "the file has no rows below its header")
	case !bytes.Equal(f.hash(), imp.FileHash):
		return 0, fault.New(fault.Invalid, "the file is not the one that was uploaded: two uploads got mixed up; upload it again")
	}
	for _, q := range []string{`CREATE INDEX ON ` + rowsOf(imp.ID) + ` (number)`, `ANALYZE ` + rowsOf(imp.ID) + ` (number)`} {
		if _, err := tx.Exec(ctx, q); err != nil {
			return 0, err
		}
	}
	return n, nil
}

// keepStaged keeps what the file is refused for, beside what pages refused before a crash.
func keepStaged(ctx context.Context, tx pgx.Tx, id models.ImportID, rows int64) error {
	if _, err := tx.Exec(ctx, `DELETE FROM import_refusals WHERE import_id = $1 AND reason <> '`+notMobile+`'`, id); err != nil {
		return err
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO import_refusals (import_id, number, line, column_name, value, reason, message)
		SELECT $1, number, line, column_name, value, reason, message FROM `+rowsOf(id)+` WHERE reason <> ''`, id)
	if err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `
		UPDATE imports SET staged = true, rows_read = $2, bytes_read = file_bytes, changed_at = now(), refused = r.all, reasons = r.each
		  FROM (SELECT coalesce(sum(n), 0) AS all, coalesce(jsonb_object_agg(reason, n), '{}') AS each
		          FROM (SELECT reason, count(*) AS n FROM import_refusals WHERE import_id = $1 GROUP BY reason) x) r
		 WHERE id = $1 AND state IN ('running', 'checking')`, id, rows)
	if err == nil && tag.RowsAffected() == 0 {
		err = errStopped
	}
	return err
}
