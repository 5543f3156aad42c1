package store

import (
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// revisedColumns are changed clicks of one account, column by column, and what they touch.
type revisedColumns struct {
	ids, verdicts, reasons            []string
	messages, subscriptions, contacts []int64
	buyers                            []models.ContactID // whose conversions may be another click's now
}

func (c *revisedColumns) add(k seenClick) {
	c.ids, c.verdicts, c.reasons = append(c.ids, k.id), append(c.verdicts, string(k.is.Is)), append(c.reasons, string(k.is.Why))
	if k.subscription == 0 || k.is.Is == k.was.Is && !k.overtaken() {
		return // nothing follows from it
	}
	c.messages, c.subscriptions = append(c.messages, k.Message), append(c.subscriptions, k.subscription)
	c.contacts = append(c.contacts, k.Contact)
	if k.offered && k.Contact != 0 {
		c.buyers = append(c.buyers, models.ContactID(k.Contact))
	}
}

// applyVerdicts writes verdicts on clicks of one account, and what follows from them. The
// totals of all that is touched are locked first: whoever records a person's click holds
// them too, so a click that comes meanwhile either was there before, and is seen below, or
// waits and then finds what is written here. The books come before all rows: whoever tells
// of a conversion meanwhile credits it by the verdicts written here.
func (s *Store) applyVerdicts(ctx context.Context, work []seenClick) error {
	var c revisedColumns
	for _, k := range work {
		c.add(k)
	}
	account := work[0].account
	return s.atomic(ctx, pgx.ReadCommitted, func(tx pgx.Tx) error {
		if len(c.messages) == 0 {
			_, err := tx.Exec(ctx, verdictsSQL, c.ids, c.verdicts, c.reasons)
			return err
		}
		if len(c.buyers) > 0 {
			if err := lockBooks(ctx, tx, account); err != nil {
				return err
			}
		}
		var b pgx.Batch
		b.Queue(holdTotalsSQL, account, c.contacts, c.subscriptions)
		b.Queue(verdictsSQL, c.ids, c.verdicts, c.reasons)
		b.Queue(firstClicksSQL, c.messages)
		b.Queue(lastClicksSQL, c.subscriptions)
		if err := tx.SendBatch(ctx, &b).Close(); err != nil {
			return err
		}
		if len(c.buyers) == 0 {
			return nil
		}
		return rebook(ctx, tx, account, c.buyers)
	})
}

// holdTotalsSQL locks what conversions may move too: the totals of the same people on other
// lists. It begins none but those of whom was clicked for, and none of erased people.
const holdTotalsSQL = `
	INSERT INTO totals AS t (subscription_id)
	SELECT s.id FROM subscriptions s
	 WHERE s.account_id = $1 AND s.contact_id = ANY ($2::bigint[]) AND has_phone(s.id)
	   AND (s.id = ANY ($3::bigint[]) OR EXISTS (SELECT FROM totals x WHERE x.subscription_id = s.id))
	 ORDER BY s.id
	ON CONFLICT (subscription_id) DO UPDATE SET click_count = t.click_count`

// verdictsSQL writes verdicts, and moves what counts requests: those of machines in the
// reports, those of people in the totals.
const verdictsSQL = `
	WITH changed AS (
		UPDATE clicks k SET verdict = n.verdict, reason = n.reason
		  FROM unnest($1::uuid[], $2::text[], $3::text[]) AS n (id, verdict, reason) JOIN clicks o ON o.id = n.id
		 WHERE k.id = n.id AND (o.verdict, o.reason) <> (n.verdict, n.reason)
		RETURNING k.account_id, k.message_id, k.offer_id, k.at, o.verdict AS before, k.verdict AS after
	), mine AS MATERIALIZED (
		SELECT c.*, m.subscription_id FROM changed c JOIN messages m ON m.id = c.message_id WHERE c.before <> c.after
	), moved AS (
		INSERT INTO tally_moves (account_id, message_id, offer_id, at, bot_clicks, unsure_clicks)
		SELECT account_id, message_id, offer_id, at, (after = 'bot')::int - (before = 'bot')::int, (after = 'unsure')::int - (before = 'unsure')::int
		  FROM mine
	)
	UPDATE totals t SET click_count = t.click_count + c.n
	  FROM (SELECT subscription_id, sum((after = 'human')::int - (before = 'human')::int) AS n FROM mine GROUP BY 1) c
	 WHERE t.subscription_id = c.subscription_id AND c.n <> 0`

// firstClicksSQL lets the earliest click of a person count for each message. A click that
// takes another's place earns what its offer pays now.
const firstClicksSQL = `
	WITH best AS MATERIALIZED (
		SELECT DISTINCT ON (k.message_id) k.message_id, k.account_id, k.id, k.offer_id, k.at,
		       CASE WHEN o.payout_type = 'cpc' THEN o.payout ELSE 0 END AS revenue
		  FROM clicks k LEFT JOIN offers o ON o.id = k.offer_id
		 WHERE k.message_id = ANY ($1::bigint[]) AND k.verdict = 'human' ORDER BY k.message_id, k.at, k.id
	), was AS MATERIALIZED (
		SELECT * FROM first_clicks WHERE message_id = ANY ($1::bigint[])
	), gone AS MATERIALIZED (
		SELECT w.* FROM was w LEFT JOIN best b USING (message_id) WHERE b.id IS DISTINCT FROM w.click_id
	), come AS MATERIALIZED (
		SELECT b.* FROM best b LEFT JOIN was w USING (message_id) WHERE w.click_id IS DISTINCT FROM b.id
	), taken AS (
		DELETE FROM first_clicks f USING gone g
		 WHERE f.message_id = g.message_id AND NOT EXISTS (SELECT FROM come c WHERE c.message_id = g.message_id)
	), put AS (
		INSERT INTO first_clicks AS f (message_id, account_id, click_id, offer_id, at, revenue)
		SELECT message_id, account_id, id, offer_id, at, revenue FROM come
		ON CONFLICT (message_id) DO UPDATE
		   SET click_id = excluded.click_id, offer_id = excluded.offer_id, at = excluded.at, revenue = excluded.revenue
	), moves AS MATERIALIZED (
		SELECT account_id, message_id, offer_id, at, -1 AS clicks, -revenue AS revenue FROM gone
		UNION ALL
		SELECT account_id, message_id, offer_id, at, 1, revenue FROM come
	), moved AS (
		INSERT INTO tally_moves (account_id, message_id, offer_id, at, clicks, revenue)
		SELECT account_id, message_id, offer_id, at, clicks, revenue FROM moves
	)
	UPDATE totals t SET revenue = t.revenue + p.revenue
	  FROM (SELECT m.subscription_id, sum(v.revenue) AS revenue FROM moves v JOIN messages m ON m.id = v.message_id GROUP BY 1) p
	 WHERE t.subscription_id = p.subscription_id AND p.revenue <> 0`

// lastClicksSQL is a statement of its own: it must see the verdicts.
const lastClicksSQL = `
	UPDATE totals t SET last_clicked_at = (
		SELECT max(k.at) FROM messages m JOIN clicks k ON k.message_id = m.id
		 WHERE m.subscription_id = t.subscription_id AND k.verdict = 'human')
	 WHERE t.subscription_id = ANY ($1::bigint[])`
