package store

import (
	"context"
	"errors"
	"io"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
)

// ImportContacts takes a file into a list. Rows stream into a staging table and are
// merged in one statement each for contacts, subscriptions and consents; all of it is
// one transaction, so a file that turns out to be broken leaves nothing behind. People
// who said STOP, to this list or in a scope that covers it, and erased people stay out.
func (s *Store) ImportContacts(ctx context.Context, o models.Once, imp models.Import, file models.ContactFile) (models.Import, error) {
	id := imp.ID
	err := pgx.BeginFunc(ctx, s.pool, func(tx pgx.Tx) error {
		var err error
		if id, err = rememberOnce(ctx, tx, imp.AccountID, o, imp.ID); err != nil || id != imp.ID {
			return err
		}
		if imp.RowsRead, err = s.stageOld(ctx, tx, file); err != nil {
			return err
		}
		imp.FileHash = file.Hash()
		return mergeStaged(ctx, tx, &imp)
	})
	if err != nil {
		return models.Import{}, explain(err, "import")
	}
	return s.Import(ctx, imp.AccountID, id)
}

func (s *Store) stageOld(ctx context.Context, tx pgx.Tx, file models.ContactFile) (int64, error) {
	_, err := tx.Exec(ctx, `CREATE TEMP TABLE staged (
		line bigint, phone text, region text, zones text[], first_name text, last_name text, state text, zone text,
		postal text, fields jsonb, phone_hash bytea, consented_at text, column_name text, value text, reason text, message text) ON COMMIT DROP`)
	if err != nil {
		return 0, err
	}
	var bad error
	n, err := tx.CopyFrom(ctx, pgx.Identifier{"staged"}, []string{
		"line", "phone", "region", "zones", "first_name", "last_name", "state", "zone", "postal", "fields", "phone_hash",
		"consented_at", "column_name", "value", "reason", "message",
	}, pgx.CopyFromFunc(func() ([]any, error) {
		row, err := file.Next()
		if errors.Is(err, io.EOF) {
			return nil, nil
		}
		if err != nil {
			bad = err // COPY replaces it with a database error
			return nil, err
		}
		return s.stagedRow(row), nil
	}))
	if bad != nil {
		return 0, bad
	}
	if err == nil && n == 0 {
		err = fault.New(fault.Invalid, "the file has no rows below its header")
	}
	return n, err
}

func (s *Store) stagedRow(r models.ContactRow) []any {
	fields := r.Fields.Encode(nil)
	zones := r.Zones
	if zones == nil {
		zones = []string{}
	}
	return []any{
		r.Line, r.Phone, r.Region, zones, r.FirstName, r.LastName, r.State, r.Zone, r.Postal, fields,
		s.phoneHash(r.Phone), r.ConsentedAt, r.Refusal.Column, r.Refusal.Value, r.Refusal.Reason, r.Refusal.Message,
	}
}

func mergeStaged(ctx context.Context, tx pgx.Tx, imp *models.Import) error {
	// Not the erased: what was forgotten would be known again. In phone order, so that two
	// imports with the same people never wait in a ring.
	_, err := tx.Exec(ctx, `
		INSERT INTO contacts (phone, region, zones)
		SELECT DISTINCT ON (phone) phone, region, zones FROM staged
		 WHERE reason = '' AND NOT EXISTS (
		       SELECT FROM erasures e WHERE e.account_id = $1 AND e.phone_hash = staged.phone_hash AND e.lifted_at IS NULL)
		 ORDER BY phone
		ON CONFLICT (phone) DO UPDATE SET region = excluded.region, zones = excluded.zones
		 WHERE contacts.region = ''`, imp.AccountID)
	if err != nil {
		return err
	}
	var valid int64
	err = tx.QueryRow(ctx, `
		WITH good AS (
			SELECT DISTINCT ON (c.id) c.id, s.* FROM staged s JOIN contacts c ON c.phone = s.phone
			 WHERE s.reason = '' ORDER BY c.id, s.line
		), merged AS (
			INSERT INTO subscriptions AS u (account_id, list_id, contact_id, first_name, last_name, state, zone, postal, fields)
			SELECT $1, $2, g.id, g.first_name, g.last_name, g.state, g.zone, g.postal, g.fields FROM good g
			  JOIN lists l ON l.id = $2
			 WHERE NOT EXISTS (SELECT FROM suppressions x WHERE x.account_id = $1 AND x.contact_id = g.id AND `+standing+`)
			   AND NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = $1 AND e.phone_hash = g.phone_hash AND e.lifted_at IS NULL)
			ON CONFLICT (list_id, contact_id) DO UPDATE
			   SET status = CASE WHEN u.status_reason = 'stranger' THEN 'active' ELSE u.status END,
			       status_reason = CASE WHEN u.status_reason = 'stranger' THEN '' ELSE u.status_reason END,
			       zone = coalesce(nullif(excluded.zone, ''), u.zone),
			       postal = coalesce(nullif(excluded.postal, ''), u.postal),
			       first_name = coalesce(nullif(excluded.first_name, ''), u.first_name),
			       last_name = coalesce(nullif(excluded.last_name, ''), u.last_name),
			       state = coalesce(nullif(excluded.state, ''), u.state),
			       fields = u.fields || excluded.fields
			 WHERE u.status <> 'opted_out'
			RETURNING contact_id, xmax = 0 AS added
		), proof AS (
			INSERT INTO consents (account_id, list_id, contact_id, kind, method, evidence, import_id)
			SELECT $1, $2, m.contact_id, 'opt_in', 'import', good.consented_at, $3
			  FROM merged m JOIN good ON good.id = m.contact_id
			 WHERE m.added OR EXISTS (SELECT FROM subscriptions o -- as it was before this statement
			       WHERE o.list_id = $2 AND o.contact_id = m.contact_id AND o.status_reason = 'stranger')
		)
		SELECT (SELECT count(DISTINCT phone) FROM staged WHERE reason = ''),
		       count(*) FILTER (WHERE added), count(*) FILTER (WHERE NOT added) FROM merged`,
		imp.AccountID, imp.ListID, imp.ID).Scan(&valid, &imp.Added, &imp.Merged)
	if err != nil {
		return err
	}
	imp.OptedOut = valid - imp.Added - imp.Merged
	return keepImport(ctx, tx, imp)
}

func keepImport(ctx context.Context, tx pgx.Tx, imp *models.Import) error {
	imp.Refused = imp.RowsRead - imp.Added - imp.Merged - imp.OptedOut
	_, err := tx.Exec(ctx, `
		INSERT INTO imports (id, account_id, list_id, state, file_hash, rows_read, refused, added, merged, opted_out)
		VALUES ($1, $2, $3, 'done', $4, $5, $6, $7, $8, $9)`,
		imp.ID, imp.AccountID, imp.ListID, imp.FileHash, imp.RowsRead, imp.Refused, imp.Added, imp.Merged, imp.OptedOut)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		INSERT INTO import_refusals (import_id, number, line, column_name, value, reason, message)
		SELECT $1, row_number() OVER (ORDER BY line), line, column_name, value, reason, message
		  FROM staged WHERE reason <> ''`, imp.ID)
	return err
}

