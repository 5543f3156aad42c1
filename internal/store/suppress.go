package store

import (
	"context"
	"strings"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

const suppressionColumns = `x.id, x.account_id::text, x.contact_id, coalesce(c.phone, ''), x.scope, coalesce(x.list_id::text, ''),
	coalesce(x.brand, ''), x.source, coalesce(x.inbound_id, 0), x.note, x.created_at, x.lifted_at, x.lifted_by`

// Suppress silences phones in a scope of the account, as suppress does for one contact,
// in one transaction. Phones nobody knows yet are silenced too: a later import leaves
// them out. An erased person's phone is silent already and is not stored again.
func (s *Store) Suppress(ctx context.Context, x models.Suppression, phones []models.Number) (models.Suppressed, error) {
	var done models.Suppressed
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		contacts, err := s.contactsFor(ctx, tx, x.AccountID, phones)
		if err != nil {
			return err
		}
		var e models.InboundEffect
		added, gone, err := suppressAll(ctx, tx, x, contacts, &e)
		if err != nil {
			return err
		}
		done = models.Suppressed{
			Added: added, Standing: int64(len(phones)) - added, OptedOut: int64(len(gone)), Skipped: e.Skipped, Campaigns: e.Campaigns,
		}
		return keepOptOuts(ctx, tx, x, gone)
	})
	return done, explain(err, "suppressions")
}

// contactsFor finds or makes the contacts of phones, but for those that were erased. It
// works in phone order, so that two uploads with the same people never wait in a ring.
func (s *Store) contactsFor(ctx context.Context, tx pgx.Tx, account models.AccountID, phones []models.Number) ([]models.ContactID, error) {
	n := len(phones)
	numbers, regions, zones, hashes := make([]string, n), make([]string, n), make([]string, n), make([][]byte, n)
	for i, p := range phones {
		numbers[i], regions[i], zones[i], hashes[i] = p.Phone, p.Region, strings.Join(p.Zones, ","), s.phoneHash(p.Phone)
	}
	// The no-op update makes rows that exist come back too.
	rows, err := tx.Query(ctx, `
		INSERT INTO contacts AS c (phone, region, zones)
		SELECT DISTINCT ON (t.phone) t.phone, t.region, string_to_array(t.zones, ',')
		  FROM unnest($2::text[], $3::text[], $4::text[], $5::bytea[]) AS t (phone, region, zones, hash)
		 WHERE NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = $1 AND e.phone_hash = t.hash AND e.lifted_at IS NULL)
		 ORDER BY t.phone
		ON CONFLICT (phone) DO UPDATE SET phone = excluded.phone
		RETURNING c.id`, account, numbers, regions, zones, hashes)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowTo[models.ContactID])
}

// keepOptOuts keeps the proof of why subscriptions ended.
func keepOptOuts(ctx context.Context, tx pgx.Tx, x models.Suppression, gone []ended) error {
	if len(gone) == 0 {
		return nil
	}
	lists, contacts := make([]string, len(gone)), make([]int64, len(gone))
	for i, n := range gone {
		lists[i], contacts[i] = string(n.list), int64(n.contact)
	}
	_, err := tx.Exec(ctx, `
		INSERT INTO consents (account_id, list_id, contact_id, kind, method, evidence)
		SELECT $1, t.list, t.contact, 'opt_out', $4, $5 FROM unnest($2::uuid[], $3::bigint[]) AS t (list, contact)`,
		x.AccountID, lists, contacts, x.Source, x.Note)
	return err
}

// Suppressions reads a page of suppressions, oldest first, lifted ones too; with a phone,
// only those of it.
func (s *Store) Suppressions(ctx context.Context, account models.AccountID, phone string, after int64, limit int) ([]models.Suppression, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+suppressionColumns+` FROM suppressions x JOIN contacts c ON c.id = x.contact_id
		WHERE x.account_id = $1 AND x.id > $2 AND ($4 = '' OR c.phone = $4) ORDER BY x.id LIMIT $3`, account, after, limit, phone)
	if err != nil {
		return nil, explain(err, "suppressions")
	}
	out, err := pgx.CollectRows(rows, pgx.RowToStructByPos[models.Suppression])
	return out, explain(err, "suppressions")
}

// Suppression reads one suppression.
func (s *Store) Suppression(ctx context.Context, account models.AccountID, id int64) (models.Suppression, error) {
	rows, err := s.pool.Query(ctx, `SELECT `+suppressionColumns+` FROM suppressions x JOIN contacts c ON c.id = x.contact_id
		WHERE x.account_id = $1 AND x.id = $2`, account, id)
	if err != nil {
		return models.Suppression{}, explain(err, "suppression")
	}
	x, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[models.Suppression])
	return x, explain(err, "suppression")
}

// LiftSuppression ends a suppression for a reason an owner wrote down, which is kept as
// the proof of consent. Subscriptions in its scope that no other suppression covers are
// active again. What was lifted before is a conflict, and so is an erasure: whoever was
// erased signs up anew.
func (s *Store) LiftSuppression(ctx context.Context, account models.AccountID, id int64, reason, by string) (models.Suppression, error) {
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		rows, err := tx.Query(ctx, `SELECT `+suppressionColumns+` FROM suppressions x JOIN contacts c ON c.id = x.contact_id
			WHERE x.account_id = $1 AND x.id = $2 FOR UPDATE OF x`, account, id)
		if err != nil {
			return err
		}
		x, err := pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[models.Suppression])
		if err != nil {
			return err
		}
		if err := x.Liftable(); err != nil {
			return err
		}
		_, err = tx.Exec(ctx, `UPDATE suppressions SET lifted_at = now(), lifted_by = $3 WHERE account_id = $1 AND id = $2`, account, id, by)
		if err != nil {
			return err
		}
		return reopen(ctx, tx, x, by+": "+reason)
	})
	if err != nil {
		return models.Suppression{}, explain(err, "suppression")
	}
	return s.Suppression(ctx, account, id)
}

// reopen makes the subscriptions in a lifted suppression's scope active again, unless
// another suppression covers them, and keeps the proof for each.
func reopen(ctx context.Context, tx pgx.Tx, x models.Suppression, evidence string) error {
	_, err := tx.Exec(ctx, `
		WITH again AS (
			UPDATE subscriptions s SET status = 'active', opted_out_at = NULL, status_reason = ''
			  FROM lists l
			 WHERE s.account_id = $1 AND s.contact_id = $2 AND l.id = s.list_id AND s.status = 'opted_out' AND `+inScope+`
			   AND NOT EXISTS (SELECT FROM suppressions x WHERE x.account_id = s.account_id AND x.contact_id = s.contact_id AND `+standing+`)
			RETURNING s.list_id
		)
		INSERT INTO consents (account_id, list_id, contact_id, kind, method, evidence)
		SELECT $1, list_id, $2, 'opt_in', 'owner', $6 FROM again
		 UNION SELECT $1, nullif($4, '')::uuid, $2, 'opt_in', 'owner', $6 WHERE $3 = 'list'`,
		x.AccountID, x.ContactID, x.Scope, x.ListID, x.Brand, evidence)
	return err
}
