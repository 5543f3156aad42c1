package store_test

import (
	"fmt"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/field"
)

func entryOf(i int, change ...func(*models.Entry)) models.Entry {
	e := models.Entry{
		Number: models.Number{Phone: phoneOf(i), Region: "US", Zones: []string{"America/New_York"}}, SignupMethod: models.SignupAPI,
	}
	for _, f := range change {
		f(&e)
	}
	return e
}

func named(first string) func(*models.Entry) {
	return func(e *models.Entry) { e.FirstName = &first }
}

func having(v field.Values) func(*models.Entry) {
	return func(e *models.Entry) { e.Fields = v }
}

// signedUp is a sign-up on the web with all the evidence there is.
func signedUp(at time.Time) func(*models.Entry) {
	return func(e *models.Entry) {
		e.SignupMethod = models.SignupWeb
		e.Consent = &models.Permission{At: &at, OptIn: models.OptIn{
			Disclosure: "I agree to get texts", PageURL: "https://acme.example/join", IP: "203.0.113.9", UserAgent: "Firefox",
		}}
	}
}

func (w *world) upsert(all ...models.Entry) []models.Upserted {
	w.t.Helper()
	got, err := w.UpsertContacts(w.t.Context(), models.Once{}, w.account, w.list.ID, all)
	require.NoError(w.t, err)
	require.Len(w.t, got, len(all))
	return got
}

func (w *world) fates(all ...models.Entry) (fates []models.Fate) {
	w.t.Helper()
	for _, u := range w.upsert(all...) {
		fates = append(fates, u.Fate)
	}
	return fates
}

func (w *world) onList(i int) models.Subscription {
	w.t.Helper()
	all, err := w.SubscriptionsOf(w.t.Context(), w.account, w.list.ID, phoneOf(i))
	require.NoError(w.t, err)
	require.Len(w.t, all, 1)
	return all[0]
}

func (w *world) consents(i int) int64 {
	w.t.Helper()
	return w.count(`SELECT count(*) FROM consents o JOIN contacts c ON c.id = o.contact_id
		WHERE c.phone = $1 AND o.account_id = $2 AND o.kind = 'opt_in'`, phoneOf(i), w.account)
}

func TestAContactIsLaidOverWhatThereIs(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	w.define("plan", field.Text)
	w.define("age", field.Number)
	require.Equal(t, []models.Fate{models.FateCreated, models.FateCreated}, w.fates(
		entryOf(1, named("Ann"), having(field.Values{"plan": "gold", "age": "41"})), entryOf(0, named("Bob"))))
	got := w.onList(1)
	require.Equal(t, "Ann", got.FirstName)
	require.Equal(t, models.SignupAPI, got.SignupMethod)
	require.Equal(t, "NY", got.AtState)
	require.Equal(t, []string{"America/New_York"}, got.AtZones)
	require.Equal(t, "number", w.text(`SELECT jsonb_typeof(fields->'age') FROM subscriptions WHERE id = $1`, got.ID))
	require.EqualValues(t, 1, w.consents(1))

	zip := "79901" // El Paso
	require.Equal(t, []models.Fate{models.FateUnchanged, models.FateUpdated, models.FateCreated}, w.fates(
		entryOf(0, named("Bob")), entryOf(1, having(field.Values{"age": "42"}), func(e *models.Entry) { e.Postal = &zip }), entryOf(2)))
	got = w.onList(1)
	require.Equal(t, field.Values{"plan": "gold", "age": "42"}, got.Fields)
	require.Equal(t, "TX", got.AtState, "the place is read from all the facts")
	require.Equal(t, []string{"America/Denver"}, got.AtZones)
	require.EqualValues(t, 1, w.consents(1), "nothing new was permitted")

	w.upsert(entryOf(1, having(field.Values{"age": "43"}), func(e *models.Entry) { e.Unset = []string{"plan"} }))
	require.Equal(t, field.Values{"age": "43"}, w.onList(1).Fields)
	w.upsert(entryOf(1, having(field.Values{"plan": "tin"}), func(e *models.Entry) { e.Replace = true }))
	require.Equal(t, field.Values{"plan": "tin"}, w.onList(1).Fields)
}

