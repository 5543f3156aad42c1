package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/models"
	"trackly/rules/audience"
)

func TestMessagesThatWereNotCalledYetAreKnown(t *testing.T) {
	t.Parallel()
	setup := func(t *testing.T) (*world, models.Campaign, models.Batch, []models.MessageID) {
		t.Helper()
		w := newWorld(t, 10)
		c := w.launched(audience.Filter{}, 100)
		b := w.take(c, first)
		ids := w.claimUncalled(b, first)
		require.Len(t, ids, 10)
		return w, c, b, ids
	}
	t.Run("they go back to the queue when their holder dies, and the called become unknown", func(t *testing.T) {
		t.Parallel()
		w, c, b, ids := setup(t)
		got, err := w.MarkCalled(t.Context(), b, first, ids[:4])
		require.NoError(t, err)
		require.ElementsMatch(t, ids[:4], got)
		w.take(c, second)
		require.Equal(t, models.Progress{Planned: 10, Queued: 6, Unknown: 4}, w.progress(c))
	})
	t.Run("a holder who was replaced may call nobody any more", func(t *testing.T) {
		t.Parallel()
		w, c, b, ids := setup(t)
		again := w.take(c, second)
		require.Len(t, w.claimUncalled(again, second), 10)
		got, err := w.MarkCalled(t.Context(), b, first, ids)
		require.NoError(t, err)
		require.Empty(t, got, "the new holder is about to call them")
	})
	t.Run("one that is to be called again may be", func(t *testing.T) {
		t.Parallel()
		w, _, b, ids := setup(t)
		for range 2 {
			got, err := w.MarkCalled(t.Context(), b, first, ids[:1])
			require.NoError(t, err)
			require.Equal(t, ids[:1], got)
		}
	})
	t.Run("a claim that can be asked after marks nothing, and is unknown at once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 3)
		c := w.launched(audience.Filter{}, 100)
		w.claim(w.take(c, first), first)
		w.take(c, second)
		require.Equal(t, models.Progress{Planned: 3, Unknown: 3}, w.progress(c))
	})
}

// claimUncalled claims everything that is queued in a batch as not called yet.
func (w *world) claimUncalled(b models.Batch, holder string) []models.MessageID {
	w.t.Helper()
	queued, err := w.QueuedMessages(w.t.Context(), b)
	require.NoError(w.t, err)
	var texts []models.Text
	for _, q := range queued {
		texts = append(texts, models.Text{MessageID: q.ID, Kind: q.Kind, Body: "hello"})
	}
	ids, err := w.ClaimMessages(w.t.Context(), models.Claim{Batch: b, Holder: holder, Route: 1, Texts: texts, Uncalled: true})
	require.NoError(w.t, err)
	return ids
}
