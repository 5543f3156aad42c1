package main

import (
	"context"

	"github.com/jackc/pgx/v5"

	"trackly/models"
)

// What a month of campaigns leaves: 60 blasts, with two variants each, texts over four
// carriers to fifty states, 3 of 100 clicked, one click in ten converted. It is SQL with the
// triggers off: sending five million texts would take a quarter of an hour.
var fillTexted = []string{ //nolint:gochecknoglobals // a constant
	`INSERT INTO creatives (id, account_id, name, body, status) SELECT gen_random_uuid(), @account, 'K' || i, 'Hi', 'active' FROM generate_series(1, 2) i`,
	`INSERT INTO campaigns (id, account_id, list_id, name, state, filter, planned, launched_at, started_at, finished_at)
	 SELECT gen_random_uuid(), @account, @list, 'C' || i, 'sent', '{}', @n / 60, now(), now(), now() FROM generate_series(1, 60) i`,
	`INSERT INTO variants (campaign_id, number, name, creative_id, percent)
	 SELECT c.id, k.n, chr(64 + k.n::int), k.id, 50
	   FROM campaigns c, (SELECT id, row_number() OVER (ORDER BY name) AS n FROM creatives WHERE account_id = @account) k
	  WHERE c.account_id = @account`,
	`INSERT INTO batches (id, account_id, campaign_id, list_id, number, size, sent)
	 SELECT nextval('batch_ids'), @account, c.id, @list, b, 500, 500
	   FROM generate_series(0, @n::int / 500 - 1) b
	   JOIN (SELECT id, row_number() OVER (ORDER BY id) - 1 AS n FROM campaigns WHERE account_id = @account) c ON c.n = b % 60`,
	`INSERT INTO messages (id, account_id, list_id, campaign_id, batch_id, subscription_id, variant, state, segments, route, cost, carrier, at_state,
	                       queued_at, claimed_at, sent_at, finished_at)
	 SELECT b.id + k, @account, @list, b.campaign_id, b.id, 1000000000 + b.id + k, 1 + k % 2,
	        CASE WHEN k % 50 = 7 THEN 'failed' WHEN k % 20 = 3 THEN 'undelivered' ELSE 'delivered' END, 1 + (k % 10 = 0)::int, 1, 4500 * (1 + (k % 10 = 0)::int),
	        ('{Verizon,AT&T,T-Mobile,US Cellular}'::text[])[1 + (k / 2) % 4], 'S' || (k + b.number) % 50,
	        t.at, t.at, CASE WHEN k % 50 = 7 THEN NULL ELSE t.at END, t.at
	   FROM batches b, generate_series(0, 499) k,
	        LATERAL (SELECT now() - interval '1 day' * (b.number % 60 % 29) - interval '1 second' * k AS at) t
	  WHERE b.account_id = @account`,
	`INSERT INTO clicks (id, account_id, message_id, link, address, user_agent, at)
	 SELECT gen_random_uuid(), @account, id, 1, '', '', sent_at + interval '1 minute' FROM messages
	  WHERE account_id = @account AND sent_at IS NOT NULL AND id % 33 = 0`,
	`INSERT INTO first_clicks (message_id, account_id, click_id, at)
	 SELECT message_id, account_id, id, at FROM clicks WHERE account_id = @account`,
	`INSERT INTO offers (id, account_id, name, url, network, payout_type, zone, status, secret_hash)
	 SELECT gen_random_uuid(), @account, 'O', 'https://o.example', 'none', 'cpa', 'UTC', 'active', sha256(uuid_send(@list::uuid))`,
	`INSERT INTO conversions (id, account_id, offer_id, kind, transaction_id, source, at, amount, currency, rate, earned, state, booked, counted, message_id, subscription_id)
	 SELECT gen_random_uuid(), @account, o.id, 'sale', f.message_id::text, 'api', f.at + interval '1 minute', 2500000, 'USD', 1000000, 2500000, 'credited', 2500000, 1,
	        f.message_id, 1000000000 + f.message_id
	   FROM first_clicks f, (SELECT id FROM offers WHERE account_id = @account) o
	  WHERE f.account_id = @account AND f.message_id % 330 = 0`,
}

// texted makes an account that sent n texts in the last month, with its tallies.
func (m *machine) texted(ctx context.Context, n int) (models.AccountID, error) {
	p, err := m.account(ctx, "twilio", 0)
	if err != nil {
		return "", err
	}
	args := pgx.NamedArgs{"account": string(p.list.AccountID), "list": string(p.list.ID), "n": n}
	err = pgx.BeginFunc(ctx, m.pool, func(tx pgx.Tx) error {
		if _, err := tx.Exec(ctx, `SET LOCAL session_replication_role = replica`); err != nil {
			return err
		}
		for _, fill := range fillTexted {
			if _, err := tx.Exec(ctx, fill, args); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		return "", err
	}
	if _, err := m.pool.Exec(ctx, `VACUUM ANALYZE messages, batches, clicks, first_clicks, conversions, variants, campaigns`); err != nil {
		return "", err
	}
	if err := m.app.Store.RebuildTallies(ctx, p.list.AccountID); err != nil {
		return "", err
	}
	_, err = m.pool.Exec(ctx, `VACUUM ANALYZE tallies, cells, batch_tallies`)
	return p.list.AccountID, err
}
