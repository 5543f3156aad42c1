package store_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

// reasonOf says why a message was skipped; "" when it was not.
func (w *world) reasonOf(id models.MessageID) string {
	w.t.Helper()
	m, err := w.Message(w.t.Context(), w.account, id)
	require.NoError(w.t, err)
	return m.Reason
}

// age makes everything that was noted or claimed so many hours older.
func (w *world) age(hours int) {
	w.t.Helper()
	w.exec(`UPDATE texted SET at = ARRAY(SELECT u - make_interval(hours => $1) FROM unnest(at) WITH ORDINALITY AS t (u, n) ORDER BY n)`, hours)
	w.exec(`UPDATE messages SET claimed_at = claimed_at - make_interval(hours => $1) WHERE claimed_at IS NOT NULL`, hours)
}

// round launches a campaign of the list to everybody and claims it under caps.
func (w *world) round(caps models.Caps, perDay int) []models.MessageID {
	w.t.Helper()
	return w.claimUnder(w.take(w.launched(everybody, 100), first), first, caps, perDay)
}

func (w *world) skipped(reason string) int64 {
	w.t.Helper()
	return w.count(`SELECT count(*) FROM messages WHERE account_id = $1 AND state = 'skipped' AND reason = $2`, w.account, reason)
}

func TestFrequencyCaps(t *testing.T) {
	t.Parallel()
	t.Run("a list's cap counts that list's texts", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 3)
		other := w.addList("Acme", nil)
		other.load(people(3)...)
		caps := models.Caps{ListHours: 24}
		require.Len(t, w.round(caps, 0), 3)
		require.Len(t, other.round(caps, 0), 3, "another list's text does not count")
		require.Empty(t, w.round(caps, 0))
		require.EqualValues(t, 3, w.skipped(models.ReasonFrequency))
		w.age(25)
		require.Len(t, w.round(caps, 0), 3)
	})
	t.Run("the account's cap counts every list's texts", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 3)
		other := w.addList("Other", nil)
		other.load(people(4)...)
		caps := models.Caps{AccountHours: 24}
		require.Len(t, w.round(caps, 0), 3)
		require.Len(t, other.round(caps, 0), 1, "only the one whom the first list does not know")
		stranger := addWorld(t, w.Store, 3)
		require.Len(t, stranger.round(caps, 0), 3, "another account's texts do not count")
	})
	t.Run("what is waited for is neither held up nor counted", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 1)
		caps := models.Caps{AccountHours: 24, ListHours: 24}
		require.Len(t, w.round(caps, 0), 1)
		b, _ := w.queuedKind(models.KindReply, phoneOf(0))
		require.Len(t, w.claimUnder(b, first, caps, 1), 1)
		require.EqualValues(t, 1, w.count(`SELECT cardinality(at) FROM texted`))
		w.single(models.KindAPI, phoneOf(0))
		require.Empty(t, w.claimUnder(w.takeOf(w.outbox(), 0, second), second, caps, 0), "a single text asked for by API is no exception")
	})
	t.Run("without a cap nothing is noted", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 3)
		require.Len(t, w.round(models.Caps{}, 0), 3)
		require.Zero(t, w.count(`SELECT count(*) FROM texted`))
	})
	t.Run("a message that was put back does not count against itself", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 3)
		caps := models.Caps{AccountHours: 24, ListHours: 24}
		c := w.launched(everybody, 100)
		b := w.take(c, first)
		for range 3 {
			ids := w.claimUnder(b, first, caps, 1)
			require.Len(t, ids, 3)
			require.NoError(t, w.ReleaseMessages(t.Context(), b, first, ids))
		}
		require.EqualValues(t, 3, w.count(`SELECT sum(cardinality(at)) FROM texted`), "it is noted once")
		require.Len(t, w.claimUnder(b, first, caps, 1), 3)
		w.progress(c)
	})
	t.Run("what no cap can ask for is forgotten", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 1)
		caps := models.Caps{AccountHours: 1}
		w.round(caps, 0)
		w.age(2)
		w.round(caps, 0)
		require.EqualValues(t, 2, w.count(`SELECT cardinality(at) FROM texted`))
		w.age(31 * 24)
		w.round(caps, 0)
		require.EqualValues(t, 1, w.count(`SELECT cardinality(at) FROM texted`))
	})
}

