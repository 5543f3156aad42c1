package store_test

import (
	"sync"
	"testing"

	"github.com/jackc/pgx/v5"
	"github.com/stretchr/testify/require"

	"trackly/internal/store"
	"trackly/internal/testkit"
	"trackly/models"
	"trackly/rules/optout"
)

// before is a database as the first version left it.
const before = `
INSERT INTO accounts (id, name) VALUES ('00000000-0000-4000-8000-0000000000a1', 'Acme');
INSERT INTO lists (id, account_id, name, brand, phone, provider, provider_sid, provider_token, base_url, link_url, prepend_brand,
                   opt_out_line, state, reason, created_at)
VALUES ('00000000-0000-4000-8000-0000000000b1', '00000000-0000-4000-8000-0000000000a1', 'L', 'Acme', '+14155550132', 'twilio', 'AC7', $1,
        'http://p.example', '', true, 'STOP to end', 'paused', 'unpaid', '2026-01-02T03:04:05Z');
INSERT INTO contacts (phone, region, zones) VALUES
    ('+12125550000', 'US', '{America/New_York}'), ('+12125550001', 'US', '{America/New_York}'), ('+12125550002', 'US', '{}');
INSERT INTO subscriptions (account_id, list_id, contact_id, status, opted_out_at)
SELECT '00000000-0000-4000-8000-0000000000a1', '00000000-0000-4000-8000-0000000000b1', id,
       (ARRAY['active', 'opted_out', 'invalid'])[id], CASE WHEN id = 2 THEN timestamptz '2026-02-03T04:05:06Z' END FROM contacts;
INSERT INTO creatives (id, account_id, name, body, status)
VALUES ('00000000-0000-4000-8000-0000000000c1', '00000000-0000-4000-8000-0000000000a1', 'K', 'hi', 'active');
INSERT INTO campaigns (id, account_id, list_id, name, state, filter, planned, launched_at, started_at)
VALUES ('00000000-0000-4000-8000-0000000000d1', '00000000-0000-4000-8000-0000000000a1', '00000000-0000-4000-8000-0000000000b1', 'C',
        'sending', '{}', 2, now(), now());
INSERT INTO variants VALUES ('00000000-0000-4000-8000-0000000000d1', 1, 'A', '00000000-0000-4000-8000-0000000000c1', 100);
INSERT INTO batches (id, account_id, campaign_id, number, size)
VALUES (500, '00000000-0000-4000-8000-0000000000a1', '00000000-0000-4000-8000-0000000000d1', 0, 2);
INSERT INTO messages (id, account_id, list_id, campaign_id, batch_id, subscription_id, variant)
SELECT 499 + id, account_id, list_id, '00000000-0000-4000-8000-0000000000d1', 500, id, 1 FROM subscriptions WHERE id < 3;
UPDATE messages SET state = 'sent', claimed_at = now(), sent_at = now() WHERE id = 500;
INSERT INTO clicks (id, account_id, message_id, link, address, user_agent, at)
SELECT gen_random_uuid(), '00000000-0000-4000-8000-0000000000a1', 500, 1, '203.0.113.7', 'Phone', now() FROM generate_series(1, 2);
INSERT INTO inbound_messages (account_id, list_id, contact_id, provider_id, body, verdict)
VALUES ('00000000-0000-4000-8000-0000000000a1', '00000000-0000-4000-8000-0000000000b1', 2, 'SM1', 'STOP', 'stop');
INSERT INTO consents (account_id, list_id, contact_id, kind, method, evidence, inbound_id)
VALUES ('00000000-0000-4000-8000-0000000000a1', '00000000-0000-4000-8000-0000000000b1', 2, 'opt_out', 'keyword', 'STOP', 1);
`

// firstVersion is the URL of a database of the first version, with rows in it.
func firstVersion(t *testing.T) string {
	t.Helper()
	url := testkit.Database(t)
	conn, err := pgx.Connect(t.Context(), url)
	require.NoError(t, err)
	defer func() { _ = conn.Close(t.Context()) }()
	_, err = conn.Exec(t.Context(), `DROP SCHEMA public CASCADE; CREATE SCHEMA public`)
	require.NoError(t, err)
	require.NoError(t, store.MigrateTo(t.Context(), url, 1))
	sealed := sealedBefore(t, testkit.SealKey(), "00000000-0000-4000-8000-0000000000b1", "old-token")
	_, err = conn.Exec(t.Context(), before, pgx.QueryExecModeSimpleProtocol, sealed)
	require.NoError(t, err)
	return url
}

