package store_test

import (
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/store"
	"trackly/internal/testkit"
	"trackly/models"
)

// text1 is a single text from the list.
func (w *world) text1(kind models.Kind, phone string) models.Single {
	return models.Single{AccountID: w.account, ListID: w.list.ID, Phone: phone, Region: "US", Body: "hi", Kind: kind}
}

// single queues a text.
func (w *world) single(kind models.Kind, phone string) models.MessageID {
	w.t.Helper()
	id, err := w.AddSingle(w.t.Context(), models.Once{}, w.text1(kind, phone))
	require.NoError(w.t, err)
	return id
}

// status is the contact's on the list.
func (w *world) status(phone string) string {
	w.t.Helper()
	return w.text(`SELECT coalesce((SELECT s.status || ' ' || s.status_reason FROM subscriptions s JOIN contacts c ON c.id = s.contact_id
		WHERE s.list_id = $1 AND c.phone = $2), 'none')`, w.list.ID, phone)
}

func (w *world) contact(phone string) models.ContactID {
	w.t.Helper()
	return models.ContactID(w.count(`SELECT id FROM contacts WHERE phone = $1`, phone))
}

// silence inserts a suppression, and changes nothing else.
func (w *world) silence(phone string, scope models.Scope) {
	w.t.Helper()
	x := models.Suppression{Scope: scope}.Over(w.list)
	w.exec(`INSERT INTO suppressions (account_id, contact_id, scope, list_id, brand, source)
		VALUES ($1, $2, $3, nullif($4, '')::uuid, nullif($5, ''), 'owner')`, w.account, w.contact(phone), x.Scope, x.ListID, x.Brand)
}

// erase forgets a phone, as the account's owner may ask for.
func (w *world) erase(phone string) {
	w.t.Helper()
	id := w.contact(phone)
	w.exec(`INSERT INTO erasures (account_id, phone_hash, contact_id) VALUES ($1, $2, $3)`, w.account, store.PhoneHash(w.Store, phone), id)
	w.exec(`UPDATE contacts SET phone = NULL WHERE id = $1`, id)
}

func TestSingleTextsFillBatches(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	firstID := w.single(models.KindAPI, phoneOf(0))
	require.Equal(t, firstID+1, w.single(models.KindAPI, phoneOf(0)))
	m, err := w.Message(t.Context(), w.account, firstID)
	require.NoError(t, err)
	require.Empty(t, m.CampaignID)
	require.Equal(t, models.KindAPI, m.Kind)
	require.EqualValues(t, firstID, m.BatchID)
	require.Equal(t, "hi", m.Body)
	// All but one of the remaining places, in one statement.
	w.exec(`INSERT INTO messages (id, account_id, list_id, batch_id, subscription_id, variant, kind, body)
		SELECT b.id + n, b.account_id, b.list_id, b.id, s.id, 0, 'api', 'x' FROM batches b, subscriptions s, generate_series(2, 498) n`)
	w.exec(`UPDATE batches SET size = 499`)
	require.Equal(t, firstID+499, w.single(models.KindAPI, phoneOf(0)))
	next := w.single(models.KindAPI, phoneOf(0))
	m, err = w.Message(t.Context(), w.account, next)
	require.NoError(t, err)
	require.EqualValues(t, next, m.BatchID, "a full batch is followed by another one")
	require.EqualValues(t, 1, w.count(`SELECT number FROM batches WHERE id = $1`, next))
	p, err := w.Progress(t.Context(), w.outbox())
	require.NoError(t, err)
	require.Equal(t, models.Progress{Planned: 501, Queued: 501}, p)
	open, err := w.OpenBatches(t.Context(), w.outbox())
	require.NoError(t, err)
	require.Equal(t, []int{0, 1}, open.Numbers)
}

func TestManyWritersOfSingleTextsLeaveNoGap(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 8)
	// A batch that is nearly full, so that all of them want to open the next one.
	w.single(models.KindAPI, phoneOf(0))
	w.exec(`INSERT INTO messages (id, account_id, list_id, batch_id, subscription_id, variant, kind, body)
		SELECT b.id + n, b.account_id, b.list_id, b.id, s.id, 0, 'api', 'x'
		  FROM batches b, (SELECT id FROM subscriptions LIMIT 1) s, generate_series(1, 489) n`)
	w.exec(`UPDATE batches SET size = 490`)
	var mu sync.Mutex
	var ids []models.MessageID
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			for j := range 5 {
				id, err := w.AddSingle(t.Context(), models.Once{}, w.text1(models.KindAPI, phoneOf((i+j)%8)))
				if err != nil {
					t.Error(err)
					return
				}
				mu.Lock()
				ids = append(ids, id)
				mu.Unlock()
			}
		})
	}
	wg.Wait()
	slices.Sort(ids)
	require.Len(t, slices.Compact(ids), 80)
	require.Equal(t, "500 70", w.text(`SELECT string_agg(size::text, ' ' ORDER BY number) FROM batches`))
	require.EqualValues(t, 0, w.count(`SELECT count(*) FROM batches b WHERE b.size <>
		(SELECT count(*) FROM messages m WHERE m.batch_id = b.id AND m.id >= b.id AND m.id < b.id + b.size)`), "every place has its text")
}

