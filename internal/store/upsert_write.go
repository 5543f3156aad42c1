package store

import (
	"context"
	"maps"
	"slices"
	"strings"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// ownWords is the condition that a suppression x is what the person said.
const ownWords = `x.source IN ('keyword', 'phrase', 'review')`

const signedUp = "signed up on the web"

// reviveAll ends what these people said to the list. Permission is given to one list: where
// STOP had reached others, it goes on for each of them.
func reviveAll(ctx context.Context, tx pgx.Tx, account models.AccountID, list models.ListID, contacts []models.ContactID) error {
	if len(contacts) == 0 {
		return nil
	}
	_, err := tx.Exec(ctx, `
		WITH lifted AS (
			UPDATE suppressions x SET lifted_at = now(), lifted_by = $4 FROM lists l
			 WHERE l.id = $2 AND x.account_id = $1 AND x.contact_id = ANY ($3) AND `+ownWords+` AND `+standing+`
			RETURNING x.contact_id, x.scope, x.brand, x.source, x.inbound_id, x.note, x.created_at
		)
		INSERT INTO suppressions (account_id, contact_id, scope, list_id, source, inbound_id, note, created_at)
		SELECT $1, x.contact_id, 'list', o.id, x.source, x.inbound_id, x.note, x.created_at
		  FROM lifted x JOIN lists o ON o.account_id = $1 AND o.id <> $2 AND (x.scope = 'account' OR x.brand = lower(o.brand))
		ON CONFLICT DO NOTHING`, account, list, contacts, signedUp)
	return err
}

// insert brings new ones onto the list. One whom somebody else brought first keeps no id.
func (u *upsert) insert(ctx context.Context, all []*entry) error {
	if len(all) == 0 {
		return nil
	}
	rows, err := u.tx.Query(ctx, `
		INSERT INTO subscriptions (account_id, list_id, contact_id, first_name, last_name, state, zone, postal, fields,
		                           signup_method, at_state, at_zones)
		SELECT $1, $2, t.contact, t.first_name, t.last_name, t.state, t.zone, t.postal, t.fields::jsonb,
		       t.method, t.at_state, string_to_array(t.at_zones, ',')
		  FROM unnest($3::bigint[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[], $12::text[])
		       AS t (contact, first_name, last_name, state, zone, postal, at_state, at_zones, fields, method)
		 ORDER BY t.contact
		ON CONFLICT (list_id, contact_id) DO NOTHING
		RETURNING id, contact_id`,
		append(append([]any{u.account, u.list}, facts(all, func(e *entry) int64 { return int64(e.contact) })...),
			u.patches(all), column(all, func(e *entry) string { return e.SignupMethod }))...)
	if err != nil {
		return err
	}
	by := map[models.ContactID]*entry{}
	for _, e := range all {
		by[e.contact] = e
	}
	var id models.SubscriptionID
	var contact models.ContactID
	_, err = pgx.ForEachRow(rows, []any{&id, &contact}, func() error {
		*by[contact].out = models.Upserted{ID: id, Fate: models.FateCreated}
		return nil
	})
	return err
}

// facts are the columns of what is known of contacts, after the one that names them.
func facts(all []*entry, id func(*entry) int64) []any {
	return []any{
		column(all, id),
		column(all, func(e *entry) string { return e.next.FirstName }), column(all, func(e *entry) string { return e.next.LastName }),
		column(all, func(e *entry) string { return e.next.State }), column(all, func(e *entry) string { return e.next.Zone }),
		column(all, func(e *entry) string { return e.next.Postal }), column(all, func(e *entry) string { return e.next.AtState }),
		column(all, func(e *entry) string { return strings.Join(e.next.AtZones, ",") }),
	}
}

func (u *upsert) patches(all []*entry) []string {
	return column(all, func(e *entry) string { return string(e.Fields.Encode(u.set)) })
}

// fieldsLaid is the custom fields of a subscription u with the change t made. What the row
// has of fields that are not defined any more keeps its type.
const fieldsLaid = `(CASE WHEN t.replaces THEN '{}' ELSE u.fields - string_to_array(t.unset, ',') END) || t.fields::jsonb`

// update changes those that change, and makes subscribers of those who are welcome.
func (u *upsert) update(ctx context.Context, known []*entry) error {
	var all []*entry
	for _, e := range known {
		*e.out = models.Upserted{ID: e.old.ID, Fate: models.FateUnchanged}
		if e.welcome || differ(*e.old, e.next) {
			e.out.Fate = models.FateUpdated
			all = append(all, e)
		}
	}
	if len(all) == 0 {
		return nil
	}
	_, err := u.tx.Exec(ctx, `
		UPDATE subscriptions u
		   SET first_name = t.first_name, last_name = t.last_name, state = t.state, zone = t.zone, postal = t.postal,
		       at_state = t.at_state, at_zones = string_to_array(t.at_zones, ','), fields = `+fieldsLaid+`,
		       status = CASE WHEN t.welcome THEN 'active' ELSE u.status END,
		       status_reason = CASE WHEN t.welcome THEN '' ELSE u.status_reason END,
		       opted_out_at = CASE WHEN t.welcome THEN NULL ELSE u.opted_out_at END,
		       signup_at = CASE WHEN t.welcome THEN now() ELSE u.signup_at END,
		       signup_method = CASE WHEN t.welcome THEN t.method ELSE u.signup_method END
		  FROM unnest($2::bigint[], $3::text[], $4::text[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::text[],
		              $12::text[], $13::boolean[], $14::boolean[])
		       AS t (id, first_name, last_name, state, zone, postal, at_state, at_zones, fields, method, unset, replaces, welcome)
		 WHERE u.account_id = $1 AND u.id = t.id`,
		append(append([]any{u.account}, facts(all, func(e *entry) int64 { return int64(e.old.ID) })...),
			u.patches(all), column(all, func(e *entry) string { return e.SignupMethod }),
			column(all, func(e *entry) string { return strings.Join(e.Unset, ",") }),
			column(all, func(e *entry) bool { return e.Replace }), column(all, func(e *entry) bool { return e.welcome }))...)
	return err
}

func differ(a, b models.Subscription) bool {
	return a.FirstName != b.FirstName || a.LastName != b.LastName || a.State != b.State || a.Zone != b.Zone || a.Postal != b.Postal ||
		a.AtState != b.AtState || !slices.Equal(a.AtZones, b.AtZones) || !maps.Equal(a.Fields, b.Fields)
}

// prove appends the proof of each sign-up, and of consent that came along and is not
// written down yet.
func (u *upsert) prove(ctx context.Context) error {
	var all []*entry
	for _, e := range u.open {
		if e.out.ID != 0 && (e.old == nil || e.welcome || e.Consent != nil) {
			all = append(all, e)
		}
	}
	if len(all) == 0 {
		return nil
	}
	word := func(of func(models.OptIn) string) []string {
		return column(all, func(e *entry) string {
			if e.Consent == nil {
				return ""
			}
			return of(e.Consent.OptIn)
		})
	}
	rows, err := u.tx.Query(ctx, `
		WITH t AS (
			SELECT t.*, CASE WHEN t.disclosure <> '' THEN sha256(convert_to(t.disclosure, 'UTF8')) END AS hash
			  FROM unnest($3::bigint[], $4::boolean[], $5::text[], $6::text[], $7::text[], $8::text[], $9::text[], $10::text[], $11::timestamptz[])
			       AS t (contact, signs_up, method, evidence, disclosure, page_url, ip, user_agent, given_at)
		)
		INSERT INTO consents (account_id, list_id, contact_id, kind, method, evidence, disclosure, disclosure_hash, page_url, ip, user_agent, given_at)
		SELECT $1, $2, t.contact, 'opt_in', t.method, t.evidence, t.disclosure, t.hash, t.page_url, t.ip, t.user_agent, t.given_at FROM t
		 WHERE t.signs_up OR NOT EXISTS (SELECT FROM consents o
		       WHERE o.account_id = $1 AND o.contact_id = t.contact AND o.list_id = $2 AND o.kind = 'opt_in' AND o.method = t.method
		         AND o.evidence = t.evidence AND o.disclosure = t.disclosure AND o.page_url = t.page_url AND o.ip = t.ip
		         AND o.user_agent = t.user_agent AND o.given_at IS NOT DISTINCT FROM t.given_at)
		 ORDER BY t.contact
		RETURNING contact_id`,
		u.account, u.list, column(all, func(e *entry) int64 { return int64(e.contact) }),
		column(all, func(e *entry) bool { return e.old == nil || e.welcome }), column(all, func(e *entry) string { return e.SignupMethod }),
		word(func(o models.OptIn) string { return o.Evidence }), word(func(o models.OptIn) string { return o.Disclosure }),
		word(func(o models.OptIn) string { return o.PageURL }), word(func(o models.OptIn) string { return o.IP }),
		word(func(o models.OptIn) string { return o.UserAgent }),
		column(all, func(e *entry) *time.Time {
			if e.Consent == nil {
				return nil
			}
			return e.Consent.At
		}))
	if err != nil {
		return err
	}
	return u.proved(rows, all)
}

// proved counts a new proof as a change.
func (u *upsert) proved(rows pgx.Rows, all []*entry) error {
	by := map[models.ContactID]*entry{}
	for _, e := range all {
		by[e.contact] = e
	}
	var id models.ContactID
	_, err := pgx.ForEachRow(rows, []any{&id}, func() error {
		if e := by[id]; e.out.Fate == models.FateUnchanged {
			e.out.Fate = models.FateUpdated
		}
		return nil
	})
	return err
}
