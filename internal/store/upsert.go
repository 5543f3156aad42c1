package store

import (
	"context"
	"encoding/json"
	"errors"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/field"
)

// UpsertContacts brings contacts onto a list, each by itself: a broken one spoils no other.
// No two entries may have the same phone. Whoever must not be texted stays as he is, but
// for a fresh sign-up of his own. A repetition of the request gets what came of the first
// one. It takes contacts in phone order, and a contact before its subscription.
func (s *Store) UpsertContacts(ctx context.Context, o models.Once, account models.AccountID, list models.ListID, all []models.Entry) ([]models.Upserted, error) {
	var out []models.Upserted
	err := s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		kept, err := rememberOnce(ctx, tx, account, o, beingMade)
		if err != nil {
			return err
		}
		if kept != beingMade {
			return json.Unmarshal([]byte(kept), &out)
		}
		u := upsert{store: s, tx: tx, account: account, list: list, all: all, out: make([]models.Upserted, len(all))}
		if err := u.run(ctx); err != nil {
			return err
		}
		out = u.out
		return u.remember(ctx, o)
	})
	return out, explain(err, "contact")
}

// beingMade stands for the answer until it is known; nobody sees it.
const beingMade = ""

func (u *upsert) remember(ctx context.Context, o models.Once) error {
	if o.Key == "" {
		return nil
	}
	answer, err := json.Marshal(u.out)
	if err != nil {
		return err
	}
	_, err = u.tx.Exec(ctx, `UPDATE idempotency_keys SET resource_id = $3 WHERE account_id = $1 AND key = $2`, u.account, o.Key, string(answer))
	return err
}

// upsert is one run.
type upsert struct {
	store   *Store
	tx      pgx.Tx
	account models.AccountID
	list    models.ListID
	all     []models.Entry
	out     []models.Upserted

	set  field.Set
	now  time.Time
	open []*entry // not written yet
}

// entry is one of them that can be used.
type entry struct {
	models.Entry
	out     *models.Upserted
	contact models.ContactID
	number  models.Number // as the contact has it

	old     *models.Subscription // nil: is not on the list
	next    models.Subscription
	welcome bool // becomes a subscriber: was a stranger, or comes back
}

func (u *upsert) run(ctx context.Context) (err error) {
	if err := u.tx.QueryRow(ctx, `SELECT clock_timestamp() FROM lists WHERE account_id = $1 AND id = $2`, u.account, u.list).Scan(&u.now); err != nil {
		return explain(err, "list")
	}
	if u.set, err = fieldSet(ctx, u.tx, u.account); err != nil {
		return err
	}
	for i := range u.all {
		e := &entry{Entry: u.all[i], out: &u.out[i]}
		if len(e.Problems) > 0 {
			*e.out = models.Upserted{Fate: models.FateRefused, Problems: e.Problems}
			continue
		}
		u.open = append(u.open, e)
	}
	if err := u.meet(ctx); err != nil {
		return err
	}
	// A row that somebody else brings onto the list meanwhile is read and changed instead.
	for tries := 0; len(u.open) > 0; tries++ {
		if tries == 3 {
			return fault.New(fault.Broken, "the list changes too fast; try again")
		}
		if err := u.round(ctx); err != nil {
			return err
		}
	}
	return nil
}

// round writes all that are open, and leaves those open that somebody else was faster with.
func (u *upsert) round(ctx context.Context) error {
	if err := u.read(ctx); err != nil {
		return err
	}
	back, err := u.decide(ctx)
	if err != nil {
		return err
	}
	if err := reviveAll(ctx, u.tx, u.account, u.list, back); err != nil {
		return err
	}
	var fresh, known []*entry
	for _, e := range u.open {
		if e.old == nil {
			fresh = append(fresh, e)
		} else {
			known = append(known, e)
		}
	}
	if err := u.insert(ctx, fresh); err != nil {
		return err
	}
	if err := u.update(ctx, known); err != nil {
		return err
	}
	if err := u.prove(ctx); err != nil {
		return err
	}
	u.open = nil
	for _, e := range fresh {
		if e.out.ID == 0 {
			u.open = append(u.open, e)
		}
	}
	return nil
}

// read takes the subscriptions as they are, and holds them.
func (u *upsert) read(ctx context.Context) error {
	rows, err := u.tx.Query(ctx, `SELECT `+subscriptionColumns+`
		  FROM `+subscribers+`
		 WHERE s.account_id = $1 AND s.list_id = $2 AND s.contact_id = ANY ($3) ORDER BY s.contact_id FOR NO KEY UPDATE OF s`,
		u.account, u.list, column(u.open, func(e *entry) int64 { return int64(e.contact) }))
	if err != nil {
		return err
	}
	subs, err := pgx.CollectRows(rows, pgx.RowToStructByPos[models.Subscription])
	if err != nil {
		return err
	}
	by := map[models.ContactID]*models.Subscription{}
	for i := range subs {
		by[subs[i].ContactID] = &subs[i]
	}
	for _, e := range u.open {
		e.old, e.welcome = by[e.contact], false
	}
	return nil
}

// decide settles those that stay out or are refused, lays the others over what there is,
// and names those who come back.
func (u *upsert) decide(ctx context.Context) (back []models.ContactID, err error) {
	silent, err := u.silent(ctx)
	if err != nil {
		return nil, err
	}
	var left []*entry
	for _, e := range u.open {
		before := models.Subscription{SignupMethod: e.SignupMethod}
		if e.old != nil {
			before = *e.old
		}
		hush, stands := silent[e.contact]
		comesBack := stands || before.Status == models.SubscriptionOptedOut
		if before.OptedOutAt != nil && before.OptedOutAt.After(hush.latest) {
			hush.latest = *before.OptedOutAt
		}
		if comesBack && (hush.final || !e.Revives(hush.latest, u.now)) {
			*e.out = models.Upserted{ID: before.ID, Fate: models.FateOptedOut}
			continue
		}
		if e.next, err = e.Lay(before, e.number); err == nil {
			err = fit(e.Fields, u.set)
		}
		if err != nil {
			if err := refuseEntry(e, err); err != nil {
				return nil, err
			}
			continue
		}
		if comesBack {
			back = append(back, e.contact)
		}
		e.welcome = comesBack || before.Status == models.SubscriptionSuppressed && before.Reason == models.StatusStranger
		left = append(left, e)
	}
	u.open = left
	return back, nil
}

// fit refuses values of fields that were deleted, or changed their type, since they were
// read.
func fit(v field.Values, set field.Set) error {
	var bad fault.Problems
	for name, value := range v {
		if is, ok := set[name]; !ok {
			bad.Add("fields."+name, "is not a field of this account")
		} else if _, err := field.Parse(is, value); err != nil {
			bad.Add("fields."+name, "%s", err)
		}
	}
	return bad.Err("the contact")
}

func refuseEntry(e *entry, err error) error {
	var f *fault.Fault
	if !errors.As(err, &f) || f.Kind != fault.Invalid {
		return err
	}
	*e.out = models.Upserted{Fate: models.FateRefused, Problems: f.Problems}
	return nil
}

// column is one column of rows, for unnest.
func column[R, T any](rows []R, of func(R) T) []T {
	out := make([]T, len(rows))
	for i, r := range rows {
		out[i] = of(r)
	}
	return out
}
