package store_test

import (
	"fmt"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/models"
	"trackly/rules/optout"
)

// estate is an account with three lists, two of them of one brand, and another account's
// list. The same phone is on all of them.
type estate struct{ a, b, c, foreign *world }

func newEstate(t *testing.T, scope models.Scope) estate {
	t.Helper()
	a := newWorld(t, 1)
	a.set(func(s *models.Settings) { s.OptOutScope = scope })
	e := estate{a: a, b: a.addList("ACME", nil), c: a.addList("Other", nil), foreign: addWorld(t, a.Store, 1)}
	e.b.load(people(1)...)
	e.c.load(people(1)...)
	return e
}

// statuses are those of the phone on the lists.
func (e estate) statuses() string {
	s := ""
	for _, w := range []*world{e.a, e.b, e.c, e.foreign} {
		s += map[string]string{"active ": "+", "opted_out ": "-"}[w.status(phoneOf(0))]
	}
	return s
}

func TestASTOPReachesAsFarAsTheAccountSays(t *testing.T) {
	t.Parallel()
	for scope, want := range map[models.Scope]string{
		models.ScopeList: "-+++", models.ScopeBrand: "--++", models.ScopeAccount: "---+",
	} {
		t.Run(string(scope), func(t *testing.T) {
			t.Parallel()
			e := newEstate(t, scope)
			w := e.a
			campaigns := []models.CampaignID{
				w.launched(everybody, 100).ID, e.b.launched(everybody, 100).ID, e.c.launched(everybody, 100).ID,
			}
			e.foreign.launched(everybody, 100)
			reach := map[models.Scope]int{models.ScopeList: 1, models.ScopeBrand: 2, models.ScopeAccount: 3}[scope]
			got := w.stop(phoneOf(0))
			require.True(t, got.New && got.OptedOut)
			require.EqualValues(t, reach, got.Skipped)
			require.ElementsMatch(t, campaigns[:reach], got.Campaigns)
			require.Zero(t, got.Answer, "the provider answers")
			require.Equal(t, want, e.statuses())
			require.EqualValues(t, reach, w.count(`SELECT count(*) FROM messages WHERE state = 'skipped' AND reason = 'opted_out'`))
			require.Equal(t, string(scope)+" true", w.text(`SELECT scope || ' ' || (inbound_id IS NOT NULL) FROM suppressions`))
			require.Equal(t, "opt_out STOP "+optout.Version, w.text(`SELECT c.kind || ' ' || c.evidence || ' ' || c.version
				FROM consents c JOIN inbound_messages i ON i.id = c.inbound_id WHERE c.list_id = $1`, w.list.ID))
			require.Equal(t, "stop "+optout.Version, w.text(`SELECT verdict || ' ' || version FROM inbound_messages`))

			require.False(t, w.hear(phoneOf(0), "again", "STOP").OptedOut)
			require.EqualValues(t, 1, w.count(`SELECT count(*) FROM suppressions`), "what stands is not doubled")
		})
	}
}

func TestAListWithoutABrandIsItsOwnBrand(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	w.set(func(s *models.Settings) { s.OptOutScope = models.ScopeBrand })
	a, b := w.addList("", nil), w.addList("", nil)
	a.load(people(1)...)
	b.load(people(1)...)
	a.stop(phoneOf(0))
	require.Equal(t, "opted_out ", a.status(phoneOf(0)))
	require.Equal(t, "active ", b.status(phoneOf(0)))
}

func TestAWebhookDeliveredTwiceIsOneText(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.change(func(l *models.List) { l.AnswersStop = models.AnsweredByTrackly })
	var fresh atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			if w.hear(phoneOf(0), "SM1", "STOP").New {
				fresh.Add(1)
			}
		})
	}
	wg.Wait()
	require.EqualValues(t, 1, fresh.Load())
	for table, n := range map[string]int64{"inbound_messages": 1, "suppressions": 1, "messages": 1} {
		require.Equal(t, n, w.count(`SELECT count(*) FROM `+table), table)
	}
	require.EqualValues(t, 1, w.count(`SELECT count(*) FROM consents WHERE kind = 'opt_out'`))
	require.True(t, w.addList("Acme", nil).hear(phoneOf(0), "SM1", "STOP").New, "another list's provider counts by itself")
}

func TestASTOPIsConfirmedOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.change(func(l *models.List) { l.AnswersStop = models.AnsweredByTrackly })
	e := w.stop(phoneOf(0))
	require.NotZero(t, e.Answer)
	for i := range 3 {
		require.Zero(t, w.hear(phoneOf(0), fmt.Sprint(i), "STOP").Answer)
	}
	require.Equal(t, []models.MessageID{e.Answer}, w.claim(w.takeOf(w.outbox(), 0, first), first), "though that person opted out")
	m, err := w.Message(t.Context(), w.account, e.Answer)
	require.NoError(t, err)
	require.Equal(t, models.KindConfirmation, m.Kind)
	queued := w.hear(phoneOf(9), "x", "STOP")
	require.NotZero(t, queued.Answer, "a stranger's is confirmed too")
	require.Equal(t, w.list.Answer(models.KindConfirmation), w.text(`SELECT body FROM messages WHERE id = $1`, queued.Answer))
	require.Equal(t, models.MessageQueued, w.state(queued.Answer), "and not skipped by the STOP it answers")
}

func TestHELPIsAnsweredAlways(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	require.Zero(t, w.hear(phoneOf(0), "h0", "HELP").Answer, "the provider answers")
	w.change(func(l *models.List) { l.AnswersHelp, l.HelpText = models.AnsweredByTrackly, "Call us." })
	w.stop(phoneOf(1))
	for i, phone := range []string{phoneOf(0), phoneOf(1), phoneOf(8), phoneOf(0)} {
		e := w.hear(phone, fmt.Sprintf("h%d", i+1), "help!")
		require.NotZero(t, e.Answer)
		require.Equal(t, "help Call us.", w.text(`SELECT kind || ' ' || body FROM messages WHERE id = $1`, e.Answer))
	}
	require.Len(t, w.claim(w.takeOf(w.outbox(), 0, first), first), 4)
	require.Equal(t, "suppressed stranger", w.status(phoneOf(8)), "asking for help is no consent")
	require.Equal(t, "opted_out ", w.status(phoneOf(1)))
}

