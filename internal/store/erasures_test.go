package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/testkit"
	"trackly/models"
	"trackly/rules/optout"
)

const (
	zeldas = "+12125550123"
	tail   = "2125550123"
	// words is what Zelda's and everybody's rows are searched for.
	words = "zelda"
)

// aLife is a person with everything an account can hold about one.
func (a *archive) aLife(l models.List, phone string) []models.MessageID {
	a.t.Helper()
	a.bring(l, zelda(phone), testkit.Contact{Phone: "(212) 555-0123", FirstName: "Zelda"})
	ids := []models.MessageID{
		a.text(l, phone, "Hi Zelda", models.MessageDelivered),
		a.text(l, phone, "Zelda again", models.MessageClaimed),
		a.text(l, phone, "Zelda, later", models.MessageQueued),
	}
	a.exec(`INSERT INTO clicks (id, account_id, message_id, link, address, user_agent, at, headers, contact_id)
		SELECT gen_random_uuid(), $1, m.id, 1, '203.0.113.7', 'Zelda Browser', now(), '{"referer": "zelda.example"}', s.contact_id
		  FROM messages m JOIN subscriptions s ON s.id = m.subscription_id WHERE m.id = $2`, l.AccountID, ids[0])
	a.hears(l, phone, "Zelda here, is the blue one in stock?")
	return ids
}

func TestNothingOfAnErasedPersonRemains(t *testing.T) {
	t.Parallel()
	a := openArchive(t)
	l := a.account("+14155550132")
	ids := a.aLife(l, zeldas)
	require.NotEmpty(t, a.found(tail, "555-0123", words, "zorro", "203.0.113.7"), "a search that finds nothing before proves nothing after")

	done := a.erase(l, zeldas)
	require.Equal(t, models.Erased{At: done.At, Subscriptions: 1, Messages: 3, Inbound: 1, Clicks: 1, Refusals: 1, Skipped: 1, Campaigns: done.Campaigns}, done)
	require.Empty(t, a.found(tail, "555-0123", words, "zorro", "203.0.113.7", "75001"))
	require.EqualValues(t, 1, a.number(`SELECT count(*) FROM messages WHERE id = $1 AND state = 'skipped' AND reason = 'opted_out'`, ids[2]))

	// What was in flight lands, and says nothing.
	require.NoError(t, a.SettleMessages(t.Context(), l.AccountID, []models.Outcome{{MessageID: ids[1], State: models.MessageSent, ProviderText: tail}}))
	require.Empty(t, a.found(tail))
	_, err := a.RecordStatus(t.Context(), l.AccountID, l.ID, models.Outcome{MessageID: ids[1], State: models.MessageUndelivered, ProviderText: tail})
	require.NoError(t, err)
	require.EqualValues(t, 1, a.number(`SELECT count(*) FROM messages WHERE id = $1 AND state = 'undelivered'`, ids[1]))
	require.Empty(t, a.found(tail))
}

func TestEvidenceOutlivesAnErasure(t *testing.T) {
	t.Parallel()
	a := openArchive(t)
	l := a.account("+14155550132")
	a.bring(l, zelda(zeldas))
	a.hears(l, zeldas, "STOP")
	a.erase(l, zeldas)
	require.EqualValues(t, 1, a.number(`SELECT count(*) FROM consents WHERE kind = 'opt_in' AND method = 'import' AND evidence = '2026-01-02T03:04:05Z'`))
	require.EqualValues(t, 1, a.number(`SELECT count(*) FROM consents WHERE kind = 'opt_out' AND evidence = 'STOP'`))
	require.EqualValues(t, 1, a.number(`SELECT count(*) FROM inbound_messages WHERE body = 'STOP' AND redacted_at IS NULL`))
	require.EqualValues(t, 2, a.number(`SELECT count(*) FROM suppressions WHERE lifted_at IS NULL`), "the STOP's and the erasure's")
	require.EqualValues(t, 1, a.number(`SELECT count(*) FROM erasures e JOIN contacts c ON c.id = e.contact_id JOIN suppressions x ON x.contact_id = c.id
		WHERE c.phone IS NULL AND x.source = 'keyword'`), "the proof hangs on what is left")
}

func TestAnErasureIsSafeToRepeat(t *testing.T) {
	t.Parallel()
	a := openArchive(t)
	l := a.account("+14155550132")
	a.aLife(l, zeldas)
	first := a.erase(l, zeldas)
	require.Equal(t, models.Erased{At: first.At}, a.erase(l, zeldas))
	require.EqualValues(t, 1, a.number(`SELECT count(*) FROM erasures`))
	require.EqualValues(t, 1, a.number(`SELECT count(*) FROM contacts`))
	t.Run("and takes away what came after the first", func(t *testing.T) {
		a.hears(l, zeldas, "Zelda here, and the red one?")
		require.EqualValues(t, 1, a.erase(l, zeldas).Inbound)
		require.Empty(t, a.found(tail, words))
	})
}

