package store

import (
	"cmp"
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
)

// AudienceStanding reads all that the audience's filter can look at of one subscription
// of the account, whatever its status.
func (s *Store) AudienceStanding(ctx context.Context, a models.Audience, who models.Who) (models.Standing, error) {
	var st models.Standing
	known, err := s.FieldSet(ctx, a.AccountID)
	if err != nil {
		return st, err
	}
	err = s.atomicRead(ctx, func(tx pgx.Tx) error {
		var err error
		if st.Subscription, err = oneSubscription(ctx, tx, a.AccountID, who); err != nil {
			return err
		}
		if err := readPerson(ctx, tx, &st); err != nil {
			return err
		}
		st.Person.Types = known
		return readFrozen(ctx, tx, a, &st)
	})
	return st, explain(err, "contact")
}

// atomicRead is one moment of the database.
func (s *Store) atomicRead(ctx context.Context, do func(tx pgx.Tx) error) error {
	return pgx.BeginTxFunc(ctx, s.pool, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly}, do)
}

func oneSubscription(ctx context.Context, tx pgx.Tx, account models.AccountID, who models.Who) (models.Subscription, error) {
	var one models.Subscription
	where, args := ` AND s.id = $2`, []any{account, who.ID}
	if who.ID == 0 {
		if !models.IsID(who.ListID) {
			return one, fault.New(fault.NotFound, "no such contact")
		}
		where, args = ` AND s.list_id = $2 AND c.phone = $3`, []any{account, who.ListID, who.Phone}
	}
	rows, err := tx.Query(ctx, `SELECT `+subscriptionColumns+`
		  FROM `+subscribers+` WHERE s.account_id = $1`+where, args...)
	if err != nil {
		return one, err
	}
	return pgx.CollectExactlyOneRow(rows, pgx.RowToStructByPos[models.Subscription])
}

// readFrozen asks which of the static audiences that matter hold the subscription: the
// one it is about, and those its filter names.
func readFrozen(ctx context.Context, tx pgx.Tx, a models.Audience, st *models.Standing) error {
	ids := []string{string(a.ID)}
	for _, n := range a.Filter.Named() {
		ids = append(ids, n.ID)
	}
	rows, err := tx.Query(ctx, `SELECT audience_id::text FROM audience_members WHERE subscription_id = $1 AND audience_id = ANY ($2::uuid[])`,
		st.Subscription.ID, ids)
	if err != nil {
		return err
	}
	in, err := pgx.CollectRows(rows, pgx.RowTo[string])
	if err != nil {
		return err
	}
	if a.Kind == models.AudienceStatic {
		held := false
		for _, id := range in {
			held = held || id == string(a.ID)
		}
		st.Frozen = &held
	}
	st.Person.Audiences = in
	return nil
}

// readPerson reads the facts a filter can look at.
func readPerson(ctx context.Context, tx pgx.Tx, st *models.Standing) error {
	p, u := &st.Person, st.Subscription
	p.FirstName, p.LastName, p.State, p.Fields = u.FirstName, u.LastName, u.State, u.Fields
	p.List, p.SignupMethod, p.SignupAt = string(u.ListID), u.SignupMethod, u.SignupAt
	var atState string
	var sent, clicked, converted *time.Time
	err := tx.QueryRow(ctx, `
		SELECT s.at_state, s.at_zones, c.carrier, c.line_type, coalesce(t.send_count, 0), coalesce(t.click_count, 0),
		       coalesce(t.conversion_count, 0), coalesce(t.revenue, 0), t.last_sent_at, t.last_clicked_at, t.last_converted_at
		  FROM subscriptions s JOIN contacts c ON c.id = s.contact_id LEFT JOIN totals t ON t.subscription_id = s.id
		 WHERE s.id = $1`, u.ID).Scan(&atState, &p.Zones, &p.Carrier, &p.LineType, &p.Sends, &p.Clicks,
		&p.Conversions, &p.Revenue, &sent, &clicked, &converted)
	p.State = cmp.Or(p.State, atState)
	p.LastSentAt, p.LastClicked, p.LastConverted = timeOf(sent), timeOf(clicked), timeOf(converted)
	return err
}

// timeOf is the zero time for what never happened.
func timeOf(t *time.Time) time.Time {
	if t == nil {
		return time.Time{}
	}
	return *t
}
