package store

import (
	"context"
	"slices"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/field"
	"trackly/rules/merge"
)

// Fields lists the account's custom fields by name.
func (s *Store) Fields(ctx context.Context, account models.AccountID) ([]models.Field, error) {
	rows, err := s.pool.Query(ctx, `SELECT account_id::text, name, type, created_at FROM fields WHERE account_id = $1 ORDER BY name`, account)
	if err != nil {
		return nil, explain(err, "fields")
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[models.Field])
	return out, explain(err, "fields")
}

// FieldSet is Fields as rules read them.
func (s *Store) FieldSet(ctx context.Context, account models.AccountID) (field.Set, error) {
	set, err := fieldSet(ctx, s.pool, account)
	return set, explain(err, "fields")
}

// querier is the pool or a transaction.
type querier interface {
	Query(ctx context.Context, sql string, args ...any) (pgx.Rows, error)
}

func fieldSet(ctx context.Context, q querier, account models.AccountID) (field.Set, error) {
	rows, err := q.Query(ctx, `SELECT name, type FROM fields WHERE account_id = $1`, account)
	if err != nil {
		return nil, err
	}
	set := field.Set{}
	var name string
	var is field.Type
	_, err = pgx.ForEachRow(rows, []any{&name, &is}, func() error {
		set[name] = is
		return nil
	})
	return set, err
}

// AddField defines a custom field. One that there is with the same type stays as it is;
// with another type it is a conflict.
func (s *Store) AddField(ctx context.Context, f models.Field) (models.Field, error) {
	if err := f.Check(); err != nil {
		return f, err
	}
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		if err := defineFields(ctx, tx, f.AccountID, f); err != nil {
			return err
		}
		return tx.QueryRow(ctx, `SELECT created_at FROM fields WHERE account_id = $1 AND name = $2`, f.AccountID, f.Name).Scan(&f.CreatedAt)
	})
	return f, explain(err, "field")
}

// defineFields adds what is missing of the fields, all or none of them. It holds the
// account's row: of several who count at once, all would find room for one more.
func defineFields(ctx context.Context, tx pgx.Tx, account models.AccountID, all ...models.Field) error {
	var one int
	if err := tx.QueryRow(ctx, `SELECT 1 FROM accounts WHERE id = $1 FOR NO KEY UPDATE`, account).Scan(&one); err != nil {
		return explain(err, "account")
	}
	names, types := make([]string, len(all)), make([]string, len(all))
	for i, f := range all {
		names[i], types[i] = f.Name, string(f.Type)
	}
	_, err := tx.Exec(ctx, `INSERT INTO fields (account_id, name, type)
		SELECT DISTINCT ON (t.name) $1::uuid, t.name, t.type FROM unnest($2::text[], $3::text[]) AS t (name, type) ORDER BY t.name
		ON CONFLICT DO NOTHING`, account, names, types)
	if err != nil {
		return err
	}
	var count int
	var other string
	err = tx.QueryRow(ctx, `
		SELECT (SELECT count(*) FROM fields WHERE account_id = $1),
		       coalesce((SELECT f.name || ' is a field of type ' || f.type FROM fields f
		                   JOIN unnest($2::text[], $3::text[]) AS t (name, type) ON t.name = f.name AND t.type <> f.type
		                  WHERE f.account_id = $1 ORDER BY f.name LIMIT 1), '')`, account, names, types).Scan(&count, &other)
	switch {
	case err != nil:
		return err
	case other != "":
		return fault.New(fault.Conflict, "%s", other)
	case count > field.Most:
		return fault.New(fault.Conflict, "an account has at most %d fields; delete one that is not used", field.Most)
	}
	return nil
}

// DeleteField ends a custom field that no creative, audience or campaign names. The
// contacts' values stay in their rows and are not shown any more.
func (s *Store) DeleteField(ctx context.Context, account models.AccountID, name string) error {
	if !field.IsName(name) {
		return fault.New(fault.NotFound, "no such field")
	}
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		tag, err := tx.Exec(ctx, `DELETE FROM fields WHERE account_id = $1 AND name = $2`, account, name)
		if err != nil {
			return err
		}
		if tag.RowsAffected() == 0 {
			return fault.New(fault.NotFound, "no such field")
		}
		user, err := userOf(ctx, tx, account, name)
		if err == nil && user != "" {
			err = fault.New(fault.Conflict, "the field is used by %s", user)
		}
		return err
	})
	return explain(err, "field")
}

// userOf names what would break without the field; empty: nothing would.
func userOf(ctx context.Context, tx pgx.Tx, account models.AccountID, name string) (user string, err error) {
	err = tx.QueryRow(ctx, `
		SELECT coalesce((
			SELECT 'the audience ' || name FROM audiences
			 WHERE account_id = $1 AND jsonb_path_exists(filter, '$.**.field ? (@ == $name)', jsonb_build_object('name', $2::text)) LIMIT 1), (
			SELECT 'the campaign ' || name FROM campaigns
			 WHERE account_id = $1 AND state NOT IN ('sent', 'cancelled')
			   AND jsonb_path_exists(filter, '$.**.field ? (@ == $name)', jsonb_build_object('name', $2::text)) LIMIT 1), '')`,
		account, name).Scan(&user)
	if err != nil || user != "" {
		return user, err
	}
	rows, err := tx.Query(ctx, `SELECT name, body FROM creatives WHERE account_id = $1 AND status <> 'archived' AND position($2 IN body) > 0`,
		account, name)
	if err != nil {
		return "", err
	}
	var creative, body string
	_, err = pgx.ForEachRow(rows, []any{&creative, &body}, func() error {
		if t, err := merge.Parse(body); err == nil && slices.Contains(t.Fields(), name) {
			user = "the creative " + creative
		}
		return nil
	})
	return user, err
}