func TestAnErasureLeavesOtherAccountsAlone(t *testing.T) {
	t.Parallel()
	a := openArchive(t)
	l, other := a.account("+14155550132"), a.account("+14155550133")
	a.aLife(l, zeldas)
	a.aLife(other, zeldas)
	before := a.rowsOf(other.AccountID)
	a.erase(l, zeldas)
	require.Equal(t, before, a.rowsOf(other.AccountID))
	require.EqualValues(t, 1, a.number(`SELECT count(*) FROM contacts WHERE phone = $1`, zeldas))
	require.EqualValues(t, 0, a.number(`SELECT count(*) FROM subscriptions s JOIN contacts c ON c.id = s.contact_id
		WHERE s.account_id = $1 AND c.phone IS NOT NULL`, l.AccountID))
	require.EqualValues(t, 1, a.number(`SELECT count(*) FROM clicks k JOIN contacts c ON c.id = k.contact_id
		WHERE k.account_id = $1 AND c.phone IS NULL`, l.AccountID), "a click leads back to nobody")
	require.EqualValues(t, 1, a.bring(other, zelda(zeldas)).Merged)
	a.erase(other, zeldas)
	require.Empty(t, a.found(tail, words))
}

// rowsOf is all of an account's rows about people, with all their columns.
func (a *archive) rowsOf(account models.AccountID) string {
	a.t.Helper()
	all := ""
	for _, table := range []string{"subscriptions", "messages", "inbound_messages", "consents", "suppressions", "clicks"} {
		var rows string
		require.NoError(a.t, a.conn.QueryRow(a.t.Context(),
			`SELECT coalesce(json_agg(x ORDER BY x.id)::text, '') FROM `+table+` x WHERE x.account_id = $1`, account).Scan(&rows))
		all += table + rows
	}
	require.NoError(a.t, a.conn.QueryRow(a.t.Context(), `SELECT $1 || coalesce(json_agg(r ORDER BY r.number)::text, '')
		FROM import_refusals r JOIN imports i ON i.id = r.import_id WHERE i.account_id = $2`, all, account).Scan(&all))
	return all
}

func TestAnErasedPersonNeverComesIn(t *testing.T) {
	t.Parallel()
	for name, known := range map[string]bool{"somebody known": true, "a phone nobody knows yet": false} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			a := openArchive(t)
			l := a.account("+14155550132")
			if known {
				a.bring(l, zelda(zeldas))
			}
			a.erase(l, zeldas)
			imp := a.bring(a.list(l.AccountID, "+14155550134"), zelda(zeldas), zelda("+12125550124"))
			require.EqualValues(t, 1, imp.OptedOut)
			require.EqualValues(t, 1, imp.Added)
			require.Zero(t, imp.Refused)
			_, err := a.AddSingle(t.Context(), models.Once{}, models.Single{
				AccountID: l.AccountID, ListID: l.ID, Phone: zeldas, Body: "hi", Kind: models.KindAPI, OptIn: &models.OptIn{Method: "web"},
			})
			require.Equal(t, fault.Forbidden, fault.KindOf(err))
			require.Empty(t, a.found(tail), "what is refused is not kept either")
		})
	}
}

func TestAPersonWhoSaysStartAfterAnErasureIsBack(t *testing.T) {
	t.Parallel()
	a := openArchive(t)
	l := a.account("+14155550132")
	second := a.list(l.AccountID, "+14155550134")
	a.bring(l, zelda(zeldas))
	a.bring(second, zelda(zeldas))
	a.hears(second, zeldas, "STOP")
	a.erase(l, zeldas)
	require.Equal(t, optout.Start, a.hears(l, zeldas, "START").Verdict)

	a.text(l, zeldas, "welcome back", models.MessageSent)
	require.EqualValues(t, 1, a.number(`SELECT count(*) FROM erasures WHERE lifted_at IS NOT NULL`))
	require.EqualValues(t, 1, a.number(`SELECT count(*) FROM suppressions WHERE source = 'erasure' AND lifted_at IS NOT NULL`))
	require.EqualValues(t, 1, a.number(`SELECT count(*) FROM consents o JOIN contacts c ON c.id = o.contact_id
		WHERE c.phone = $1 AND o.kind = 'opt_in' AND o.evidence = 'START'`, zeldas))
	require.EqualValues(t, 1, a.bring(l, zelda(zeldas)).Merged)
	require.EqualValues(t, 1, a.bring(second, zelda(zeldas)).OptedOut, "the other list's STOP holds on")
	t.Run("and may ask to be erased again", func(t *testing.T) {
		done := a.erase(l, zeldas)
		require.EqualValues(t, 1, done.Messages)
		require.Empty(t, a.found(tail, words))
		require.EqualValues(t, 1, a.bring(l, zelda(zeldas)).OptedOut)
		require.EqualValues(t, 2, a.number(`SELECT count(*) FROM erasures`))
	})
}