func TestTheFirstSingleTextsOfAListOpenOneBatch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 16)
	var wg sync.WaitGroup
	for i := range 16 {
		wg.Go(func() {
			if _, err := w.AddSingle(t.Context(), models.Once{}, w.text1(models.KindAPI, phoneOf(i))); err != nil {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.Equal(t, "16", w.text(`SELECT string_agg(size::text, ' ') FROM batches`))
}

func TestASingleTextIsQueuedOnceForEachKey(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	once := models.Once{Key: "k", RequestHash: []byte("h")}
	var mu sync.Mutex
	got := map[models.MessageID]bool{}
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			id, err := w.AddSingle(t.Context(), once, w.text1(models.KindAPI, phoneOf(0)))
			if err != nil {
				t.Error(err)
			}
			mu.Lock()
			got[id] = true
			mu.Unlock()
		})
	}
	wg.Wait()
	require.Len(t, got, 1)
	require.EqualValues(t, 1, w.count(`SELECT count(*) FROM messages`))
	require.EqualValues(t, 1, w.count(`SELECT sum(size) FROM batches`), "no empty place is left, which nobody could ever send")
	w.stop(phoneOf(0))
	id, err := w.AddSingle(t.Context(), once, w.text1(models.KindAPI, phoneOf(0)))
	require.NoError(t, err, "a repetition tells what was made, whatever happened since")
	require.True(t, got[id])
	_, err = w.AddSingle(t.Context(), models.Once{Key: "k", RequestHash: []byte("other")}, w.text1(models.KindAPI, phoneOf(1)))
	require.Equal(t, fault.Conflict, fault.KindOf(err))
	other := addWorld(t, w.Store, 1)
	id, err = other.AddSingle(t.Context(), once, other.text1(models.KindAPI, phoneOf(0)))
	require.NoError(t, err)
	require.False(t, got[id], "another account's key is another key")
}

func TestASingleTextIsRefused(t *testing.T) {
	t.Parallel()
	st := testkit.Store(t)
	for name, tc := range map[string]struct {
		prepare func(w *world)
		change  func(*models.Single)
	}{
		"to a phone without consent":         {nil, func(in *models.Single) { in.Phone = phoneOf(7) }},
		"to somebody who said STOP":          {func(w *world) { w.stop(phoneOf(0)) }, nil},
		"a reply to somebody who said STOP":  {func(w *world) { w.stop(phoneOf(0)) }, func(in *models.Single) { in.Kind = models.KindReply }},
		"a code to somebody who said STOP":   {func(w *world) { w.stop(phoneOf(0)) }, func(in *models.Single) { in.Kind = models.KindPasscode }},
		"to somebody held by hand":           {func(w *world) { w.deactivate(phoneOf(0)) }, nil},
		"to a phone that is not one":         {func(w *world) { w.exec(`UPDATE subscriptions SET status = 'invalid' WHERE account_id = $1`, w.account) }, func(in *models.Single) { in.Kind = models.KindReply }},
		"to somebody silenced on the list":   {func(w *world) { w.silence(phoneOf(0), models.ScopeList) }, nil},
		"to somebody silenced for the brand": {func(w *world) { w.silence(phoneOf(0), models.ScopeBrand) }, nil},
		"to somebody silenced everywhere":    {func(w *world) { w.silence(phoneOf(0), models.ScopeAccount) }, nil},
		"a reply to somebody silenced":       {func(w *world) { w.silence(phoneOf(0), models.ScopeAccount) }, func(in *models.Single) { in.Kind = models.KindReply }},
		"to somebody erased, with consent":   {func(w *world) { w.erase(phoneOf(0)) }, func(in *models.Single) { in.OptIn = &models.OptIn{Method: "web"} }},
		"with consent, against a STOP": {
			func(w *world) { w.stop(phoneOf(0)) },
			func(in *models.Single) { in.OptIn = &models.OptIn{Method: "web"} },
		},
		"with consent, to a stranger silenced everywhere": {func(w *world) {
			w.addList("Other", nil).load(testkit.Contact{Phone: phoneOf(9)})
			w.silence(phoneOf(9), models.ScopeAccount)
		}, func(in *models.Single) { in.Phone, in.OptIn = phoneOf(9), &models.OptIn{Method: "web"} }},
	} {
		w := addWorld(t, st, 1) // an account for each case; the contacts are the same
		if tc.prepare != nil {
			tc.prepare(w)
		}
		contacts := w.count(`SELECT count(*) FROM contacts`)
		subscriptions := w.count(`SELECT count(*) FROM subscriptions`)
		in := w.text1(models.KindAPI, phoneOf(0))
		if tc.change != nil {
			tc.change(&in)
		}
		_, err := w.AddSingle(t.Context(), models.Once{Key: "k", RequestHash: []byte("h")}, in)
		require.Equal(t, fault.Forbidden, fault.KindOf(err), "%s: %v", name, err)
		require.NotContains(t, err.Error(), in.Phone, name)
		require.Equal(t, contacts, w.count(`SELECT count(*) FROM contacts`), "%s: a refused phone is not kept", name)
		require.Equal(t, subscriptions, w.count(`SELECT count(*) FROM subscriptions`), name)
		for _, table := range []string{"messages", "batches", "idempotency_keys"} {
			require.Zero(t, w.count(`SELECT count(*) FROM `+table), "%s: %s", name, table)
		}
	}
	w := newWorld(t, 1)
	other := addWorld(t, w.Store, 0)
	in := other.text1(models.KindReply, phoneOf(0))
	in.ListID = w.list.ID
	_, err := w.AddSingle(t.Context(), models.Once{}, in)
	require.Equal(t, fault.NotFound, fault.KindOf(err), "another account's list")
	require.EqualValues(t, 1, w.count(`SELECT count(*) FROM subscriptions`))
}