func TestADatabaseOfTheFirstVersionGoesOn(t *testing.T) {
	t.Parallel()
	url := firstVersion(t)
	var wg sync.WaitGroup
	for range 3 { // as when all processes start with the new version
		wg.Go(func() {
			if err := store.Migrate(t.Context(), url); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	w := &world{Store: testkit.Open(t, url), t: t, account: "00000000-0000-4000-8000-0000000000a1"}
	l, err := w.List(t.Context(), w.account, "00000000-0000-4000-8000-0000000000b1")
	require.NoError(t, err)
	w.list = l
	require.Equal(t, "unpaid", l.Reason)
	require.Equal(t, models.AnsweredByProvider, l.AnswersStop)
	require.Equal(t, models.AnsweredByProvider, l.AnswersHelp)
	require.True(t, l.Pace().Free())
	require.Len(t, l.Routes, 1)
	r := l.Routes[0]
	require.Equal(t, "1 twilio AC7 +14155550132 http://p.example up",
		w.text(`SELECT concat_ws(' ', rank, provider, sid, phone, base_url, state) FROM routes`))
	require.Error(t, r.Checked(), "it must pass its check before it sends again")
	_, _, c, err := w.WebhookRoute(t.Context(), r.ID)
	require.NoError(t, err)
	require.Equal(t, "old-token", c.Token)
	n, err := w.ResealRoutes(t.Context())
	require.NoError(t, err)
	require.Equal(t, 1, n)

	s, err := w.Settings(t.Context(), w.account)
	require.NoError(t, err)
	require.Equal(t, models.DefaultSettings(), s)

	require.Equal(t, "2 list keyword 2026-02-03 04:05:06", w.text(`SELECT concat_ws(' ', contact_id, scope, source, created_at AT TIME ZONE 'UTC')
		FROM suppressions`), "who said STOP stays silent")
	require.EqualValues(t, 1, w.load(people(3)...).OptedOut)

	m, err := w.Message(t.Context(), w.account, 500)
	require.NoError(t, err)
	require.Equal(t, models.KindCampaign, m.Kind)
	require.Equal(t, models.MessageSent, m.State)
	require.Zero(t, m.Route)
	c2, err := w.Campaign(t.Context(), w.account, "00000000-0000-4000-8000-0000000000d1")
	require.NoError(t, err)
	require.Equal(t, models.LateWaits, c2.Late)
	_, err = w.MoveList(t.Context(), w.account, l.ID, models.ListActive, "")
	require.NoError(t, err)
	require.Empty(t, w.claim(w.take(c2, first), first), "the message left was of the one who said STOP")
	require.Equal(t, models.Progress{Planned: 2, Sent: 1, Skipped: 1}, w.progress(c2))
	texts, err := w.InboundTexts(t.Context(), w.account, models.InboundFilter{}, 0, 10)
	require.NoError(t, err)
	require.Len(t, texts, 1)
	require.Equal(t, optout.Stop, texts[0].Verdict)
	w.hear(phoneOf(1), "SM2", "START")
	require.Equal(t, "active ", w.status(phoneOf(1)))
}

func TestTheSchemaIsTheSameHoweverOneComesToIt(t *testing.T) {
	t.Parallel()
	shape := func(url string) string {
		w := &world{Store: testkit.Open(t, url), t: t}
		return w.text(`SELECT string_agg(table_name || '.' || column_name || ' ' || data_type || ' ' || coalesce(column_default, ''), E'\n'
			ORDER BY table_name, column_name) FROM information_schema.columns WHERE table_schema = 'public'`)
	}
	url := firstVersion(t)
	require.NoError(t, store.Migrate(t.Context(), url))
	require.Equal(t, shape(testkit.Database(t)), shape(url))
}