func TestABrokenContactSpoilsNoOther(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	w.define("note", field.Text)
	w.define("note2", field.Text)
	w.define("age", field.Number)
	big := field.Values{"note": string(make([]byte, 2100)), "note2": string(make([]byte, 2100))}
	for name := range big {
		text := []byte(big[name])
		for i := range text {
			text[i] = 'x'
		}
		big[name] = string(text[:1000])
	}
	for i := range 5 {
		w.define(fmt.Sprintf("n%d", i), field.Text)
		big[fmt.Sprintf("n%d", i)] = big["note"]
	}
	var bad fault.Problems
	bad.Add("phone", "is no phone")
	got := w.upsert(
		models.Entry{Problems: bad}, entryOf(0), entryOf(1, having(big)), entryOf(2, having(field.Values{"gone": "x"})),
		entryOf(3, having(field.Values{"age": "old"})), entryOf(4))
	var fates []models.Fate
	for _, u := range got {
		fates = append(fates, u.Fate)
	}
	require.Equal(t, []models.Fate{
		models.FateRefused, models.FateCreated, models.FateRefused, models.FateRefused, models.FateRefused, models.FateCreated,
	}, fates)
	require.Equal(t, bad, got[0].Problems)
	require.Equal(t, "fields", got[2].Problems[0].Where)
	require.Equal(t, "fields.gone", got[3].Problems[0].Where)
	require.Equal(t, "contacts[4].fields.age", got[4].Named(4)[0].Where)
	require.EqualValues(t, 2, w.count(`SELECT count(*) FROM subscriptions WHERE list_id = $1`, w.list.ID))
}

func TestARepeatedRequestGetsTheFirstAnswer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	o := models.Once{Key: "k", RequestHash: []byte("one")}
	var bad fault.Problems
	bad.Add("phone", "is no phone")
	ask := func(o models.Once) ([]models.Upserted, error) {
		return w.UpsertContacts(t.Context(), o, w.account, w.list.ID, []models.Entry{entryOf(0, signedUp(noon)), {Problems: bad}})
	}
	var answers [4][]models.Upserted
	var all sync.WaitGroup
	for i := range answers {
		all.Go(func() {
			var err error
			if answers[i], err = ask(o); err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	for _, a := range answers {
		require.Equal(t, answers[0], a)
		require.Equal(t, models.FateCreated, a[0].Fate)
		require.Equal(t, models.Upserted{Fate: models.FateRefused, Problems: bad}, a[1])
	}
	require.EqualValues(t, 1, w.consents(0))
	_, err := ask(models.Once{Key: "k", RequestHash: []byte("two")})
	require.Equal(t, fault.Conflict, fault.KindOf(err))
	_, err = w.UpsertContacts(t.Context(), models.Once{}, w.account, addWorld(t, w.Store, 0).list.ID, nil)
	require.Equal(t, fault.NotFound, fault.KindOf(err), "another account's list")
}

func TestConsentIsAppended(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	w.upsert(entryOf(0))
	require.Equal(t, []models.Fate{models.FateUpdated}, w.fates(entryOf(0, signedUp(noon))), "new evidence")
	require.Equal(t, []models.Fate{models.FateUnchanged}, w.fates(entryOf(0, signedUp(noon))), "the same evidence")
	require.Equal(t, []models.Fate{models.FateUpdated}, w.fates(entryOf(0, signedUp(noon.Add(time.Hour)))))
	require.EqualValues(t, 3, w.consents(0))
	p, err := w.ExportPerson(t.Context(), w.account, phoneOf(0))
	require.NoError(t, err)
	require.Nil(t, p.Consents[0].GivenAt)
	require.Equal(t, noon, p.Consents[1].GivenAt.UTC())
	require.Len(t, p.Consents[1].DisclosureHash, 32)
}

func TestAStrangerBecomesASubscriber(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.exec(`UPDATE subscriptions SET status = 'suppressed', status_reason = 'stranger'`)
	require.Equal(t, []models.Fate{models.FateUpdated}, w.fates(entryOf(0)))
	require.Equal(t, "active ", w.status(phoneOf(0)))
	require.EqualValues(t, 2, w.consents(0))
	w.exec(`UPDATE subscriptions SET status = 'suppressed', status_reason = 'review'`)
	w.upsert(entryOf(0, named("Z"), signedUp(noon)))
	require.Equal(t, "suppressed review", w.status(phoneOf(0)), "a person has to read the answer")
	require.Equal(t, "Z", w.onList(0).FirstName)
}

func TestWhoMustNotBeTextedStaysOut(t *testing.T) {
	t.Parallel()
	ago := func(d time.Duration) time.Time { return time.Now().Add(-d) }
	for name, change := range map[string]func(*models.Entry){
		"without consent":    func(*models.Entry) {},
		"not on the web":     func(e *models.Entry) { signedUp(time.Now())(e); e.SignupMethod = models.SignupAPI },
		"before the STOP":    signedUp(ago(time.Hour)),
		"in the future":      signedUp(ago(-time.Hour)),
		"at no time":         func(e *models.Entry) { signedUp(noon)(e); e.Consent.At = nil },
		"without disclosure": func(e *models.Entry) { signedUp(time.Now())(e); e.Consent.Disclosure = " " },
		"without a page":     func(e *models.Entry) { signedUp(time.Now())(e); e.Consent.PageURL = "" },
		"without an address": func(e *models.Entry) { signedUp(time.Now())(e); e.Consent.IP = "" },
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 1)
			w.stop(phoneOf(0))
			before := w.onList(0)
			e := entryOf(0, named("Changed"))
			change(&e)
			require.Equal(t, []models.Upserted{{ID: before.ID, Fate: models.FateOptedOut}}, w.upsert(e))
			require.Equal(t, before, w.onList(0), "nothing is touched")
			require.EqualValues(t, 1, w.consents(0))
			require.EqualValues(t, 1, w.count(`SELECT count(*) FROM suppressions WHERE lifted_at IS NULL`))
		})
	}
}

