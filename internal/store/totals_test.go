package store_test

import (
	"math/rand/v2"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/store"
	"trackly/internal/testkit"
	"trackly/models"
	"trackly/rules/audience"
	"trackly/rules/verdict"
)

// agreed requires that the totals say what the messages and the clicks say.
func (w *world) agreed() {
	w.t.Helper()
	require.Empty(w.t, w.text(`
		WITH raw AS (
			SELECT m.subscription_id AS id, count(m.sent_at) AS sent, max(m.sent_at) AS sent_at, coalesce(sum(k.n), 0) AS clicks, max(k.at) AS clicked_at
			  FROM messages m LEFT JOIN (SELECT message_id, count(*) AS n, max(at) AS at FROM clicks GROUP BY message_id) k ON k.message_id = m.id
			 WHERE m.kind IN ('campaign', 'api', 'reply') GROUP BY m.subscription_id)
		SELECT coalesce(string_agg(concat_ws(' ', coalesce(r.id, t.subscription_id), r.sent, t.send_count, r.clicks, t.click_count), E'\n'), '')
		  FROM raw r FULL JOIN totals t ON t.subscription_id = r.id
		 WHERE (coalesce(r.sent, 0), coalesce(r.clicks, 0), r.sent_at, r.clicked_at)
		       IS DISTINCT FROM (coalesce(t.send_count, 0), coalesce(t.click_count, 0), t.last_sent_at, t.last_clicked_at)`))
}

func (w *world) sent(id models.SubscriptionID) models.Totals {
	w.t.Helper()
	s, err := w.Subscription(w.t.Context(), w.account, w.list.ID, id)
	require.NoError(w.t, err)
	return s.Totals
}

func TestAMessageCountsOnceWhenItIsSent(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		do   func(w *world, b models.Batch, id models.MessageID)
		want int64
	}{
		"claimed":  {func(*world, models.Batch, models.MessageID) {}, 0},
		"sent":     {func(w *world, _ models.Batch, id models.MessageID) { w.settle(models.MessageSent, id) }, 1},
		"refused":  {func(w *world, _ models.Batch, id models.MessageID) { w.settle(models.MessageFailed, id) }, 0},
		"answered": {func(w *world, _ models.Batch, id models.MessageID) { w.settle(models.MessageDelivered, id) }, 1},
		"settled twice": {func(w *world, _ models.Batch, id models.MessageID) {
			w.settle(models.MessageSent, id)
			w.settle(models.MessageSent, id)
		}, 1},
		"delivered after it was sent": {func(w *world, _ models.Batch, id models.MessageID) {
			w.settle(models.MessageSent, id)
			w.hearStatus(id, models.MessageDelivered)
			w.hearStatus(id, models.MessageDelivered)
		}, 1},
		"delivered before it was sent": {func(w *world, _ models.Batch, id models.MessageID) {
			w.hearStatus(id, models.MessageDelivered)
			w.settle(models.MessageSent, id)
			w.hearStatus(id, models.MessageSent)
		}, 1},
		"sent, failed, delivered after all": {func(w *world, _ models.Batch, id models.MessageID) {
			w.settle(models.MessageSent, id)
			w.hearStatus(id, models.MessageFailed)
			w.hearStatus(id, models.MessageDelivered)
		}, 1},
		"failed, delivered after all": {func(w *world, _ models.Batch, id models.MessageID) {
			w.settle(models.MessageFailed, id)
			w.hearStatus(id, models.MessageDelivered)
		}, 1},
		"unknown": {func(w *world, b models.Batch, _ models.MessageID) { w.takeOf(b.Source, 0, second) }, 0},
		"unknown, then heard of": {func(w *world, b models.Batch, id models.MessageID) {
			w.takeOf(b.Source, 0, second)
			w.hearStatus(id, models.MessageDelivered)
		}, 1},
		"unknown, then found": {func(w *world, b models.Batch, id models.MessageID) {
			w.takeOf(b.Source, 0, second)
			w.settle(models.MessageSent, id)
		}, 1},
		"unknown, queued again, sent": {func(w *world, b models.Batch, id models.MessageID) {
			taken := w.takeOf(b.Source, 0, second)
			require.NoError(w.t, w.RequeueAbsent(w.t.Context(), w.account, []models.MessageID{id}))
			require.Zero(w.t, w.count(`SELECT count(*) FROM totals`))
			w.settle(models.MessageSent, w.claim(taken, second)...)
		}, 1},
		"released": {func(w *world, b models.Batch, id models.MessageID) {
			require.NoError(w.t, w.ReleaseMessages(w.t.Context(), b, first, []models.MessageID{id}))
		}, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 1)
			b := w.take(w.launched(audience.Filter{}, 100), first)
			tc.do(w, b, w.claim(b, first)[0])
			got := w.sent(1)
			require.Equal(t, tc.want, got.SendCount)
			require.Equal(t, tc.want > 0, got.LastSentAt != nil)
			w.agreed()
		})
	}
}

