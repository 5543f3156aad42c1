package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/models"
	"trackly/rules/field"
)

// Fields gives the custom fields of an account by name.
func (s *Store) Fields(ctx context.Context, account models.AccountID) ([]models.Field, error) {
	rows, err := s.pool.Query(ctx, `SELECT account_id::text, name, type, created_at FROM fields WHERE account_id = $1 ORDER BY name`, account)
	if err != nil {
		return nil, explain(err, "fields")
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[models.Field])
	return out, explain(err, "fields")
}

// FieldSet gives the types of an account's custom fields.
func (s *Store) FieldSet(ctx context.Context, account models.AccountID) (field.Set, error) {
	all, err := s.Fields(ctx, account)
	set := make(field.Set, len(all))
	for _, f := range all {
		set[f.Name] = f.Type
	}
	return set, err
}