func TestAFreshSignUpLiftsOnlyWhatThePersonSaid(t *testing.T) {
	t.Parallel()
	for source, back := range map[models.SuppressionSource]bool{
		models.ByKeyword: true, models.ByPhrase: true, models.ByReview: true,
		models.ByProvider: false, models.ByOwner: false, models.ByUpload: false, models.ByErasure: false,
	} {
		for _, scope := range []models.Scope{models.ScopeList, models.ScopeAccount} {
			w := newWorld(t, 1)
			w.exec(`INSERT INTO suppressions (account_id, contact_id, scope, list_id, source)
				SELECT account_id, contact_id, $2, CASE WHEN $2 = 'list' THEN list_id END, $3 FROM subscriptions WHERE list_id = $1`,
				w.list.ID, scope, source)
			w.exec(`UPDATE subscriptions SET status = 'opted_out', opted_out_at = now() WHERE list_id = $1`, w.list.ID)
			want, status := models.FateOptedOut, "opted_out "
			if back {
				want, status = models.FateUpdated, "active "
			}
			require.Equal(t, []models.Fate{want}, w.fates(entryOf(0, signedUp(time.Now()))), "%s %s", source, scope)
			require.Equal(t, status, w.status(phoneOf(0)), "%s %s", source, scope)
		}
	}
}

func TestAFreshSignUpIsForOneList(t *testing.T) {
	t.Parallel()
	for scope, want := range map[models.Scope]string{
		models.ScopeList: "++++", models.ScopeBrand: "+-++", models.ScopeAccount: "+--+",
	} {
		t.Run(string(scope), func(t *testing.T) {
			t.Parallel()
			e := newEstate(t, scope)
			never := e.a.addList("acme", nil) // the phone is not on it
			e.a.stop(phoneOf(0))
			require.Equal(t, []models.Fate{models.FateUpdated}, e.a.fates(entryOf(0, signedUp(time.Now()))))
			require.Equal(t, want, e.statuses())
			require.EqualValues(t, 2, e.a.count(`SELECT count(*) FROM consents WHERE list_id = $1 AND kind = 'opt_in'`, e.a.list.ID))
			require.Equal(t, models.SignupWeb, e.a.onList(0).SignupMethod)
			fate := models.FateOptedOut
			if scope == models.ScopeList {
				fate = models.FateCreated
			}
			require.Equal(t, []models.Fate{fate}, never.fates(entryOf(0)), "STOP goes on for the other lists")
			e.a.hear(phoneOf(0), "again", "STOP")
			require.Equal(t, "opted_out ", e.a.status(phoneOf(0)), "STOP means stop, again")
		})
	}
}

