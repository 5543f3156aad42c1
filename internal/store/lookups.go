package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
)

// LookupRoute gives a route whose provider account may look phones up: the list's own
// first, then any of the account's. providers are those that can.
func (s *Store) LookupRoute(ctx context.Context, account models.AccountID, list models.ListID, providers []string) (models.Route, models.Credentials, error) {
	var r models.Route
	if !models.IsID(list) {
		return r, models.Credentials{}, fault.New(fault.NotFound, "no such list")
	}
	err := s.db.WithContext(ctx).Where("account_id = ? AND provider IN ? AND state <> ?", account, providers, models.RouteBlocked).
		Order("list_id <> '" + string(list) + "', credentials_at IS NULL, rank, created_at, id").Limit(1).Take(&r).Error
	if err = explain(err, "route"); fault.KindOf(err) == fault.NotFound {
		return r, models.Credentials{}, fault.New(fault.Invalid,
			"looking phones up needs an account at Twilio: set a route to Twilio on a list of this account, and ask again")
	}
	if err != nil {
		return r, models.Credentials{}, err
	}
	c, err := s.sealer.open(r)
	return r, c, err
}

// NextToAsk reads the page after the mark: those of whom nobody knows, and how many are
// known. Whoever must not be texted is not worth the money, and nobody is of an import
// that was cancelled.
func (s *Store) NextToAsk(ctx context.Context, o models.AskScope, after int64, limit int) (p models.AskPage, err error) {
	err = s.atomicRead(ctx, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, byIndex); err != nil {
			return err
		}
		if p, err = nextToAsk(ctx, tx, o, after, limit); err == nil && p.Done && o.ImportID != "" {
			p.Lost, err = rowsLost(ctx, tx, o)
		}
		return err
	})
	if o.ImportID != "" && hasCode(err, undefinedTable) {
		return models.AskPage{Lost: true}, nil
	}
	return p, explain(err, "contacts")
}

// rowsLost reports whether Postgres crashed under a running import: then its rows are
// gone, and the end of its table is not the end of the file.
func rowsLost(ctx context.Context, tx pgx.Tx, o models.AskScope) (lost bool, err error) {
	err = tx.QueryRow(ctx, `SELECT state = 'running' AND rows_read <> (SELECT count(*) FROM `+rowsOf(o.ImportID)+`)
		FROM imports WHERE account_id = $1 AND id = $2`, o.AccountID, o.ImportID).Scan(&lost)
	return lost, err
}

func nextToAsk(ctx context.Context, tx pgx.Tx, o models.AskScope, after int64, limit int) (models.AskPage, error) {
	args := []any{o.AccountID, o.ListID, after, limit}
	sql := `SELECT s.id, c.id, c.phone, c.looked_up_at FROM subscriptions s JOIN contacts c ON c.id = s.contact_id
		 WHERE s.account_id = $1 AND s.list_id = $2 AND s.id > $3 AND s.status = 'active' AND c.phone IS NOT NULL ORDER BY s.id LIMIT $4`
	if o.ImportID != "" {
		sql = `SELECT r.number, c.id, c.phone, c.looked_up_at
			  FROM ` + rowsOf(o.ImportID) + ` r JOIN contacts c ON c.phone = r.phone
			  JOIN subscriptions s ON s.contact_id = c.id AND s.list_id = $2 AND s.account_id = $1
			 WHERE r.number > $3 AND r.reason = '' AND s.status = 'active'
			   AND EXISTS (SELECT FROM imports WHERE account_id = $1 AND id = $5 AND state = 'running') ORDER BY r.number LIMIT $4`
		args = append(args, o.ImportID)
	}
	p := models.AskPage{After: after}
	rows, err := tx.Query(ctx, sql, args...)
	if err != nil {
		return p, err
	}
	var u models.Unasked
	var at *time.Time
	n := 0
	_, err = pgx.ForEachRow(rows, []any{&p.After, &u.ID, &u.Phone, &at}, func() error {
		n++
		switch {
		case at == nil || at.Before(o.Stale):
			p.Contacts = append(p.Contacts, u)
		case o.Began.IsZero() || at.Before(o.Began):
			p.Cached++
		}
		return nil
	})
	p.Done = n < limit
	return p, err
}

