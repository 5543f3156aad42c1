package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// underCaps notes the claimed messages at their contacts, where a cap applies, and skips
// those over it. The rows' locks are what makes two campaigns to one contact count each
// other. A message that was put back and is claimed again does not count against itself.
func underCaps(ctx context.Context, tx pgx.Tx, c models.Claim, got []models.MessageID) ([]models.MessageID, error) {
	ids, caps := c.Counted(got)
	if len(ids) == 0 {
		return got, nil
	}
	if err := lockTexted(ctx, tx, c.Batch.AccountID, ids); err != nil {
		return nil, err
	}
	over, err := overCaps(ctx, tx, c, ids, caps)
	if err != nil {
		return nil, err
	}
	kept := make([]models.MessageID, 0, len(got))
	for _, id := range got {
		if over[id] == "" {
			kept = append(kept, id)
		}
	}
	return kept, noteTexted(ctx, tx, c.Batch.AccountID, ids, over)
}

// lockTexted makes the contacts' rows and locks them, in one order for everybody. What
// follows is a statement of its own, so that it reads what others wrote before this one
// got the locks.
func lockTexted(ctx context.Context, tx pgx.Tx, account models.AccountID, ids []int64) error {
	_, err := tx.Exec(ctx, `
		INSERT INTO texted (account_id, contact_id)
		SELECT DISTINCT s.account_id, s.contact_id FROM messages m JOIN subscriptions s ON s.id = m.subscription_id
		 WHERE m.id = ANY ($1) ORDER BY 2 ON CONFLICT DO NOTHING`, ids)
	if err != nil {
		return err
	}
	_, err = tx.Exec(ctx, `
		SELECT FROM texted x WHERE x.account_id = $1 AND x.contact_id IN (
		       SELECT s.contact_id FROM messages m JOIN subscriptions s ON s.id = m.subscription_id WHERE m.id = ANY ($2))
		 ORDER BY x.contact_id FOR UPDATE`, account, ids)
	return err
}

// overCaps gives the reason of each message that is over a cap.
func overCaps(ctx context.Context, tx pgx.Tx, c models.Claim, ids []int64, caps []int16) (map[models.MessageID]string, error) {
	rows, err := tx.Query(ctx, `
		SELECT m.id, CASE
		         WHEN t.cap > 0 AND p.in_a_day >= t.cap THEN $6
		         WHEN $4 > 0 AND p.last > now() - make_interval(hours => $4) THEN $7
		         WHEN $5 > 0 AND p.last_of_list > now() - make_interval(hours => $5) THEN $7 ELSE '' END
		  FROM unnest($2::bigint[], $3::smallint[]) AS t (id, cap)
		  JOIN messages m ON m.id = t.id JOIN subscriptions s ON s.id = m.subscription_id
		  JOIN texted x ON x.account_id = $1 AND x.contact_id = s.contact_id
		 CROSS JOIN LATERAL (
		       SELECT count(*) FILTER (WHERE u.at > now() - interval '24 hours') AS in_a_day,
		              max(u.at) AS last, max(u.at) FILTER (WHERE u.list = s.list_id) AS last_of_list
		         FROM unnest(x.at, x.lists, x.messages) AS u (at, list, message) WHERE u.message <> m.id) p`,
		c.Batch.AccountID, ids, caps, c.Caps.AccountHours, c.Caps.ListHours, models.ReasonStateCap, models.ReasonFrequency)
	if err != nil {
		return nil, err
	}
	over := map[models.MessageID]string{}
	var id models.MessageID
	var reason string
	_, err = pgx.ForEachRow(rows, []any{&id, &reason}, func() error {
		if reason != "" {
			over[id] = reason
		}
		return nil
	})
	return over, err
}

// noteTexted adds the messages under their caps to their contacts' rows, which forget
// what no cap can ask for any more, and skips the others.
func noteTexted(ctx context.Context, tx pgx.Tx, account models.AccountID, ids []int64, over map[models.MessageID]string) error {
	var under, skipped []int64
	var reasons []string
	for _, id := range ids {
		if reason := over[models.MessageID(id)]; reason != "" {
			skipped, reasons = append(skipped, id), append(reasons, reason)
		} else {
			under = append(under, id)
		}
	}
	_, err := tx.Exec(ctx, `
		UPDATE texted x SET at = p.at || clock_timestamp(), lists = p.lists || s.list_id, messages = p.messages || m.id
		  FROM messages m JOIN subscriptions s ON s.id = m.subscription_id
		  JOIN texted y ON y.account_id = $1 AND y.contact_id = s.contact_id
		 CROSS JOIN LATERAL (
		       SELECT coalesce(array_agg(u.at ORDER BY u.at), '{}') AS at, coalesce(array_agg(u.list ORDER BY u.at), '{}') AS lists,
		              coalesce(array_agg(u.message ORDER BY u.at), '{}') AS messages
		         FROM unnest(y.at, y.lists, y.messages) AS u (at, list, message)
		        WHERE u.at > now() - interval '30 days' AND u.message <> m.id) p
		 WHERE m.id = ANY ($2) AND x.account_id = $1 AND x.contact_id = y.contact_id`, account, under)
	if err != nil || len(skipped) == 0 {
		return err
	}
	_, err = tx.Exec(ctx, `UPDATE messages m SET state = 'skipped', reason = t.reason, finished_at = clock_timestamp()
		FROM unnest($2::bigint[], $3::text[]) AS t (id, reason) WHERE m.id = t.id AND m.account_id = $1`, account, skipped, reasons)
	return err
}

// learnTexted reads from the messages which contacts were texted in so many hours, so that
// a new cap knows what went before it. What is noted already stays: another cap may look
// further back, and a claim may have noted its text while this statement read.
func (s *Store) learnTexted(ctx context.Context, account models.AccountID, hours int) error {
	if hours == 0 {
		return nil
	}
	err := s.run(ctx, `
		INSERT INTO texted AS x (account_id, contact_id, at, lists, messages)
		SELECT m.account_id, s.contact_id, array_agg(m.claimed_at ORDER BY m.claimed_at), array_agg(m.list_id ORDER BY m.claimed_at),
		       array_agg(m.id ORDER BY m.claimed_at)
		  FROM messages m JOIN subscriptions s ON s.id = m.subscription_id
		 WHERE m.account_id = $1 AND m.kind IN ('campaign', 'api') AND m.state NOT IN ('queued', 'skipped', 'failed')
		   AND m.claimed_at > now() - make_interval(hours => greatest($2, 24))
		 GROUP BY m.account_id, s.contact_id ORDER BY s.contact_id
		ON CONFLICT (account_id, contact_id) DO UPDATE
		   SET (at, lists, messages) = (
		       SELECT array_agg(u.at ORDER BY u.at), array_agg(u.list ORDER BY u.at), array_agg(u.message ORDER BY u.at)
		         FROM (SELECT DISTINCT ON (message) at, list, message FROM (
		                      SELECT * FROM unnest(x.at, x.lists, x.messages) AS a (at, list, message)
		                      UNION ALL
		                      SELECT * FROM unnest(excluded.at, excluded.lists, excluded.messages) AS b (at, list, message)) v
		                ORDER BY message, at DESC) u)`, account, hours)
	return explain(err, "caps")
}