func TestAnotherScopeDoesNotRefuse(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	other := w.addList("Other", nil)
	other.load(people(1)...)
	other.silence(phoneOf(0), models.ScopeList)
	other.silence(phoneOf(0), models.ScopeBrand)
	w.single(models.KindAPI, phoneOf(0))
	stranger := addWorld(t, w.Store, 1)
	stranger.silence(phoneOf(0), models.ScopeAccount)
	w.single(models.KindAPI, phoneOf(0))
}

func TestConsentComesWithASingleText(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	in := w.text1(models.KindAPI, phoneOf(3))
	in.Zones = []string{"America/New_York"}
	in.OptIn = &models.OptIn{
		Method: "web", Evidence: "form 7", Disclosure: "By pressing ✓ you agree", PageURL: "https://acme.example/form",
		IP: "192.0.2.1", UserAgent: "Firefox",
	}
	_, err := w.AddSingle(t.Context(), models.Once{}, in)
	require.NoError(t, err)
	require.Equal(t, "active ", w.status(phoneOf(3)))
	sum := sha256.Sum256([]byte(in.OptIn.Disclosure))
	require.Equal(t, "opt_in web form 7 By pressing ✓ you agree "+hex.EncodeToString(sum[:])+" https://acme.example/form 192.0.2.1 Firefox",
		w.text(`SELECT concat_ws(' ', kind, method, evidence, disclosure, encode(disclosure_hash, 'hex'), page_url, ip, user_agent) FROM consents`))
	require.Equal(t, "US America/New_York", w.text(`SELECT region || ' ' || zones[1] FROM contacts`))
	in.Phone, in.OptIn = phoneOf(4), &models.OptIn{Method: "paper"}
	_, err = w.AddSingle(t.Context(), models.Once{}, in)
	require.NoError(t, err)
	require.EqualValues(t, 1, w.count(`SELECT count(*) FROM consents WHERE disclosure = '' AND disclosure_hash IS NULL`), "nothing shown has no hash")
}