// KeepHeard writes down what was learned, with its counts. It takes contacts in phone
// order, as an import does; somebody who was erased meanwhile stays unknown.
func (s *Store) KeepHeard(ctx context.Context, account models.AccountID, l models.Lookups, all []models.Heard) error {
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		_, err := tx.Exec(ctx, `
			UPDATE contacts c SET line_type = t.line_type, carrier = t.carrier, looked_up_at = now()
			  FROM (SELECT o.id, t.line_type, t.carrier FROM unnest($1::bigint[], $2::text[], $3::text[], $4::boolean[]) AS t (id, line_type, carrier, unheard)
			          JOIN contacts o ON o.id = t.id WHERE o.phone IS NOT NULL AND NOT t.unheard ORDER BY o.phone FOR NO KEY UPDATE OF o) t
			 WHERE c.id = t.id`,
			column(all, func(h models.Heard) int64 { return int64(h.ID) }), column(all, func(h models.Heard) string { return string(h.LineType) }),
			column(all, func(h models.Heard) string { return h.Carrier }), column(all, func(h models.Heard) bool { return h.Unheard }))
		if err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `
			INSERT INTO lookups AS l (account_id, day, provider, asked, cached, failed, cost)
			VALUES ($1, (now() AT TIME ZONE 'UTC')::date, $2, $3, $4, $5, $6)
			ON CONFLICT (account_id, day, provider) DO UPDATE SET asked = l.asked + excluded.asked, cached = l.cached + excluded.cached,
			       failed = l.failed + excluded.failed, cost = l.cost + excluded.cost`,
			account, l.Provider, l.Asked, l.Cached, l.Failed, l.Cost)
		return err
	})
	return explain(err, "look-ups")
}

// KeepOutLandlines makes the account's subscriptions of those of the contacts invalid whose
// line takes no texts. A second run changes nothing.
func (s *Store) KeepOutLandlines(ctx context.Context, o models.AskScope, after, upTo int64) (int64, error) {
	where := `s.list_id = $2 AND s.id > $3 AND s.id <= $4`
	if o.ImportID != "" {
		where = `s.contact_id IN (SELECT c.id FROM ` + rowsOf(o.ImportID) + ` r JOIN contacts c ON c.phone = r.phone
		           WHERE r.number > $3 AND r.number <= $4 AND r.reason = '' AND $2::uuid IS NOT NULL)`
	}
	var n int64
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, byIndex); err != nil {
			return err
		}
		tag, err := tx.Exec(ctx, `
		UPDATE subscriptions u SET status = 'invalid', status_reason = $5
		 WHERE u.account_id = $1 AND u.status = 'active' AND u.contact_id IN (
		       SELECT s.contact_id FROM subscriptions s JOIN contacts k ON k.id = s.contact_id AND k.line_type IN ('landline', 'toll_free')
		        WHERE s.account_id = $1 AND `+where+`)`, o.AccountID, o.ListID, after, upTo, models.StatusNotMobile)
		n = tag.RowsAffected()
		return err
	})
	return n, explain(err, "contacts")
}

// Lookups reads what an account asked since a day, newest first.
func (s *Store) Lookups(ctx context.Context, account models.AccountID, since time.Time) ([]models.Lookups, error) {
	rows, err := s.pool.Query(ctx, `SELECT day, provider, asked, cached, failed, cost FROM lookups
		WHERE account_id = $1 AND day >= $2::date ORDER BY day DESC, provider`, account, since.UTC())
	if err != nil {
		return nil, explain(err, "look-ups")
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[models.Lookups])
	return out, explain(err, "look-ups")
}
