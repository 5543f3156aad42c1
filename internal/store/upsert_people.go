package store

import (
	"context"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// meet finds or makes the contacts, and holds their rows: no STOP and no erasure comes in
// between. The erased stay out.
func (u *upsert) meet(ctx context.Context) error {
	phones := map[string]*entry{}
	for _, e := range u.open {
		phones[e.Phone] = e
	}
	hashes := column(u.open, func(e *entry) []byte { return u.store.phoneHash(e.Phone) })
	rows, err := u.tx.Query(ctx, `
		INSERT INTO contacts AS c (phone, region, zones)
		SELECT t.phone, t.region, string_to_array(t.zones, ',')
		  FROM unnest($2::text[], $3::text[], $4::text[], $5::bytea[]) AS t (phone, region, zones, hash)
		 WHERE NOT EXISTS (SELECT FROM erasures e WHERE e.account_id = $1 AND e.phone_hash = t.hash AND e.lifted_at IS NULL)
		 ORDER BY t.phone
		ON CONFLICT (phone) DO UPDATE SET region = CASE c.region WHEN '' THEN excluded.region ELSE c.region END,
		       zones = CASE c.region WHEN '' THEN excluded.zones ELSE c.zones END
		RETURNING c.id, c.phone, c.region, c.zones`,
		u.account, column(u.open, func(e *entry) string { return e.Phone }), column(u.open, func(e *entry) string { return e.Region }),
		column(u.open, func(e *entry) string { return strings.Join(e.Zones, ",") }), hashes)
	if err != nil {
		return err
	}
	var id models.ContactID
	var n models.Number
	_, err = pgx.ForEachRow(rows, []any{&id, &n.Phone, &n.Region, &n.Zones}, func() error {
		phones[n.Phone].contact, phones[n.Phone].number = id, n
		return nil
	})
	if err != nil {
		return err
	}
	return u.leaveErased(ctx, hashes)
}

// leaveErased looks again, now that nobody can be erased any more before the end: one whom
// the statement before waited for was not erased yet when it began.
func (u *upsert) leaveErased(ctx context.Context, hashes [][]byte) error {
	rows, err := u.tx.Query(ctx, `SELECT phone_hash FROM erasures WHERE account_id = $1 AND phone_hash = ANY ($2) AND lifted_at IS NULL`,
		u.account, hashes)
	if err != nil {
		return err
	}
	erased := map[string]bool{}
	var hash []byte
	if _, err = pgx.ForEachRow(rows, []any{&hash}, func() error { erased[string(hash)] = true; return nil }); err != nil {
		return err
	}
	var left []*entry
	for i, e := range u.open {
		if erased[string(hashes[i])] || e.contact == 0 {
			*e.out = models.Upserted{Fate: models.FateOptedOut}
			continue
		}
		left = append(left, e)
	}
	u.open = left
	return nil
}

// hush is what keeps texts of the list from a contact.
type hush struct {
	final  bool // not the person's to end
	latest time.Time
}

func (u *upsert) silent(ctx context.Context) (map[models.ContactID]hush, error) {
	rows, err := u.tx.Query(ctx, `
		SELECT x.contact_id, bool_or(NOT `+ownWords+`), max(x.created_at) FROM suppressions x, lists l
		 WHERE l.id = $2 AND x.account_id = $1 AND x.contact_id = ANY ($3) AND `+standing+` GROUP BY x.contact_id`,
		u.account, u.list, column(u.open, func(e *entry) int64 { return int64(e.contact) }))
	if err != nil {
		return nil, err
	}
	all := map[models.ContactID]hush{}
	var id models.ContactID
	var h hush
	_, err = pgx.ForEachRow(rows, []any{&id, &h.final, &h.latest}, func() error { all[id] = h; return nil })
	return all, err
}