func TestSTARTLiftsOnlyWhatCoversTheList(t *testing.T) {
	t.Parallel()
	start := func(w *world) { w.hear(phoneOf(0), "start", "START") }
	t.Run("the account's", func(t *testing.T) {
		t.Parallel()
		e := newEstate(t, models.ScopeAccount)
		e.a.stop(phoneOf(0))
		start(e.c)
		require.Equal(t, "++++", e.statuses())
		require.EqualValues(t, 1, e.a.count(`SELECT count(*) FROM suppressions WHERE lifted_at IS NOT NULL AND lifted_by <> ''`), "lifted, never deleted")
		require.EqualValues(t, 1, e.a.count(`SELECT count(*) FROM consents WHERE kind = 'opt_in' AND inbound_id IS NOT NULL`))
	})
	t.Run("the brand's, from a list of it", func(t *testing.T) {
		t.Parallel()
		e := newEstate(t, models.ScopeBrand)
		e.a.stop(phoneOf(0))
		start(e.c)
		require.Equal(t, "--++", e.statuses(), "another brand's START is not meant")
		e.b.hear(phoneOf(0), "start2", "START")
		require.Equal(t, "++++", e.statuses())
	})
	t.Run("the list's", func(t *testing.T) {
		t.Parallel()
		e := newEstate(t, models.ScopeList)
		e.a.stop(phoneOf(0))
		e.b.hear(phoneOf(0), "b", "STOP")
		start(e.a)
		require.Equal(t, "+-++", e.statuses())
	})
	t.Run("the account's, while a list's own stands", func(t *testing.T) {
		t.Parallel()
		e := newEstate(t, models.ScopeList)
		e.b.hear(phoneOf(0), "b", "STOP")
		e.a.set(func(s *models.Settings) { s.OptOutScope = models.ScopeAccount })
		e.a.stop(phoneOf(0))
		require.Equal(t, "---+", e.statuses())
		start(e.a)
		require.Equal(t, "+-++", e.statuses())
	})
	t.Run("nothing, when nobody said STOP", func(t *testing.T) {
		t.Parallel()
		e := newEstate(t, models.ScopeAccount)
		start(e.a)
		e.a.hear(phoneOf(5), "start-of-a-stranger", "START")
		require.Equal(t, "++++", e.statuses())
		require.Equal(t, "none", e.a.status(phoneOf(5)))
		require.Zero(t, e.a.count(`SELECT count(*) FROM consents WHERE inbound_id IS NOT NULL`))
	})
	t.Run("and a STOP after it counts again", func(t *testing.T) {
		t.Parallel()
		e := newEstate(t, models.ScopeBrand)
		e.a.stop(phoneOf(0))
		start(e.a)
		require.True(t, e.a.hear(phoneOf(0), "later", "STOP").OptedOut)
		require.Equal(t, "--++", e.statuses())
		require.EqualValues(t, 2, e.a.count(`SELECT count(*) FROM suppressions`))
	})
}

func TestAnImportNeverRevives(t *testing.T) {
	t.Parallel()
	for scope, want := range map[models.Scope]string{
		models.ScopeList: "-+++", models.ScopeBrand: "--++", models.ScopeAccount: "---+",
	} {
		t.Run("a STOP in the scope: "+string(scope), func(t *testing.T) {
			t.Parallel()
			a := newWorld(t, 0)
			a.set(func(s *models.Settings) { s.OptOutScope = scope })
			e := estate{a: a, b: a.addList("ACME", nil), c: a.addList("Other", nil), foreign: addWorld(t, a.Store, 0)}
			a.stop(phoneOf(0)) // before any list has the phone
			for i, w := range []*world{e.a, e.b, e.c, e.foreign} {
				for range 2 {
					imp := w.load(people(1)...)
					require.Equal(t, want[i] == '-', imp.OptedOut == 1, "list %d: %+v", i, imp)
				}
				n, err := w.AudienceSize(t.Context(), w.account, w.list.ID, everybody)
				require.NoError(t, err)
				require.Equal(t, want[i] == '+', n == 1, "list %d", i)
			}
		})
	}
	t.Run("an erased person, nor stores the phone again", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 3)
		other := w.addList("Other", nil)
		w.erase(phoneOf(1))
		for _, v := range []*world{w, other} {
			imp := v.load(people(3)...)
			require.EqualValues(t, 1, imp.OptedOut)
			require.Zero(t, imp.Refused)
			require.EqualValues(t, 2, imp.Added+imp.Merged)
			require.Zero(t, w.count(`SELECT count(*) FROM contacts WHERE phone = $1`, phoneOf(1)))
		}
		stranger := addWorld(t, w.Store, 0)
		require.EqualValues(t, 3, stranger.load(people(3)...).Added, "another account has its own file")
		require.EqualValues(t, 1, w.load(people(3)...).OptedOut, "and that does not open the way back")
		w.exec(`UPDATE erasures SET lifted_at = now()`)
		require.EqualValues(t, 1, w.load(people(3)...).Added)
	})
	t.Run("who is held for review", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 1)
		w.exec(`UPDATE subscriptions SET status = 'suppressed', status_reason = 'review'`)
		w.load(people(1)...)
		require.Equal(t, "suppressed review", w.status(phoneOf(0)))
	})
}

