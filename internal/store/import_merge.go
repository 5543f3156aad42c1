package store

import (
	"context"
	"errors"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// MergeImport merges the rows from first to last into the import's list, in one
// transaction with the counters; of a dry run it counts what a merge would do. A page
// that is merged changes nothing a second time. Rows may be missing: then Postgres has
// crashed, the table is empty and the file has to be staged again.
func (s *Store) MergeImport(ctx context.Context, account models.AccountID, id models.ImportID, first, last int64) (models.ImportStep, error) {
	step, err := s.mergeOnce(ctx, account, id, first, last)
	// Subscriptions are inserted plainly, which costs half of ON CONFLICT. Who inserts them
	// holds the contact, so there is no conflict; should there be one, the page is done again.
	for range 3 {
		if !hasCode(err, uniqueViolation) {
			break
		}
		step, err = s.mergeOnce(ctx, account, id, first, last)
	}
	switch {
	case errors.Is(err, errStopped):
		return models.ImportStep{Stopped: true}, nil
	case errors.Is(err, errLost), hasCode(err, undefinedTable):
		return models.ImportStep{Lost: true}, nil
	}
	return step, explain(err, "page of an import")
}

// byIndex keeps the planner to the indexes: it takes new tables for small ones, and a look
// at every contact for each page would make a file ten times as long cost a hundred times.
const byIndex = `SELECT set_config('enable_seqscan', 'off', true), set_config('jit', 'off', true)`

func (s *Store) mergeOnce(ctx context.Context, account models.AccountID, id models.ImportID, first, last int64) (step models.ImportStep, err error) {
	err = s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		step = models.ImportStep{Page: models.ImportPage{First: first, Last: last}}
		imp, err := importIn(ctx, tx, account, id, "")
		if err != nil {
			return err
		}
		if !atWork(imp.State) {
			return errStopped
		}
		step.Rows = imp.RowsRead
		if merged, err := beginPage(ctx, tx, id, &step.Page); err != nil || merged {
			return err
		}
		if _, err := tx.Exec(ctx, byIndex); err != nil {
			return err
		}
		p := &page{ctx: ctx, tx: tx, imp: &imp, counts: &step.Page}
		if err := p.count(); err != nil {
			return err
		}
		if imp.State == models.ImportChecking {
			err = p.check()
		} else {
			err = p.merge()
		}
		if err != nil {
			return err
		}
		return endPage(ctx, tx, &imp, step.Page)
	})
	return step, err
}

// errLost undoes a page whose rows are gone.
var errLost = errors.New("rows of the import are gone")

// beginPage takes the page, or gives what became of it before. A second run at the same
// time waits here for the first.
func beginPage(ctx context.Context, tx pgx.Tx, id models.ImportID, p *models.ImportPage) (merged bool, err error) {
	tag, err := tx.Exec(ctx, `INSERT INTO import_pages (import_id, first, last) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING`, id, p.First, p.Last)
	if err != nil || tag.RowsAffected() == 1 {
		return false, err
	}
	err = tx.QueryRow(ctx, `SELECT last, refused, added, merged, opted_out, other_lists FROM import_pages WHERE import_id = $1 AND first = $2`, id, p.First).
		Scan(&p.Last, &p.Refused, &p.Added, &p.Merged, &p.OptedOut, &p.OtherLists)
	return true, err
}

// endPage keeps the page's counters and adds them to the import's, unless the import was
// stopped meanwhile.
func endPage(ctx context.Context, tx pgx.Tx, imp *models.Import, p models.ImportPage) error {
	_, err := tx.Exec(ctx, `UPDATE import_pages SET refused = $3, added = $4, merged = $5, opted_out = $6, other_lists = $7
		WHERE import_id = $1 AND first = $2`, imp.ID, p.First, p.Refused, p.Added, p.Merged, p.OptedOut, p.OtherLists)
	if err != nil {
		return err
	}
	tag, err := tx.Exec(ctx, `
		UPDATE imports SET position = position + $3, refused = refused + $4, added = added + $5, merged = merged + $6,
		       opted_out = opted_out + $7, other_lists = other_lists + $8, changed_at = now(),
		       reasons = CASE WHEN $4 = 0 THEN reasons
		                 ELSE reasons || jsonb_build_object('`+notMobile+`', coalesce((reasons->>'`+notMobile+`')::bigint, 0) + $4) END
		 WHERE id = $1 AND state = $2`,
		imp.ID, imp.State, p.Last-p.First+1, p.Refused, p.Added, p.Merged, p.OptedOut, p.OtherLists)
	if err == nil && tag.RowsAffected() == 0 {
		err = errStopped
	}
	return err
}

// page is a run of rows in the middle of being merged.
type page struct {
	ctx    context.Context //nolint:containedctx // lives as long as one call
	tx     pgx.Tx
	imp    *models.Import
	counts *models.ImportPage
	good   int64 // rows the file is not refused for
}

// from is the page's good rows, as r.
func (p *page) from() string {
	return rowsOf(p.imp.ID) + ` r WHERE r.number BETWEEN $1 AND $2 AND r.reason = ''`
}

func (p *page) count() error {
	p.counts.Last = min(p.counts.Last, p.imp.RowsRead)
	var all int64
	err := p.tx.QueryRow(p.ctx, `SELECT count(*), count(*) FILTER (WHERE reason = '') FROM `+rowsOf(p.imp.ID)+`
		WHERE number BETWEEN $1 AND $2`, p.counts.First, p.counts.Last).Scan(&all, &p.good)
	if err == nil && all != p.counts.Last-p.counts.First+1 {
		err = errLost
	}
	return err
}