func TestAnErasureRefusesToWriteDownWhatItForgets(t *testing.T) {
	t.Parallel()
	a := openArchive(t)
	l := a.account("+14155550132")
	for name, e := range map[string]models.Erasure{
		"no phone":            {Phone: "212", By: "a", Reason: "b"},
		"no reason":           {Phone: zeldas, By: "a"},
		"nobody":              {Phone: zeldas, Reason: "b"},
		"the phone as reason": {Phone: zeldas, By: "a", Reason: "(212) 555-0123 asked"},
	} {
		e.AccountID = l.AccountID
		_, err := a.Erase(t.Context(), e)
		require.Equal(t, fault.Invalid, fault.KindOf(err), name)
	}
	_, err := a.Erase(t.Context(), models.Erasure{AccountID: models.NewID[models.AccountID](), Phone: zeldas, By: "a", Reason: "b"})
	require.Equal(t, fault.NotFound, fault.KindOf(err))
	require.Zero(t, a.number(`SELECT count(*) FROM contacts`))
}

// A text that comes back to the queue while its person is erased must not stay there: the
// campaign would never end.
func TestWhatComesBackToTheQueueOfAnErasedPersonIsStillRead(t *testing.T) {
	t.Parallel()
	a := openArchive(t)
	l := a.account("+14155550132")
	a.bring(l, zelda(zeldas))
	id := a.text(l, zeldas, "Hi", models.MessageClaimed)
	a.erase(l, zeldas)
	a.exec(`UPDATE messages SET state = 'queued' WHERE id = $1`, id)
	b, err := a.TakeBatch(t.Context(), models.Source{AccountID: l.AccountID, ListID: l.ID}, 0, models.NewID[string]())
	require.NoError(t, err)
	queued, err := a.QueuedMessages(t.Context(), b)
	require.NoError(t, err)
	require.Len(t, queued, 1)
	require.Empty(t, queued[0].Phone)
}

func TestAnExportHoldsEverything(t *testing.T) {
	t.Parallel()
	a := openArchive(t)
	l, other := a.account("+14155550132"), a.account("+14155550133")
	ids := a.aLife(l, zeldas)
	a.exec(`INSERT INTO decisions (account_id, message_id, check_name, verdict, why, version) VALUES ($1, $2, 'quiet_hours', 'wait', 'night', '2026-11-24')`,
		l.AccountID, ids[0])
	a.hears(l, zeldas, "STOP")
	require.NoError(t, a.SettleMessages(t.Context(), l.AccountID, []models.Outcome{{MessageID: ids[1], State: models.MessageSent}}))

	_, err := a.ExportPerson(t.Context(), other.AccountID, zeldas)
	require.Equal(t, fault.NotFound, fault.KindOf(err), "a foreign account's person")
	p, err := a.ExportPerson(t.Context(), l.AccountID, zeldas)
	require.NoError(t, err)
	require.WithinDuration(t, time.Now(), p.At, time.Minute)
	require.Equal(t, "Zorro the cat", p.Subscriptions[0].Fields["pet"])
	require.Len(t, p.Consents, 2)
	require.Len(t, p.Consents[0].FileHash, 32)
	require.Equal(t, models.ByKeyword, p.Suppressions[0].Source)
	require.Len(t, p.Inbound, 2)
	require.Len(t, p.Messages, 3)
	m := p.Messages[0]
	require.Equal(t, "twilio", m.Provider)
	require.Equal(t, "night", m.Decisions[0].Why)
	require.Equal(t, "203.0.113.7", m.Clicks[0].Address)
	zones, version := p.ZonesOf(m.Message)
	require.Equal(t, []string{"America/Chicago"}, zones)
	require.Equal(t, "2026-11-24", version)
	stop := p.Inbound[1]
	require.NotNil(t, p.LastText(stop.ReceivedAt), "one was in flight")
	require.Equal(t, p.Messages[1].SentAt, p.LastText(stop.ReceivedAt))

	t.Run("and after an erasure what stayed", func(t *testing.T) {
		a.erase(l, zeldas)
		p, err := a.ExportPerson(t.Context(), l.AccountID, zeldas)
		require.NoError(t, err)
		require.Len(t, p.Erasures, 1)
		require.Len(t, p.Consents, 2)
		require.Len(t, p.Messages, 3)
		require.Empty(t, p.Messages[0].Body)
		require.NotNil(t, p.Messages[0].RedactedAt)
	})
}