func TestOnlyWhatIsSaidOnPurposeCounts(t *testing.T) {
	t.Parallel()
	for kind, want := range map[models.Kind]int64{
		models.KindAPI: 1, models.KindReply: 1, models.KindConfirmation: 0, models.KindHelp: 0, models.KindPasscode: 0, models.KindTest: 0,
	} {
		t.Run(string(kind), func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 1)
			_, err := w.AddSingle(t.Context(), models.Once{}, models.Single{AccountID: w.account, ListID: w.list.ID, Phone: phoneOf(0), Body: "b", Kind: kind})
			require.NoError(t, err)
			holder := models.NewID[string]()
			ids := w.claim(w.takeOf(w.outbox(), 0, holder), holder)
			require.Len(t, ids, 1)
			w.settle(models.MessageSent, ids...)
			require.Equal(t, want, w.sent(1).SendCount)
			w.agreed()
		})
	}
}

// A statement may send several texts to one person.
func TestTextsToOnePersonAddUpInOneStatement(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	for range 3 {
		_, err := w.AddSingle(t.Context(), models.Once{}, models.Single{AccountID: w.account, ListID: w.list.ID, Phone: phoneOf(0), Body: "b", Kind: models.KindAPI})
		require.NoError(t, err)
	}
	holder := models.NewID[string]()
	w.settle(models.MessageSent, w.claim(w.takeOf(w.outbox(), 0, holder), holder)...)
	require.EqualValues(t, 3, w.sent(1).SendCount)
	w.agreed()
}

// Whatever happens at once and in whatever order, the totals are what the rows say.
func TestTotalsAgreeAfterAStorm(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 120)
	random := rand.New(rand.NewPCG(4, 4))
	var storm sync.WaitGroup
	for range 3 {
		c := w.launched(audience.Filter{}, 100)
		w.exec(`INSERT INTO creative_links SELECT creative_id, 1, 'https://offer.example/x' FROM variants WHERE campaign_id = $1`, c.ID)
		b := w.take(c, first)
		ids := w.claim(b, first)
		random.Shuffle(len(ids), func(i, j int) { ids[i], ids[j] = ids[j], ids[i] })
		settled, unknown, released := ids[:60], ids[60:110], ids[110:]
		require.NoError(t, w.ReleaseMessages(t.Context(), b, first, released))
		storm.Go(func() { w.settle(models.MessageSent, settled[:40]...) })
		storm.Go(func() { w.settle(models.MessageSent, settled[20:]...) })
		storm.Go(func() {
			taken := w.take(c, second)
			if err := w.RequeueAbsent(t.Context(), w.account, unknown[:10]); err != nil {
				t.Error(err)
			}
			w.settle(models.MessageSent, w.claim(taken, second)...)
			w.settle(models.MessageSent, unknown[30:]...)
		})
		for i, id := range ids {
			said := []models.MessageState{models.MessageDelivered, models.MessageSent, models.MessageFailed, models.MessageUndelivered}
			for range 2 {
				state := said[random.IntN(len(said))]
				storm.Go(func() { w.hearStatus(id, state) })
			}
			storm.Go(func() { w.click(id, i%3) })
		}
	}
	storm.Wait()
	require.Positive(t, w.count(`SELECT sum(send_count) FROM totals`))
	require.EqualValues(t, 360, w.count(`SELECT sum(click_count) FROM totals`))
	w.agreed()
}

