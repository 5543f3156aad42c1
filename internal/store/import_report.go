package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
)

// Import reads the report of one import.
func (s *Store) Import(ctx context.Context, account models.AccountID, id models.ImportID) (models.Import, error) {
	var imp models.Import
	if !models.IsID(id) {
		return imp, fault.New(fault.NotFound, "no such import")
	}
	err := s.db.WithContext(ctx).Take(&imp, "account_id = ? AND id = ?", account, id).Error
	return imp, explain(err, "import")
}

// Imports reads a page of import reports after the cursor, oldest first.
func (s *Store) Imports(ctx context.Context, account models.AccountID, list models.ListID, after models.ImportID, limit int) ([]models.Import, error) {
	if !models.IsID(list) {
		return nil, fault.New(fault.NotFound, "no such list")
	}
	var rows []models.Import
	err := s.page(ctx, account, string(after), limit).Where("list_id = ?", list).Find(&rows).Error
	return rows, explain(err, "imports")
}

// Refusals reads a page of the rows an import did not take.
func (s *Store) Refusals(ctx context.Context, account models.AccountID, id models.ImportID, after int64, limit int) ([]models.Refusal, error) {
	if _, err := s.Import(ctx, account, id); err != nil {
		return nil, err
	}
	rows, err := s.pool.Query(ctx, `SELECT number, line, column_name, value, reason, message FROM import_refusals
		WHERE import_id = $1 AND number > $2 ORDER BY number LIMIT $3`, id, after, limit)
	if err != nil {
		return nil, explain(err, "refused rows")
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[models.Refusal])
	return out, explain(err, "refused rows")
}
