package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

// redact runs to the end, and counts.
func (a *archive) redact(l models.List, at time.Time) (r models.Redacted) {
	a.t.Helper()
	for after := models.BatchID(0); ; {
		gone, next, err := a.RedactMessages(a.t.Context(), l.AccountID, at, after)
		require.NoError(a.t, err)
		r.Messages += gone
		if after = next; next == 0 {
			break
		}
	}
	for after := int64(0); ; {
		gone, next, err := a.RedactInbound(a.t.Context(), l.AccountID, at, after)
		require.NoError(a.t, err)
		r.Inbound += gone
		if after = next; next == 0 {
			return r
		}
	}
}

// aged makes a message so old at the time.
func (a *archive) aged(id models.MessageID, at time.Time, age time.Duration) {
	a.t.Helper()
	a.exec(`UPDATE messages SET queued_at = $2 WHERE id = $1`, id, at.Add(-age))
}

func (a *archive) body(id models.MessageID) string {
	a.t.Helper()
	var body string
	require.NoError(a.t, a.conn.QueryRow(a.t.Context(), `SELECT body || provider_text FROM messages WHERE id = $1`, id).Scan(&body))
	return body
}

func TestTextsAreKeptToTheDayOfTheirAccount(t *testing.T) {
	t.Parallel()
	a := openArchive(t)
	// A spring night without an hour, in the zone of somebody's server.
	at := time.Date(2026, 3, 10, 12, 0, 0, 0, time.UTC)
	a.exec(`SET TIME ZONE 'America/New_York'`)
	month, year := a.account("+14155550132"), a.account("+14155550133")
	a.exec(`UPDATE accounts SET keep_texts_days = 30 WHERE id = $1`, month.AccountID)
	const days = 24 * time.Hour
	for _, l := range []models.List{month, year} {
		a.bring(l, zelda(zeldas))
	}
	old, young := a.text(month, zeldas, "old", models.MessageDelivered), a.text(month, zeldas, "young", models.MessageDelivered)
	foreign := a.text(year, zeldas, "old", models.MessageDelivered)
	a.aged(old, at, 30*days+time.Microsecond)
	a.aged(young, at, 30*days)
	a.aged(foreign, at, 365*days)
	require.Equal(t, models.Redacted{Messages: 1}, a.redact(month, at))
	require.Zero(t, a.redact(year, at))
	require.Empty(t, a.body(old))
	require.NotEmpty(t, a.body(young))
	require.NotEmpty(t, a.body(foreign))
	require.Zero(t, a.redact(month, at), "a second run does nothing")
	require.Equal(t, models.Redacted{Messages: 1}, a.redact(month, at.Add(time.Microsecond)))
	require.Equal(t, models.Redacted{Messages: 1}, a.redact(year, at.Add(time.Microsecond)))
}

func TestOnlyFinishedMessagesAreRedacted(t *testing.T) {
	t.Parallel()
	a := openArchive(t)
	l := a.account("+14155550132")
	a.bring(l, zelda(zeldas))
	at := time.Now().Add(400 * 24 * time.Hour)
	ids := map[models.MessageState]models.MessageID{}
	for _, s := range []models.MessageState{
		models.MessageSent, models.MessageDelivered, models.MessageUndelivered, models.MessageFailed, models.MessageUnknown, models.MessageQueued,
	} {
		ids[s] = a.text(l, zeldas, "Hi", s)
	}
	a.exec(`UPDATE messages SET unknown_at = $2 WHERE id = $1`, ids[models.MessageUnknown], at.Add(-time.Hour))
	require.Equal(t, models.Redacted{Messages: 4}, a.redact(l, at))
	require.NotEmpty(t, a.body(ids[models.MessageUnknown]), "somebody may still ask the provider about it")
	require.NotEmpty(t, a.body(ids[models.MessageQueued]))

	// A status that comes later brings no words back.
	_, err := a.RecordStatus(t.Context(), l.AccountID, l.ID, models.Outcome{
		MessageID: ids[models.MessageSent], State: models.MessageUndelivered, ProviderText: "no such phone " + zeldas,
	})
	require.NoError(t, err)
	require.Empty(t, a.body(ids[models.MessageSent]))

	// One unknown for all that time is finished.
	a.exec(`UPDATE messages SET unknown_at = $2 WHERE id = $1`, ids[models.MessageUnknown], at.Add(-366*24*time.Hour))
	require.Equal(t, models.Redacted{Messages: 1}, a.redact(l, at))

	// What ends later goes later.
	a.exec(`UPDATE messages SET state = 'skipped', finished_at = now() WHERE id = $1`, ids[models.MessageQueued])
	require.Equal(t, models.Redacted{Messages: 1}, a.redact(l, at))
}

