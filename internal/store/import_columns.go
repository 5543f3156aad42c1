package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/contactfile"
	"trackly/rules/field"
)

// settleColumns decides with the user's mapping what becomes of an import's columns, and
// defines the custom fields that are new when it is meant.
func settleColumns(ctx context.Context, tx pgx.Tx, imp *models.Import, columns []models.ImportColumn, o models.ImportOptions, define bool) ([]models.ImportColumn, error) {
	// Two imports that define fields at once would together exceed the limit.
	if _, err := tx.Exec(ctx, `SELECT FROM accounts WHERE id = $1 FOR NO KEY UPDATE`, imp.AccountID); err != nil {
		return nil, err
	}
	known, err := knownFields(ctx, tx, imp.AccountID)
	if err != nil {
		return nil, err
	}
	settled, err := contactfile.Options{
		Region: o.Region, Columns: fileColumns(columns), Known: known, NewFields: o.NewFields,
	}.Settle(fileColumns(imp.Columns))
	if err != nil {
		return nil, err
	}
	var names, types []string
	for _, c := range settled {
		if _, defined := known[c.Field]; c.Meaning == contactfile.Custom && !defined {
			names, types = append(names, c.Field), append(types, string(c.Type))
		}
	}
	if len(known)+len(names) > field.Most {
		return nil, fault.New(fault.Invalid, "the account has %d custom fields and the file would bring %d more; at most %d are kept: ignore columns",
			len(known), len(names), field.Most)
	}
	if define && len(names) > 0 {
		_, err = tx.Exec(ctx, `INSERT INTO fields (account_id, name, type) SELECT $1, t.name, t.type FROM unnest($2::text[], $3::text[]) AS t (name, type)`,
			imp.AccountID, names, types)
	}
	return importColumns(settled), err
}

func knownFields(ctx context.Context, tx pgx.Tx, account models.AccountID) (field.Set, error) {
	rows, err := tx.Query(ctx, `SELECT name, type FROM fields WHERE account_id = $1`, account)
	if err != nil {
		return nil, err
	}
	known := field.Set{}
	var name string
	var of field.Type
	_, err = pgx.ForEachRow(rows, []any{&name, &of}, func() error {
		known[name] = of
		return nil
	})
	return known, err
}

// fileColumns are the columns as the reader of the file has them; nil stays nil.
func fileColumns(columns []models.ImportColumn) []contactfile.Column {
	var out []contactfile.Column
	for _, c := range columns {
		out = append(out, contactfile.Column{
			Header: c.Header, Meaning: contactfile.Meaning(c.Meaning), Field: c.Field, Type: field.Type(c.Type), Found: contactfile.Found(c.Found),
		})
	}
	return out
}

func importColumns(columns []contactfile.Column) []models.ImportColumn {
	out := make([]models.ImportColumn, len(columns))
	for i, c := range columns {
		out[i] = models.ImportColumn{
			Header: c.Header, Meaning: string(c.Meaning), Field: c.Field, Type: string(c.Type), Found: string(c.Found),
		}
	}
	return out
}
