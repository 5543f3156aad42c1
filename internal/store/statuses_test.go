package store_test

import (
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/models"
	"trackly/rules/audience"
)

func (w *world) hearStatus(id models.MessageID, s models.MessageState) bool {
	changed, err := w.RecordStatus(w.t.Context(), w.account, w.list.ID, models.Outcome{MessageID: id, State: s, ProviderID: "SM1"})
	require.NoError(w.t, err)
	return changed
}

func TestRecordStatus(t *testing.T) {
	t.Parallel()
	t.Run("a status never moves back", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 1)
		c := w.launched(audience.Filter{}, 100)
		id := w.claim(w.take(c, first), first)[0]
		require.True(t, w.hearStatus(id, models.MessageDelivered), "before the answer to our own call")
		require.False(t, w.hearStatus(id, models.MessageSent))
		require.False(t, w.hearStatus(id, models.MessageUndelivered))
		w.settle(models.MessageSent, id)
		require.Equal(t, models.MessageDelivered, w.state(id))
		m, err := w.Message(t.Context(), w.account, id)
		require.NoError(t, err)
		require.NotEmpty(t, m.ProviderID)
		require.Equal(t, models.MessageDelivered, m.History()[len(m.History())-1].State)
	})
	t.Run("a callback settles an unknown message", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 1)
		c := w.launched(audience.Filter{}, 100)
		id := w.claim(w.take(c, first), first)[0]
		w.take(c, second)
		require.True(t, w.hearStatus(id, models.MessageSent))
		require.Equal(t, models.Progress{Planned: 1, Sent: 1}, w.progress(c))
	})
	t.Run("a queued message the provider knows of is not sent again", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 1)
		c := w.launched(audience.Filter{}, 100)
		b := w.take(c, first)
		id := w.claim(b, first)[0]
		w.take(c, second)
		require.NoError(t, w.RequeueAbsent(t.Context(), w.account, []models.MessageID{id}))
		require.True(t, w.hearStatus(id, models.MessageSent))
		require.Empty(t, w.claim(b, second))
	})
	t.Run("another list's callback changes nothing", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 1)
		other := addWorld(t, w.Store, 0)
		c := w.launched(audience.Filter{}, 100)
		id := w.claim(w.take(c, first), first)[0]
		require.False(t, other.hearStatus(id, models.MessageDelivered))
		require.Equal(t, models.MessageClaimed, w.state(id))
	})
	t.Run("many at once over the same messages end at the furthest", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 300)
		c := w.launched(audience.Filter{}, 100)
		ids := w.claim(w.take(c, first), first)
		var wg sync.WaitGroup
		for _, s := range []models.MessageState{models.MessageDelivered, models.MessageSent, models.MessageUndelivered} {
			for _, id := range ids {
				wg.Go(func() { w.hearStatus(id, s) })
			}
		}
		wg.Go(func() { w.settle(models.MessageSent, ids...) })
		wg.Wait()
		require.EqualValues(t, 300, w.progress(c).Sent)
		for _, id := range ids {
			require.Equal(t, models.MessageDelivered, w.state(id))
		}
	})
}

// Whatever order callbacks come in and however often, a message ends where the same
// moves made one by one in memory end.
func TestStatusesAgreeWithTheTableOfMoves(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 400)
	c := w.launched(audience.Filter{}, 100)
	ids := w.claim(w.take(c, first), first)
	said := []models.MessageState{models.MessageSent, models.MessageDelivered, models.MessageUndelivered, models.MessageFailed}
	next := 0
	rapid.Check(t, func(r *rapid.T) {
		if next == len(ids) {
			return
		}
		id := ids[next]
		next++
		state := models.MessageClaimed
		for _, s := range rapid.SliceOfN(rapid.SampledFrom(said), 1, 6).Draw(r, "callbacks") {
			legal := state.MayBecome(s)
			if legal {
				state = s
			}
			if got := w.hearStatus(id, s); got != legal {
				r.Fatalf("%s -> %s: changed %v, legal %v", state, s, got, legal)
			}
		}
		if got := w.state(id); got != state {
			r.Fatalf("ended as %s, want %s", got, state)
		}
	})
	w.progress(c)
}