func TestEvidenceDoesNotGrowOld(t *testing.T) {
	t.Parallel()
	a := openArchive(t)
	l := a.account("+14155550132")
	a.bring(l, zelda(zeldas))
	a.hears(l, zeldas, "is the blue one in stock?")
	a.hears(l, zeldas, "HELP")
	a.hears(l, zeldas, "STOP")
	a.hears(l, zeldas, "START")
	at := time.Now().Add(366 * 24 * time.Hour)
	before := a.number(`SELECT count(*) FROM consents`)
	require.Equal(t, models.Redacted{Inbound: 2}, a.redact(l, at))
	require.EqualValues(t, 2, a.number(`SELECT count(*) FROM inbound_messages WHERE body IN ('STOP', 'START')`))
	require.EqualValues(t, 2, a.number(`SELECT count(*) FROM inbound_messages WHERE body = '' AND redacted_at IS NOT NULL`))
	require.Equal(t, before, a.number(`SELECT count(*) FROM consents`))
	require.EqualValues(t, 1, a.number(`SELECT count(*) FROM suppressions`))
	require.Zero(t, a.redact(l, at))
}

func TestACampaignsTextsGoInChunksThatMayBeStopped(t *testing.T) {
	t.Parallel()
	a := openArchive(t)
	l := a.account("+14155550132")
	// 25 batches of a campaign, 24 of which are old.
	campaign := models.NewID[models.CampaignID]()
	a.exec(`INSERT INTO campaigns (id, account_id, list_id, name, state, filter, planned, launched_at, started_at)
		VALUES ($1, $2, $3, 'C', 'sending', '{}', 12500, now(), now())`, campaign, l.AccountID, l.ID)
	a.exec(`INSERT INTO batches (id, account_id, campaign_id, number, size) SELECT 500 * n, $1, $2, n, 500 FROM generate_series(1, 25) n`,
		l.AccountID, campaign)
	a.exec(`INSERT INTO messages (id, account_id, list_id, campaign_id, batch_id, subscription_id, variant, state, body, queued_at, claimed_at)
		SELECT 500 + n, $1, $2, $3, 500 + 500 * (n / 500), n, 1, 'delivered', 'hello',
		       now() - CASE WHEN n < 12000 THEN interval '366 days' ELSE interval '1 day' END, now()
		  FROM generate_series(0, 12499) n`, l.AccountID, l.ID, campaign)

	gone, next, err := a.RedactMessages(t.Context(), l.AccountID, time.Now(), 0)
	require.NoError(t, err)
	require.EqualValues(t, 5000, gone)
	require.EqualValues(t, 5000, next, "the id of the last batch of the chunk")
	// Killed here: the next run knows nothing of the cursor.
	require.Equal(t, models.Redacted{Messages: 7000}, a.redact(l, time.Now()))
	require.EqualValues(t, 500, a.number(`SELECT count(*) FROM messages WHERE body <> ''`))
	require.EqualValues(t, 24, a.number(`SELECT count(*) FROM batches WHERE redacted_at IS NOT NULL`))
	require.Zero(t, a.redact(l, time.Now()))
	require.EqualValues(t, 12500, a.number(`SELECT count(*) FROM messages WHERE state = 'delivered'`))
}

// A quiet list's batch of single texts stays open for months.
func TestABatchThatStillGrowsIsReadAgain(t *testing.T) {
	t.Parallel()
	a := openArchive(t)
	l := a.account("+14155550132")
	a.bring(l, zelda(zeldas))
	a.text(l, zeldas, "first", models.MessageDelivered)
	at := time.Now().Add(366 * 24 * time.Hour)
	require.Equal(t, models.Redacted{Messages: 1}, a.redact(l, at))
	a.text(l, zeldas, "second", models.MessageDelivered)
	require.EqualValues(t, 1, a.number(`SELECT count(*) FROM batches`))
	require.Equal(t, models.Redacted{Messages: 1}, a.redact(l, at))
}

func TestTheAccountsOfAnInstallationAreWalkedOnce(t *testing.T) {
	t.Parallel()
	a := openArchive(t)
	want := map[models.AccountID]int{a.account("+14155550132").AccountID: 1, a.account("+14155550133").AccountID: 1, a.account("+14155550134").AccountID: 1}
	got := map[models.AccountID]int{}
	for after := models.AccountID(""); ; {
		ids, err := a.AccountIDs(t.Context(), after, 2)
		require.NoError(t, err)
		if len(ids) == 0 {
			break
		}
		for _, id := range ids {
			got[id]++
		}
		after = ids[len(ids)-1]
	}
	require.Equal(t, want, got)
}
