package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

const (
	uploadPatience = time.Hour      // an upload that brings nothing for so long broke off
	startPatience  = 24 * time.Hour // a file is kept for so long until somebody starts its import
)

// EndAbandonedImports cancels imports whose upload broke off and those nobody started,
// and takes away files that ended imports left. It crosses accounts: the keeper looks
// after all of them.
func (s *Store) EndAbandonedImports(ctx context.Context, at time.Time, limit int) error {
	rows, err := s.pool.Query(ctx, `
		SELECT id::text, account_id::text, state FROM imports
		 WHERE state = 'uploading' AND changed_at < $1 OR state IN ('uploaded', 'checked') AND changed_at < $2
		 ORDER BY changed_at LIMIT $3`, at.Add(-uploadPatience), at.Add(-startPatience), limit)
	if err != nil {
		return explain(err, "imports")
	}
	old, err := pgx.CollectRows(rows, pgx.RowToStructByPos[struct {
		ID      models.ImportID
		Account models.AccountID
		State   models.ImportState
	}])
	if err != nil {
		return explain(err, "imports")
	}
	for _, i := range old {
		why := "nobody started it within a day"
		if i.State == models.ImportUploading {
			why = "the upload broke off"
		}
		if _, err := s.CancelImport(ctx, i.Account, i.ID, why); err != nil {
			return err
		}
	}
	return s.dropLeftFiles(ctx, at, limit)
}

// dropLeftFiles clears up after workflows that an operator terminated.
func (s *Store) dropLeftFiles(ctx context.Context, at time.Time, limit int) error {
	rows, err := s.pool.Query(ctx, `
		SELECT i.id::text FROM import_chunks c JOIN imports i ON i.id = c.import_id
		 WHERE c.number = 0 AND i.state IN ('done', 'failed', 'cancelled') AND i.changed_at < $1 LIMIT $2`, at.Add(-uploadPatience), limit)
	if err != nil {
		return explain(err, "imports")
	}
	left, err := pgx.CollectRows(rows, pgx.RowTo[models.ImportID])
	if err != nil {
		return explain(err, "imports")
	}
	for _, id := range left {
		err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error { return dropFile(ctx, tx, id) })
		if err != nil {
			return explain(err, "import's file")
		}
	}
	return nil
}

// ImportsAtWork lists imports started before the given time which are not at their end.
// It crosses accounts: the keeper looks after all of them.
func (s *Store) ImportsAtWork(ctx context.Context, before time.Time, limit int) ([]models.Import, error) {
	var rows []models.Import
	err := s.db.WithContext(ctx).
		Where("state IN ('running', 'checking') AND started_at < ?", before).
		Order("started_at").Limit(limit).Find(&rows).Error
	return rows, explain(err, "imports")
}