func TestTheErasedStayOut(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	id := w.onList(0).ID
	_, err := w.Erase(t.Context(), models.Erasure{AccountID: w.account, Phone: phoneOf(0), By: "Ada", Reason: "asked for it"})
	require.NoError(t, err)
	require.Equal(t, []models.Fate{models.FateOptedOut, models.FateCreated}, w.fates(entryOf(0, signedUp(time.Now())), entryOf(1)))
	require.EqualValues(t, 0, w.count(`SELECT count(*) FROM contacts WHERE phone = $1`, phoneOf(0)))
	name := "Zelda"
	_, err = w.ChangeContact(t.Context(), w.account, w.list.ID, id, models.Change{FirstName: &name})
	require.Equal(t, fault.Conflict, fault.KindOf(err))
	require.EqualValues(t, 0, w.count(`SELECT count(*) FROM subscriptions WHERE first_name = 'Zelda' OR at_state <> '' AND id = $1`, id))
}

func TestAnErasureAndAnUpsertAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	var all sync.WaitGroup
	for i := range 20 {
		w.upsert(entryOf(i, named("Z")))
		all.Go(func() {
			_, err := w.Erase(t.Context(), models.Erasure{AccountID: w.account, Phone: phoneOf(i), By: "Ada", Reason: "asked for it"})
			if err != nil {
				t.Error(err)
			}
		})
		all.Go(func() {
			_, err := w.UpsertContacts(t.Context(), models.Once{}, w.account, w.list.ID, []models.Entry{entryOf(i, named("Y"))})
			if err != nil {
				t.Error(err)
			}
		})
	}
	all.Wait()
	require.EqualValues(t, 0, w.count(`SELECT count(*) FROM subscriptions WHERE first_name <> '' OR status = 'active'`))
}

func TestUpsertsOfTheSamePeopleAtOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	var all sync.WaitGroup
	for g := range 6 {
		all.Go(func() {
			batch := make([]models.Entry, 100)
			for i := range batch {
				at := i
				if g%2 == 0 {
					at = len(batch) - 1 - i
				}
				batch[i] = entryOf(at, named(fmt.Sprint(g)))
			}
			if _, err := w.UpsertContacts(t.Context(), models.Once{}, w.account, w.list.ID, batch); err != nil {
				t.Error(err)
			}
		})
		all.Go(func() { w.load(people(100)...) })
	}
	all.Wait()
	require.EqualValues(t, 100, w.count(`SELECT count(*) FROM subscriptions WHERE list_id = $1 AND status = 'active'`, w.list.ID))
	require.EqualValues(t, 100, w.count(`SELECT count(*) FROM consents WHERE list_id = $1`, w.list.ID), "one of them signs each up")
}

func TestAThousandAreAFewStatements(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	batch := make([]models.Entry, 1000)
	for i := range batch {
		batch[i] = entryOf(i, named("N"))
	}
	began := time.Now()
	w.upsert(batch...)
	require.Less(t, time.Since(began), 5*time.Second)
	for _, f := range w.fates(batch...) {
		require.Equal(t, models.FateUnchanged, f)
	}
}

func TestAContactIsChanged(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	w.define("age", field.Number)
	w.upsert(entryOf(0, named("Ann"), having(field.Values{"age": "41"})))
	id := w.onList(0).ID
	none, state := "", "TX"
	got, err := w.ChangeContact(t.Context(), w.account, w.list.ID, id, models.Change{FirstName: &none, State: &state, Unset: []string{"age"}})
	require.NoError(t, err)
	require.Empty(t, got.FirstName)
	require.Equal(t, "TX", got.AtState)
	require.Equal(t, []string{"America/Chicago", "America/Denver"}, got.AtZones)
	require.Empty(t, got.Fields)
	other := addWorld(t, w.Store, 0)
	_, err = w.ChangeContact(t.Context(), other.account, other.list.ID, id, models.Change{FirstName: &state})
	require.Equal(t, fault.NotFound, fault.KindOf(err))
}
