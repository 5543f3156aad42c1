package store

import (
	"encoding/json"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/rules/offer"
)

// queueTotals adds people's clicks to the totals of whom was texted, in the order in which
// sending adds to them. Whoever holds these rows is alone with the first clicks of the
// same people.
func (g *taps) queueTotals(b *pgx.Batch) {
	var ids []int64
	var times []time.Time
	var redacted []bool
	for i := range g.all {
		if t := &g.all[i]; t.human() {
			ids, times, redacted = append(ids, t.subscription), append(times, t.At), append(redacted, t.redacted)
		}
	}
	if len(ids) > 0 {
		b.Queue(totalsSQL, ids, times, redacted)
	}
}

const totalsSQL = `
	INSERT INTO totals AS t (subscription_id, click_count, last_clicked_at)
	SELECT c.subscription_id, count(*), max(c.at) FROM unnest($1::bigint[], $2::timestamptz[], $3::boolean[]) AS c (subscription_id, at, redacted)
	 GROUP BY c.subscription_id HAVING NOT bool_or(c.redacted) OR has_phone(c.subscription_id)
	 ORDER BY c.subscription_id
	ON CONFLICT (subscription_id) DO UPDATE
	   SET click_count = t.click_count + excluded.click_count, last_clicked_at = greatest(t.last_clicked_at, excluded.last_clicked_at)`

// queueLock holds the days until the transaction ends, and reads what is used of them. The
// update changes nothing: a row that is only met is neither locked nor given back.
func (g *taps) queueLock(b *pgx.Batch, days []offerDay) {
	ids, dates := make([]string, len(days)), make([]time.Time, len(days))
	for i, d := range days {
		ids[i], dates[i] = d.offer, d.day
	}
	b.Queue(`INSERT INTO offer_days AS d (offer_id, day) SELECT * FROM unnest($1::uuid[], $2::date[]) AS c (offer_id, day) ORDER BY 1, 2
		ON CONFLICT (offer_id, day) DO UPDATE SET clicks = d.clicks RETURNING offer_id::text, day, clicks, conversions`, ids, dates).
		Query(func(rows pgx.Rows) error {
			var d offerDay
			var u offer.Used
			_, err := pgx.ForEachRow(rows, []any{&d.offer, &d.day, &u.Clicks, &u.Conversions}, func() error {
				g.used[d] = u
				return nil
			})
			return err
		})
}

// queueDays counts for all offers: one that is given a cap at noon has used what it got
// since midnight.
func (g *taps) queueDays(b *pgx.Batch) {
	if len(g.added) == 0 {
		return
	}
	var ids []string
	var dates []time.Time
	var clicks []int
	for d, n := range g.added {
		ids, dates, clicks = append(ids, d.offer), append(dates, d.day), append(clicks, n)
	}
	b.Queue(`INSERT INTO offer_days AS d (offer_id, day, clicks)
		SELECT * FROM unnest($1::uuid[], $2::date[], $3::integer[]) AS c (offer_id, day, clicks) ORDER BY 1, 2
		ON CONFLICT (offer_id, day) DO UPDATE SET clicks = d.clicks + excluded.clicks`, ids, dates, clicks)
}

// clickColumns are the clicks that have a link, column by column.
type clickColumns struct {
	ids, accounts, addresses, agents, methods, verdicts, reasons, versions, offers, targets, headers []string
	messages, contacts, subscriptions, revenues                                                      []int64
	links                                                                                            []int16
	times                                                                                            []time.Time
}

func (c *clickColumns) add(t *tap) {
	headers := []byte("{}")
	if len(t.Headers) > 0 {
		headers, _ = json.Marshal(map[string]string(t.Headers)) // strings never fail
	}
	c.ids, c.accounts = append(c.ids, t.ID), append(c.accounts, string(t.account))
	c.addresses, c.agents, c.methods = append(c.addresses, t.Address), append(c.agents, t.UserAgent), append(c.methods, t.Method)
	c.verdicts, c.reasons = append(c.verdicts, string(t.Verdict)), append(c.reasons, string(t.Reason))
	c.versions, c.headers = append(c.versions, t.Version), append(c.headers, string(headers))
	c.offers, c.targets = append(c.offers, t.choice.Offer), append(c.targets, string(t.choice.Target))
	c.messages, c.links, c.times = append(c.messages, int64(t.MessageID)), append(c.links, int16(t.Link)), append(c.times, t.At) //nolint:gosec // 1 to 8
	c.contacts, c.subscriptions = append(c.contacts, t.contact), append(c.subscriptions, t.subscription)
	c.revenues = append(c.revenues, int64(t.revenue))
}

func (g *taps) queueClicks(b *pgx.Batch) {
	var c clickColumns
	for i := range g.all {
		if g.all[i].account != "" {
			c.add(&g.all[i])
		}
	}
	if len(c.ids) > 0 {
		b.Queue(clicksSQL, c.ids, c.accounts, c.messages, c.links, c.addresses, c.agents, c.times, c.methods, c.verdicts, c.reasons,
			c.versions, c.contacts, c.offers, c.targets, c.headers, c.subscriptions, c.revenues)
	}
}

// clicksSQL keeps clicks. Only one statement ever finds a message without a first click, so
// only one adds it to the reports, with what the offer pays for it.
const clicksSQL = `
	WITH led AS MATERIALIZED (
		SELECT c.*, nullif(c.offer, '')::uuid AS offer_id
		  FROM unnest($1::uuid[], $2::uuid[], $3::bigint[], $4::smallint[], $5::text[], $6::text[], $7::timestamptz[], $8::text[], $9::text[], $10::text[],
		              $11::text[], $12::bigint[], $13::text[], $14::text[], $15::text[], $16::bigint[], $17::bigint[])
		       AS c (id, account_id, message_id, link, address, user_agent, at, method, verdict, reason,
		             version, contact_id, offer, target, headers, subscription_id, revenue)
	), kept AS (
		INSERT INTO clicks (id, account_id, message_id, link, address, user_agent, at, method, verdict, reason, own_verdict, own_reason,
		                    version, contact_id, offer_id, target, headers)
		SELECT id, account_id, message_id, link, address, user_agent, at, method, verdict, reason, verdict, reason,
		       version, nullif(contact_id, 0), offer_id, target, headers::jsonb FROM led
	), firsts AS (
		INSERT INTO first_clicks (message_id, account_id, click_id, offer_id, at, revenue)
		SELECT DISTINCT ON (message_id) message_id, account_id, id, offer_id, at, revenue
		  FROM led WHERE verdict = 'human' AND subscription_id > 0 ORDER BY message_id, at, id
		ON CONFLICT DO NOTHING RETURNING message_id, account_id, click_id, offer_id, at, revenue
	), moved AS (
		INSERT INTO tally_moves (account_id, message_id, offer_id, at, clicks, bot_clicks, unsure_clicks, revenue)
		SELECT account_id, message_id, offer_id, at, 1, 0, 0, revenue FROM firsts
		UNION ALL
		SELECT account_id, message_id, offer_id, at, 0, (verdict = 'bot')::int, (verdict = 'unsure')::int, 0
		  FROM led WHERE verdict <> 'human' AND subscription_id > 0
	)
	UPDATE totals t SET revenue = t.revenue + p.revenue
	  FROM (SELECT led.subscription_id, sum(f.revenue) AS revenue FROM firsts f JOIN led ON led.id = f.click_id
	         WHERE f.revenue <> 0 GROUP BY led.subscription_id) p
	 WHERE t.subscription_id = p.subscription_id`