func (p *page) merge() error {
	// Not the erased: what was forgotten would be known again. In phone order, so that two
	// imports with the same people never wait in a ring. Contacts that are there are locked,
	// changed or not: what ends somebody's permission holds that lock too, and the next
	// statement sees it.
	_, err := p.tx.Exec(p.ctx, `
		INSERT INTO contacts (phone, region, zones)
		SELECT r.phone, r.region, r.zones FROM `+p.from()+`
		   AND `+notErased+`
		 ORDER BY r.phone
		ON CONFLICT (phone) DO UPDATE SET region = excluded.region, zones = excluded.zones
		 WHERE contacts.region = ''`, p.counts.First, p.counts.Last, p.imp.AccountID)
	if err != nil {
		return err
	}
	if err := p.refuseLines(); err != nil {
		return err
	}
	var moved []int64
	err = p.tx.QueryRow(p.ctx, `
		WITH good AS MATERIALIZED (
			SELECT c.id AS contact, c.created_at, u.id AS known, u.status, u.status_reason, r.*
			  FROM `+rowsOf(p.imp.ID)+` r JOIN contacts c ON c.phone = r.phone
			  LEFT JOIN subscriptions u ON u.list_id = $4 AND u.contact_id = CASE WHEN c.created_at < now() THEN c.id END -- the others are new
			 WHERE r.number BETWEEN $1 AND $2 AND r.reason = '' AND `+p.wanted()+` AND u.status IS DISTINCT FROM 'opted_out'
			   AND `+notErased+`
			   AND `+notSilenced+`
			 ORDER BY c.id -- the indexes then grow at their ends
		), fresh AS (
			INSERT INTO subscriptions (account_id, list_id, contact_id, first_name, last_name, state, zone, postal, fields,
			            signup_method, at_state, at_zones)
			SELECT $3, $4, g.contact, g.first_name, g.last_name, g.state, g.zone, g.postal, g.fields, 'import', g.at_state, g.at_zones
			  FROM good g WHERE g.known IS NULL
			RETURNING 1
		), changed AS (
			UPDATE subscriptions u
			   SET status = CASE WHEN u.status_reason = 'stranger' THEN 'active' ELSE u.status END,
			       status_reason = CASE WHEN u.status_reason = 'stranger' THEN '' ELSE u.status_reason END,
			       zone = coalesce(nullif(g.zone, ''), u.zone),
			       postal = coalesce(nullif(g.postal, ''), u.postal),
			       first_name = coalesce(nullif(g.first_name, ''), u.first_name),
			       last_name = coalesce(nullif(g.last_name, ''), u.last_name),
			       state = coalesce(nullif(g.state, ''), u.state),
			       fields = u.fields || g.fields,
			       at_state = g.at_state, at_zones = g.at_zones
			  FROM good g WHERE u.id = g.known AND u.status <> 'opted_out'
			RETURNING u.id, (u.zone, u.state, u.postal) <> (g.zone, g.state, g.postal) AS moved
		), proof AS (
			INSERT INTO consents (account_id, list_id, contact_id, kind, method, evidence, import_id, given_at,
			            ip, page_url, user_agent, disclosure, disclosure_hash)
			SELECT $3, $4, g.contact, 'opt_in', coalesce(nullif(g.consent_method, ''), 'import'),
			       coalesce(to_char(g.consented_at AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS"Z"'), ''), $5, g.consented_at,
			       g.consent_ip, g.consent_url, g.consent_agent, g.consent_text,
			       CASE WHEN g.consent_text <> '' THEN sha256(convert_to(g.consent_text, 'UTF8')) END
			  FROM good g WHERE g.known IS NULL OR g.status_reason = 'stranger'
		)
		SELECT (SELECT count(*) FROM fresh), (SELECT count(*) FROM changed),
		       (SELECT count(*) FROM good g WHERE g.created_at < now() AND `+elsewhere+`),
		       (SELECT array_agg(id) FROM changed WHERE moved)`,
		p.counts.First, p.counts.Last, p.imp.AccountID, p.imp.ListID, p.imp.ID).
		Scan(&p.counts.Added, &p.counts.Merged, &p.counts.OtherLists, &moved)
	if err != nil {
		return err
	}
	p.counts.OptedOut = p.good - p.counts.Refused - p.counts.Added - p.counts.Merged
	return p.place(moved)
}

// The conditions that a row r's person, and its contact c, may come onto the list $4 of the
// account $3. They are no joins on purpose: the planner believes that few rows are left by
// then and would compare each of them with everybody who ever said STOP. Where nobody did,
// nothing is looked up.
const (
	notErased = `(NOT EXISTS (SELECT FROM erasures WHERE account_id = $3 AND lifted_at IS NULL) OR (SELECT true FROM erasures e
		WHERE e.account_id = $3 AND e.phone_hash = r.phone_hash AND e.lifted_at IS NULL LIMIT 1) IS NULL)`
	notSilenced = `(NOT EXISTS (SELECT FROM suppressions WHERE account_id = $3 AND lifted_at IS NULL) OR (SELECT true FROM suppressions x
		JOIN lists l ON l.id = $4 WHERE x.account_id = $3 AND x.contact_id = c.id AND ` + standing + ` LIMIT 1) IS NULL)`
)

// elsewhere is the condition that a good row g's contact is on another list of the account.
// Contacts made in this transaction are on none.
const elsewhere = `EXISTS (SELECT FROM subscriptions o WHERE o.account_id = $3 AND o.contact_id = g.contact AND o.list_id <> $4)`

// wanted is the condition that a contact c may be merged whatever its line is.
func (p *page) wanted() string {
	if p.imp.Options.MobileOnly {
		return `c.line_type IN ('', 'mobile')`
	}
	return `true`
}
