package store

import (
	"context"
	"fmt"
	"math/rand/v2"
	"slices"
	"strconv"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/internal/fault"
	"trackly/models"
)

// patience is how long a question about an audience may take. Nobody waits longer for a
// number, and a scan nobody waits for slows what is being sent.
const patience = 15 * time.Second

// briefly is a transaction whose statements Postgres ends when they take too long.
func (s *Store) briefly(ctx context.Context, mode pgx.TxAccessMode, do func(tx pgx.Tx) error) error {
	return s.within(ctx, patience, pgx.TxOptions{AccessMode: mode}, do)
}

func (s *Store) within(ctx context.Context, limit time.Duration, o pgx.TxOptions, do func(tx pgx.Tx) error) error {
	err := pgx.BeginTxFunc(ctx, s.pool, o, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL statement_timeout = `+strconv.FormatInt(limit.Milliseconds(), 10)); err != nil {
			return err
		}
		return do(tx)
	})
	if hasCode(err, queryCanceled) && ctx.Err() == nil {
		err = fault.Wrap(err, fault.Broken, "this audience takes longer than %s to read; make it simpler, or ask again when less is going on", limit)
	}
	return err
}

// members are FROM and WHERE of the active subscriptions somebody asks for, as s.
type members struct {
	from string
	args []any
}

// last is the place of the argument that was added last.
func (m members) last() string { return "$" + strconv.Itoa(len(m.args)) }

// membersOf compiles who is asked for.
func (s *Store) membersOf(ctx context.Context, m models.Members) (members, error) {
	q := members{args: []any{m.AccountID}}
	var joins, where string
	if m.Static != "" {
		q.args = append(q.args, m.Static)
		joins = " JOIN audience_members am ON am.audience_id = " + q.last() + " AND am.subscription_id = s.id"
	} else {
		c, args, err := s.compileFor(ctx, m.AccountID, m.Filter, time.Now(), q.args)
		if err != nil {
			return q, err
		}
		joins, where, q.args = c.joins(), " AND ("+c.where+")", args
	}
	if len(m.Lists) > 0 {
		q.args = append(q.args, m.Lists)
		where += " AND s.list_id = ANY (" + q.last() + "::uuid[])"
	}
	q.from = "FROM subscriptions s" + joins + " WHERE s.account_id = $1 AND s.status = 'active'" + where
	return q, nil
}

// planned has Postgres plan a statement with its arguments in view: a plan for any list
// of states, or any share of the contacts, is a bad plan for most.
const planned = pgx.QueryExecModeDescribeExec

// AudienceCount counts the members there are now.
func (s *Store) AudienceCount(ctx context.Context, m models.Members) (n int64, err error) {
	q, err := s.membersOf(ctx, m)
	if err != nil {
		return 0, explain(err, "audience")
	}
	err = s.briefly(ctx, pgx.ReadOnly, func(tx pgx.Tx) error {
		return tx.QueryRow(ctx, "SELECT count(*) "+q.from, append([]any{planned}, q.args...)...).Scan(&n)
	})
	return n, explain(err, "audience")
}

// AudienceMembers reads a page of the members.
func (s *Store) AudienceMembers(ctx context.Context, m models.Members, after models.MemberPlace, limit int) (out []models.Subscription, err error) {
	q, err := s.membersOf(ctx, m)
	if err != nil {
		return nil, explain(err, "audience")
	}
	err = s.briefly(ctx, pgx.ReadOnly, func(tx pgx.Tx) error {
		if after.ListID != "" {
			q.args = append(q.args, after.ListID, after.ID)
			// A row comparison is one range of the index by account and list.
			q.from += fmt.Sprintf(" AND (s.list_id, s.id) > ($%d::uuid, $%d::bigint)", len(q.args)-1, len(q.args))
		}
		q.args = append(q.args, limit)
		out, err = readMembers(ctx, tx, `SELECT s.id `+q.from+` ORDER BY s.list_id, s.id LIMIT `+q.last(), q.args)
		return err
	})
	return out, explain(err, "members")
}

// probes are how many subscriptions a sample looks at before it looks at all of them.
const probes = 2000

// AudienceSample gives n members, each as likely as any other. It throws darts: ids drawn
// evenly between the account's first and last, of which the members are kept. Where the
// darts find too few, the audience is small among all these, and one scan draws from it.
func (s *Store) AudienceSample(ctx context.Context, m models.Members, n int) (out []models.Subscription, err error) {
	q, err := s.membersOf(ctx, m)
	if err != nil {
		return nil, explain(err, "audience")
	}
	err = s.briefly(ctx, pgx.ReadOnly, func(tx pgx.Tx) error {
		darts, err := throwDarts(ctx, tx, m)
		if err != nil {
			return err
		}
		args := append(slices.Clip(q.args), darts, n)
		k := len(args)
		out, err = readMembers(ctx, tx, fmt.Sprintf(`SELECT s.id %s AND s.id = ANY ($%d::bigint[]) ORDER BY array_position($%[2]d::bigint[], s.id) LIMIT $%d`,
			q.from, k-1, k), args)
		if err != nil || len(out) == n {
			return err
		}
		args = append(slices.Clip(q.args), rand.Int64(), n) //nolint:gosec // a shuffle, not a secret
		out, err = readMembers(ctx, tx, fmt.Sprintf(`SELECT s.id %s ORDER BY hashint8extended(s.id, $%d), s.id LIMIT $%d`, q.from, k-1, k), args)
		return err
	})
	return out, explain(err, "sample")
}

// throwDarts draws ids between the first and the last of the account's subscriptions; most
// may hit nothing, or somebody else's.
func throwDarts(ctx context.Context, tx pgx.Tx, m models.Members) ([]int64, error) {
	var first, last *int64
	err := tx.QueryRow(ctx, `
		SELECT min(a.id), max(z.id) FROM lists l,
		       LATERAL (SELECT id FROM subscriptions s WHERE s.account_id = $1 AND s.list_id = l.id ORDER BY id LIMIT 1) a,
		       LATERAL (SELECT id FROM subscriptions s WHERE s.account_id = $1 AND s.list_id = l.id ORDER BY id DESC LIMIT 1) z
		 WHERE l.account_id = $1`, m.AccountID).Scan(&first, &last)
	if err != nil || first == nil {
		return nil, err
	}
	seen := make(map[int64]bool, probes)
	var ids []int64
	for range probes {
		id := *first + rand.Int64N(*last-*first+1) //nolint:gosec // a sample, not a secret
		if !seen[id] {
			seen[id] = true
			ids = append(ids, id)
		}
	}
	return ids, nil
}

// readMembers reads the subscriptions whose ids the statement gives, in its order: what a
// sort or a join carries is ids alone.
func readMembers(ctx context.Context, tx pgx.Tx, ids string, args []any) ([]models.Subscription, error) {
	rows, err := tx.Query(ctx, `WITH chosen AS MATERIALIZED (SELECT id, row_number() OVER () AS place FROM (`+ids+`) x)
		SELECT `+subscriptionColumns+` FROM chosen JOIN subscriptions s ON s.id = chosen.id JOIN contacts c ON c.id = s.contact_id
		  LEFT JOIN totals t ON t.subscription_id = s.id
		 ORDER BY chosen.place`, append([]any{planned}, args...)...)
	if err != nil {
		return nil, err
	}
	return pgx.CollectRows(rows, pgx.RowToStructByPos[models.Subscription])
}
