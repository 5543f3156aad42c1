package store

import (
	"cmp"
	"context"
	"fmt"
	"slices"
	"strings"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// statusChange is one status callback on its way to the database.
type statusChange struct {
	account models.AccountID
	list    models.ListID
	outcome models.Outcome
}

// RecordStatus stores what a provider says about a message. It returns when that is
// durable; false means nothing changed, because the message is unknown to this list or
// has come further already. Callers share statements (see gather).
func (s *Store) RecordStatus(ctx context.Context, account models.AccountID, list models.ListID, o models.Outcome) (bool, error) {
	return s.statuses.ask(ctx, statusChange{account: account, list: list, outcome: o})
}

// legalStatusMoves lists, as SQL, the pairs (new, old) that MessageMoves allows: a
// status never moves backwards.
func legalStatusMoves() string {
	var pairs []string
	for old, nexts := range models.MessageMoves {
		for _, next := range nexts {
			pairs = append(pairs, fmt.Sprintf("('%s','%s')", next, old))
		}
	}
	slices.Sort(pairs)
	return strings.Join(pairs, ",")
}

func (s *Store) writeStatuses(ctx context.Context, all []statusChange) ([]bool, error) {
	latest := latestOf(byMessage(all))
	c := columnsOf(latest.outcomes)
	changed := map[int64]bool{}
	err := again(func() error {
		clear(changed)
		rows, err := s.pool.Query(ctx, `
			UPDATE messages m
			   SET state = o.state, reason = o.reason, provider_code = o.code,
			       provider_text = CASE WHEN m.redacted_at IS NULL THEN o.text ELSE '' END,
			       provider_id = CASE WHEN o.provider_id = '' THEN m.provider_id ELSE o.provider_id END,
			       claimed_at = coalesce(m.claimed_at, clock_timestamp()),
			       sent_at = coalesce(m.sent_at, CASE WHEN o.state IN ('sent', 'delivered', 'undelivered') THEN clock_timestamp() END),
			       finished_at = CASE WHEN o.state = 'sent' THEN m.finished_at ELSE clock_timestamp() END
			  FROM unnest($1::bigint[], $2::text[], $3::text[], $4::text[], $5::text[], $6::text[], $7::uuid[], $8::uuid[])
			       AS o (id, state, reason, provider_id, code, text, account_id, list_id)
			 WHERE m.id = o.id AND m.account_id = o.account_id AND m.list_id = o.list_id
			   AND (o.state, m.state) IN (`+legalMoves+`)
			RETURNING m.id`, c.ids, c.states, c.reasons, c.providerIDs, c.codes, c.texts, latest.accounts, latest.lists)
		if err != nil {
			return err
		}
		ids, err := pgx.CollectRows(rows, pgx.RowTo[int64])
		for _, id := range ids {
			changed[id] = true
		}
		return err
	})
	if err != nil {
		return nil, explain(err, "status")
	}
	res := make([]bool, len(all))
	for i, ch := range all {
		res[i] = changed[int64(ch.outcome.MessageID)]
	}
	return res, nil
}

var legalMoves = legalStatusMoves()

// byMessage sorts, so that two statements over the same messages rarely wait for each
// other in a ring; again tries anew when they do. Changes of one message keep their
// order.
func byMessage(all []statusChange) []statusChange {
	return slices.SortedStableFunc(slices.Values(all), func(a, b statusChange) int {
		return cmp.Compare(a.outcome.MessageID, b.outcome.MessageID)
	})
}

type latestStatuses struct {
	outcomes        []models.Outcome
	accounts, lists []string
}

// latestOf keeps one change a message, the furthest: an UPDATE that matches a row twice
// applies one of the two, and Postgres does not say which.
func latestOf(all []statusChange) (l latestStatuses) {
	at := map[models.MessageID]int{}
	for _, ch := range all {
		o := ch.outcome
		i, seen := at[o.MessageID]
		switch {
		case !seen || l.accounts[i] != string(ch.account) || l.lists[i] != string(ch.list):
			at[o.MessageID] = len(l.outcomes)
			l.outcomes = append(l.outcomes, o)
			l.accounts = append(l.accounts, string(ch.account))
			l.lists = append(l.lists, string(ch.list))
		case l.outcomes[i].State.MayBecome(o.State):
			l.outcomes[i] = o
		}
	}
	return l
}