// click taps a message's link so often at the same moment.
func (w *world) click(id models.MessageID, times int) {
	var taps sync.WaitGroup
	for i := range times {
		taps.Go(func() {
			got, err := w.RecordClick(w.t.Context(), models.Click{ID: models.NewID[string](), MessageID: id, Link: 1, At: noon.Add(time.Duration(i) * time.Minute), Verdict: verdict.Human})
			if err != nil || !got.Found {
				w.t.Errorf("click: %+v %v", got, err)
			}
		})
	}
	taps.Wait()
}

func TestAnErasedPersonHasNoTotals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	c := w.launched(audience.Filter{}, 100)
	w.exec(`INSERT INTO creative_links SELECT creative_id, 1, 'https://offer.example/x' FROM variants WHERE campaign_id = $1`, c.ID)
	ids := w.claim(w.take(c, first), first)
	later := w.launched(audience.Filter{}, 100)
	inFlight := w.claim(w.take(later, first), first)
	w.settle(models.MessageSent, ids...)
	for _, id := range ids {
		w.click(id, 1)
	}
	erased := w.count(`SELECT m.subscription_id FROM messages m JOIN subscriptions s ON s.id = m.subscription_id JOIN contacts c ON c.id = s.contact_id
		WHERE m.id = $1 AND c.phone = $2`, ids[0], phoneOf(0))
	require.EqualValues(t, 1, erased)
	_, err := w.Erase(t.Context(), models.Erasure{AccountID: w.account, Phone: phoneOf(0), By: "ada@example.com", Reason: "asked"})
	require.NoError(t, err)
	require.Equal(t, "2", w.text(`SELECT string_agg(subscription_id::text, ' ') FROM totals`))

	// What was on its way, or is tapped later, does not begin them anew.
	w.settle(models.MessageSent, inFlight...)
	for _, id := range ids {
		w.click(id, 1)
	}
	require.Equal(t, "2 2 2", w.text(`SELECT string_agg(concat_ws(' ', subscription_id, send_count, click_count), E'\n') FROM totals`))

	// Texts that only grew old count on.
	w.exec(`UPDATE messages SET redacted_at = now() WHERE subscription_id = 2`)
	w.click(ids[1], 1)
	require.EqualValues(t, 3, w.sent(2).ClickCount)
}

// An upgrade finds what the release before has sent.
func TestTotalsOfTheReleaseBeforeAreMadeUp(t *testing.T) {
	t.Parallel()
	url := firstVersion(t)
	require.NoError(t, store.Migrate(t.Context(), url))
	w := &world{Store: testkit.Open(t, url), t: t}
	require.Equal(t, "1 1 2", w.text(`SELECT string_agg(concat_ws(' ', subscription_id, send_count, click_count), E'\n') FROM totals`))
	w.agreed()
}

func TestAPersonsExportHasTheTotals(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	b := w.take(w.launched(audience.Filter{}, 100), first)
	w.settle(models.MessageSent, w.claim(b, first)...)
	p, err := w.ExportPerson(t.Context(), w.account, phoneOf(0))
	require.NoError(t, err)
	require.EqualValues(t, 1, p.Subscriptions[0].SendCount)
	require.Equal(t, p.Messages[0].SentAt, p.Subscriptions[0].LastSentAt)
}