func TestAStatesCap(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	for range 3 {
		require.Len(t, w.round(models.Caps{}, 3), 2)
	}
	require.Empty(t, w.round(models.Caps{}, 3))
	require.EqualValues(t, 2, w.skipped(models.ReasonStateCap))
	require.Len(t, w.round(models.Caps{}, 4), 2, "another state allows more")
	w.age(23)
	require.Empty(t, w.round(models.Caps{}, 3))
	w.age(1)
	require.Len(t, w.round(models.Caps{}, 3), 2, "24 hours later")
	c := w.launched(everybody, 100)
	require.Len(t, w.claimUnder(w.take(c, first), first, models.Caps{}, 3), 2)
	w.progress(c)
}

// Two campaigns and two processes reach for the same people at one time: each gets one
// text, and nobody gets none.
func TestTwoCampaignsAtOnceCountEachOther(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		caps   models.Caps
		perDay int
		reason string
	}{
		"the account's cap": {models.Caps{AccountHours: 24}, 0, models.ReasonFrequency},
		"the list's cap":    {models.Caps{ListHours: 24}, 0, models.ReasonFrequency},
		"the state's cap":   {models.Caps{}, 1, models.ReasonStateCap},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newWorld(t, 12)
			for range 12 {
				// As if a month had passed. The rows stay: new ones lock by being inserted.
				w.exec(`UPDATE texted SET at = '{}', lists = '{}', messages = '{}'`)
				a, b := w.launched(everybody, 100), w.launched(everybody, 100)
				var got [2][]models.MessageID
				var wg sync.WaitGroup
				for i, c := range []models.Campaign{a, b} {
					batch := w.take(c, first)
					wg.Go(func() { got[i] = w.claimUnder(batch, first, tc.caps, tc.perDay) })
				}
				wg.Wait()
				require.Equal(t, 12, len(got[0])+len(got[1]))
				require.EqualValues(t, 12, w.count(`SELECT count(DISTINCT subscription_id) FROM messages
					WHERE campaign_id IN ($1, $2) AND state = 'claimed'`, a.ID, b.ID))
				require.EqualValues(t, 12, w.count(`SELECT count(*) FROM messages
					WHERE campaign_id IN ($1, $2) AND state = 'skipped' AND reason = $3`, a.ID, b.ID, tc.reason))
				w.progress(a)
				w.progress(b)
			}
		})
	}
}

func TestANewCapKnowsWhatWentBefore(t *testing.T) {
	t.Parallel()
	t.Run("of the account", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 2)
		require.Len(t, w.round(models.Caps{}, 0), 2)
		w.set(func(s *models.Settings) { s.FrequencyHours = 24 })
		require.Empty(t, w.round(models.Caps{AccountHours: 24}, 0))
	})
	t.Run("of a list", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 2)
		require.Len(t, w.round(models.Caps{}, 0), 2)
		w.change(func(l *models.List) { l.FrequencyHours = 24 })
		require.Empty(t, w.round(models.Caps{ListHours: 24}, 0))
	})
	t.Run("but not of texts that never went out, or were waited for", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 2)
		ids := w.round(models.Caps{}, 0)
		w.settle(models.MessageFailed, ids[:1]...)
		w.settle(models.MessageSent, ids[1:]...)
		b, _ := w.queuedKind(models.KindReply, phoneOf(0))
		require.Len(t, w.claim(b, first), 1)
		w.set(func(s *models.Settings) { s.FrequencyHours = 24 })
		require.Len(t, w.round(models.Caps{AccountHours: 24}, 0), 1, "the one whose text failed")
	})
	t.Run("and forgets nothing that another cap still asks for", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 2)
		w.change(func(l *models.List) { l.FrequencyHours = 700 })
		require.Len(t, w.round(models.Caps{ListHours: 700}, 0), 2)
		w.age(100)
		other := w.addList("Acme", nil)
		other.load(people(2)...)
		require.Len(t, other.round(models.Caps{ListHours: 700}, 0), 2)
		other.change(func(l *models.List) { l.FrequencyHours = 24 })
		require.Empty(t, w.round(models.Caps{ListHours: 700}, 0), "the first list's text of four days ago")
		require.EqualValues(t, 4, w.count(`SELECT sum(cardinality(at)) FROM texted`), "and nothing twice")
	})
	t.Run("while texts are being claimed", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 50)
		w.set(func(s *models.Settings) { s.FrequencyHours = 24 })
		b := w.take(w.launched(everybody, 100), first)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() { w.set(func(s *models.Settings) { s.FrequencyHours = 24 }) })
		}
		wg.Go(func() { w.claimUnder(b, first, models.Caps{AccountHours: 24}, 0) })
		wg.Wait()
		require.EqualValues(t, 50, w.count(`SELECT sum(cardinality(at)) FROM texted`))
		require.Empty(t, w.round(models.Caps{AccountHours: 24}, 0))
	})
}