func TestStrangers(t *testing.T) {
	t.Parallel()
	t.Run("are reached by what they wait for, and by no campaign", func(t *testing.T) {
		t.Parallel()
		st := testkit.Store(t)
		for _, kind := range []models.Kind{models.KindReply, models.KindPasscode, models.KindTest, models.KindConfirmation, models.KindHelp} {
			w := addWorld(t, st, 0)
			id := w.single(kind, phoneOf(1))
			require.Equal(t, "suppressed stranger", w.status(phoneOf(1)), "%s", kind)
			require.Equal(t, []models.MessageID{id}, w.claim(w.takeOf(w.outbox(), 0, first), first), "%s", kind)
			n, err := w.AudienceSize(t.Context(), w.account, w.list.ID, everybody)
			require.NoError(t, err)
			require.Zero(t, n)
			_, err = w.AddSingle(t.Context(), models.Once{}, w.text1(models.KindAPI, phoneOf(1)))
			require.Equal(t, fault.Forbidden, fault.KindOf(err))
		}
	})
	t.Run("an import makes a stranger a subscriber, with proof", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 0)
		w.single(models.KindReply, phoneOf(1))
		w.load(people(2)...)
		require.Equal(t, "active ", w.status(phoneOf(1)))
		require.EqualValues(t, 1, w.count(`SELECT count(*) FROM consents WHERE contact_id = $1 AND kind = 'opt_in'`, w.contact(phoneOf(1))))
		w.load(people(2)...)
		require.EqualValues(t, 1, w.count(`SELECT count(*) FROM consents WHERE contact_id = $1`, w.contact(phoneOf(1))), "once")
	})
	t.Run("consent makes a stranger a subscriber", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 0)
		w.single(models.KindReply, phoneOf(1))
		in := w.text1(models.KindAPI, phoneOf(1))
		in.OptIn = &models.OptIn{Method: "web"}
		_, err := w.AddSingle(t.Context(), models.Once{}, in)
		require.NoError(t, err)
		require.Equal(t, "active ", w.status(phoneOf(1)))
		require.EqualValues(t, 1, w.count(`SELECT count(*) FROM consents WHERE method = 'web'`))
	})
}

func TestSTOPsAndSingleTextsDoNotWaitInARing(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 40)
	w.change(func(l *models.List) { l.AnswersStop = models.AnsweredByTrackly })
	for i := range 40 {
		w.single(models.KindAPI, phoneOf(i))
	}
	var wg sync.WaitGroup
	for i := range 40 {
		wg.Go(func() {
			if e := w.hear(phoneOf(i), fmt.Sprintf("in%d", i), "STOP"); e.Answer == 0 {
				t.Errorf("no confirmation for %d", i)
			}
		})
		wg.Go(func() {
			_, err := w.AddSingle(t.Context(), models.Once{}, w.text1(models.KindAPI, phoneOf(i)))
			if err != nil && fault.KindOf(err) != fault.Forbidden {
				t.Error(err)
			}
		})
	}
	wg.Wait()
	require.Zero(t, w.count(`SELECT deadlocks FROM pg_stat_database WHERE datname = current_database()`), "each costs a second")
	require.EqualValues(t, 40, w.count(`SELECT count(*) FROM messages WHERE kind = 'confirmation' AND state = 'queued'`))
	require.Zero(t, w.count(`SELECT count(*) FROM messages m JOIN subscriptions s ON s.id = m.subscription_id
		WHERE m.kind = 'api' AND m.state = 'queued' AND s.status = 'opted_out'`), "a text that was queued before the STOP is skipped, one after it refused")
	require.EqualValues(t, 0, w.count(`SELECT count(*) FROM batches b WHERE b.size <> (SELECT count(*) FROM messages m WHERE m.batch_id = b.id)`))
}

func TestOutboxesWaiting(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	other := w.addList("Acme", nil)
	other.load(people(1)...)
	w.launched(everybody, 100) // a campaign is no outbox
	waiting := func(before time.Time, limit int) []models.Source {
		got, err := w.OutboxesWaiting(t.Context(), before, limit)
		require.NoError(t, err)
		return got
	}
	soon := time.Now().Add(time.Minute)
	require.Empty(t, waiting(soon, 10))
	w.single(models.KindAPI, phoneOf(0))
	other.single(models.KindAPI, phoneOf(0))
	require.ElementsMatch(t, []models.Source{w.outbox(), other.outbox()}, waiting(soon, 10))
	require.Len(t, waiting(soon, 1), 1)
	require.Empty(t, waiting(time.Now().Add(-time.Minute), 10), "they are young: somebody is at it")

	b := w.takeOf(w.outbox(), 0, first)
	require.NoError(t, w.Postpone(t.Context(), b, first, time.Hour))
	require.Equal(t, []models.Source{other.outbox()}, waiting(soon, 10), "nothing of it may go out yet")
	other.claim(other.takeOf(other.outbox(), 0, first), first)
	require.Equal(t, []models.Source{other.outbox()}, waiting(soon, 10), "what was claimed by who died needs a new holder")
	other.takeOf(other.outbox(), 0, second)
	require.Empty(t, waiting(soon, 10), "what is unknown is asked after elsewhere")
}
