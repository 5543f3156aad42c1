package store

import (
	"context"
	"time"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

type (
	clickOf = models.Click
	landing = models.Landing
)

// RecordClick stores a click and tells where it leads, in one statement shared with the
// clicks that arrive meanwhile (see gather). It returns when the click is durable. It
// takes no account: the code in the link is what proves the message.
func (s *Store) RecordClick(ctx context.Context, c models.Click) (models.Landing, error) {
	return s.clicks.ask(ctx, c)
}

func (s *Store) writeClicks(ctx context.Context, all []models.Click) ([]models.Landing, error) {
	n := len(all)
	ids, addresses, agents := make([]string, n), make([]string, n), make([]string, n)
	messages, links, times := make([]int64, n), make([]int16, n), make([]time.Time, n)
	methods, verdicts, reasons, versions := make([]string, n), make([]string, n), make([]string, n), make([]string, n)
	for i, c := range all {
		ids[i], addresses[i], agents[i], times[i] = c.ID, c.Address, c.UserAgent, c.At
		methods[i], verdicts[i], reasons[i], versions[i] = c.Method, string(c.Verdict), string(c.Reason), c.Version
		messages[i], links[i] = int64(c.MessageID), int16(c.Link) //nolint:gosec // 1 to 8
	}
	var res []models.Landing
	err := again(func() error {
		res = make([]models.Landing, n) // anew: a try that was undone found nothing
		rows, err := s.pool.Query(ctx, landSQL, ids, messages, links, addresses, agents, times, methods, verdicts, reasons, versions)
		if err != nil {
			return err
		}
		var place int
		var url string
		_, err = pgx.ForEachRow(rows, []any{&place, &url}, func() error {
			res[place-1] = models.Landing{Found: true, URL: url}
			return nil
		})
		return err
	})
	if err != nil {
		return nil, explain(err, "click")
	}
	return res, nil
}

// landSQL finds where clicks lead, keeps them, and adds people's to the totals of whom was
// texted, in the order in which sending adds to them.
const landSQL = `
	WITH landed AS MATERIALIZED (
		SELECT c.*, m.account_id, l.url, m.subscription_id, m.redacted_at
		  FROM unnest($1::uuid[], $2::bigint[], $3::smallint[], $4::text[], $5::text[], $6::timestamptz[],
		              $7::text[], $8::text[], $9::text[], $10::text[])
		       WITH ORDINALITY AS c (id, message_id, link, address, user_agent, at, method, verdict, reason, version, n)
		  JOIN messages m ON m.id = c.message_id
		  JOIN variants v ON v.campaign_id = m.campaign_id AND v.number = m.variant
		  JOIN creative_links l ON l.creative_id = v.creative_id AND l.number = c.link
	), kept AS (
		INSERT INTO clicks (id, account_id, message_id, link, address, user_agent, at, method, verdict, reason, version)
		SELECT id, account_id, message_id, link, address, user_agent, at, method, verdict, reason, version FROM landed
	), added AS (
		INSERT INTO totals AS t (subscription_id, click_count, last_clicked_at)
		SELECT subscription_id, count(*), max(at) FROM landed WHERE verdict = 'human'
		 GROUP BY subscription_id HAVING count(redacted_at) = 0 OR has_phone(subscription_id)
		 ORDER BY subscription_id
		ON CONFLICT (subscription_id) DO UPDATE
		   SET click_count = t.click_count + excluded.click_count, last_clicked_at = greatest(t.last_clicked_at, excluded.last_clicked_at)
	)
	SELECT n, url FROM landed`