// unclear is an answer that may mean STOP.
const unclear = "how do I stop this"

func (w *world) inbound(provider string) models.Inbound {
	w.t.Helper()
	in, err := w.InboundText(w.t.Context(), w.account, w.count(`SELECT id FROM inbound_messages WHERE provider_id = $1`, provider))
	require.NoError(w.t, err)
	return in
}

func TestAnUnclearAnswerIsHeldForReview(t *testing.T) {
	t.Parallel()
	review := func(w *world, provider string, was models.Review) (models.InboundEffect, error) {
		return w.Review(t.Context(), w.account, w.inbound(provider).ID, was, "ada@example.com", time.Now())
	}
	held := func(t *testing.T) *world {
		t.Helper()
		w := newWorld(t, 2)
		e := w.hear(phoneOf(0), "u1", unclear)
		require.Equal(t, models.InboundEffect{New: true, Verdict: optout.Ambiguous}, e)
		return w
	}
	t.Run("marketing waits, and a person is told", func(t *testing.T) {
		t.Parallel()
		w := held(t)
		require.Equal(t, "suppressed review", w.status(phoneOf(0)))
		require.Equal(t, models.ReviewOpen, w.inbound("u1").Review)
		events, err := w.Events(t.Context(), w.account, 0, 10)
		require.NoError(t, err)
		require.Len(t, events, 1)
		require.Equal(t, models.EventReview, events[0].Kind)
		require.NotContains(t, events[0].Text, phoneOf(0))
		w.single(models.KindReply, phoneOf(0)) // a person may answer
		require.Zero(t, w.count(`SELECT count(*) FROM suppressions`))
		open, err := w.InboundTexts(t.Context(), w.account, models.InboundFilter{Review: models.ReviewOpen}, 0, 10)
		require.NoError(t, err)
		require.Len(t, open, 1)
	})
	t.Run("it was no opt-out", func(t *testing.T) {
		t.Parallel()
		w := held(t)
		_, err := review(w, "u1", models.ReviewKept)
		require.NoError(t, err)
		require.Equal(t, "active ", w.status(phoneOf(0)))
		in := w.inbound("u1")
		require.Equal(t, models.ReviewKept, in.Review)
		require.Equal(t, "ada@example.com", in.ReviewBy)
		_, err = review(w, "u1", models.ReviewOptedOut)
		require.Equal(t, fault.Conflict, fault.KindOf(err), "it was read already")
		require.Equal(t, "active ", w.status(phoneOf(0)))
	})
	t.Run("it was one", func(t *testing.T) {
		t.Parallel()
		w := held(t)
		w.single(models.KindReply, phoneOf(0))
		e, err := review(w, "u1", models.ReviewOptedOut)
		require.NoError(t, err)
		require.True(t, e.OptedOut)
		require.EqualValues(t, 1, e.Skipped)
		require.Equal(t, "opted_out ", w.status(phoneOf(0)))
		require.Equal(t, "review", w.text(`SELECT source FROM suppressions`))
		require.Equal(t, "opt_out review "+unclear, w.text(`SELECT kind || ' ' || method || ' ' || evidence FROM consents WHERE kind = 'opt_out'`))
	})
	t.Run("two of them: both must be read", func(t *testing.T) {
		t.Parallel()
		w := held(t)
		w.hear(phoneOf(0), "u2", unclear)
		_, err := review(w, "u1", models.ReviewKept)
		require.NoError(t, err)
		require.Equal(t, "suppressed review", w.status(phoneOf(0)))
		_, err = review(w, "u2", models.ReviewKept)
		require.NoError(t, err)
		require.Equal(t, "active ", w.status(phoneOf(0)))
	})
	t.Run("two read at once do not hold it for ever", func(t *testing.T) {
		t.Parallel()
		w := held(t)
		for round := range 10 {
			ids := []string{fmt.Sprintf("a%d", round), fmt.Sprintf("b%d", round)}
			var wg sync.WaitGroup
			for _, id := range ids {
				w.hear(phoneOf(1), id, unclear)
			}
			for _, id := range ids {
				wg.Go(func() {
					if _, err := review(w, id, models.ReviewKept); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
			require.Equal(t, "active ", w.status(phoneOf(1)))
		}
	})
	t.Run("a STOP meanwhile stands", func(t *testing.T) {
		t.Parallel()
		w := held(t)
		w.stop(phoneOf(0))
		_, err := review(w, "u1", models.ReviewKept)
		require.NoError(t, err)
		require.Equal(t, "opted_out ", w.status(phoneOf(0)))
	})
	t.Run("another account reads nothing", func(t *testing.T) {
		t.Parallel()
		w := held(t)
		other := addWorld(t, w.Store, 0)
		_, err := other.Review(t.Context(), other.account, w.inbound("u1").ID, models.ReviewKept, "x", time.Now())
		require.Equal(t, fault.NotFound, fault.KindOf(err))
		texts, err := other.InboundTexts(t.Context(), other.account, models.InboundFilter{}, 0, 10)
		require.NoError(t, err)
		require.Empty(t, texts)
	})
}

func TestAPhraseEndsItToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	e := w.hear(phoneOf(0), "p", "please stop texting me")
	require.True(t, e.OptedOut)
	require.Equal(t, "phrase", w.text(`SELECT source FROM suppressions`))
	require.Equal(t, "phrase", w.text(`SELECT method FROM consents WHERE kind = 'opt_out'`))
}

func TestAYESIsAnAnswerOnlyToAQuestion(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	require.NotEqual(t, optout.Start, w.hear(phoneOf(0), "y0", "YES").Verdict)
	w.stop(phoneOf(0))
	w.exec(`UPDATE subscriptions SET asked_until = now() + interval '1 hour'`)
	w.hear(phoneOf(0), "y1", "YES")
	require.Zero(t, w.count(`SELECT count(*) FROM subscriptions WHERE asked_until IS NOT NULL`), "one question, one answer")
}

// No clock that is wrong undoes an opt-out.
func TestASTOPCountsWhateverTheClockSays(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	for i, at := range []time.Time{noon.AddDate(-30, 0, 0), noon.AddDate(30, 0, 0)} {
		e, err := w.RecordInbound(t.Context(), w.list, models.Inbound{
			AccountID: w.account, ListID: w.list.ID, ProviderID: fmt.Sprint(i), Phone: phoneOf(i), Body: "STOP", ReceivedAt: at,
		})
		require.NoError(t, err)
		require.True(t, e.OptedOut)
	}
}

// What an owner decided, or took from a list of people who sue, no START undoes.
func TestAStartLiftsOnlyWhatThePersonCanEnd(t *testing.T) {
	t.Parallel()
	for source, lifted := range map[models.SuppressionSource]bool{
		models.ByKeyword: true, models.ByPhrase: true, models.ByReview: true, models.ByProvider: true,
		models.ByOwner: false, models.ByUpload: false,
	} {
		w := newWorld(t, 1)
		w.exec(`INSERT INTO suppressions (account_id, contact_id, scope, source)
			SELECT account_id, contact_id, 'account', $2 FROM subscriptions WHERE list_id = $1`, w.list.ID, source)
		w.exec(`UPDATE subscriptions SET status = 'opted_out', opted_out_at = now() WHERE list_id = $1`, w.list.ID)
		_, err := w.RecordInbound(t.Context(), w.list, models.Inbound{
			AccountID: w.account, ListID: w.list.ID, Phone: phoneOf(0), ProviderID: string(source), Body: "START", ReceivedAt: time.Now(),
		})
		require.NoError(t, err)
		active := w.count(`SELECT count(*) FROM subscriptions WHERE list_id = $1 AND status = 'active'`, w.list.ID)
		require.Equal(t, lifted, active == 1, source)
	}
}
