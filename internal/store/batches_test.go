package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

func (w *world) open(src models.Source) models.Open {
	w.t.Helper()
	o, err := w.OpenBatches(w.t.Context(), src)
	require.NoError(w.t, err)
	return o
}

func TestPostponedBatches(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1203)
	c := w.launched(everybody, 100)
	src := w.campaign(c)
	require.Equal(t, models.Open{Numbers: []int{0, 1, 2}}, w.open(src))
	for number, wait := range []time.Duration{2 * time.Hour, time.Hour} {
		b := w.takeOf(src, number, first)
		require.NoError(t, w.Postpone(t.Context(), b, second, time.Minute), "only the holder may")
		require.Contains(t, w.open(src).Numbers, number)
		require.NoError(t, w.Postpone(t.Context(), b, first, wait))
	}
	o := w.open(src)
	require.Equal(t, []int{2}, o.Numbers)
	require.WithinDuration(t, time.Now().Add(time.Hour), *o.Next, 20*time.Second, "the earliest of them")

	w.takeOf(src, 1, second)
	o = w.open(src)
	require.Equal(t, []int{1, 2}, o.Numbers, "who takes a batch looks at it anew")
	require.WithinDuration(t, time.Now().Add(2*time.Hour), *o.Next, 20*time.Second)

	b := w.takeOf(src, 2, first)
	w.claim(b, first)
	require.NoError(t, w.Postpone(t.Context(), b, first, time.Hour))
	require.Contains(t, w.open(src).Numbers, 2, "what was claimed and left behind must be found out about")
	w.takeOf(src, 2, second)
	require.NotContains(t, w.open(src).Numbers, 2, "all of it is unknown now")

	w.exec(`UPDATE batches SET not_before = now() - interval '1 second'`)
	require.Equal(t, models.Open{Numbers: []int{0, 1}}, w.open(src), "the time has come")
}

// The answer to HELP must not wait for the morning with the texts before it.
func TestATextThatIsAddedOpensItsBatch(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.single(models.KindAPI, phoneOf(0))
	b := w.takeOf(w.outbox(), 0, first)
	require.NoError(t, w.Postpone(t.Context(), b, first, time.Hour))
	require.Empty(t, w.open(w.outbox()).Numbers)
	w.single(models.KindReply, phoneOf(0))
	require.Equal(t, models.Open{Numbers: []int{0}}, w.open(w.outbox()))

	b = w.takeOf(w.outbox(), 0, first)
	w.single(models.KindReply, phoneOf(0)) // after the holder read what is queued
	require.NoError(t, w.Postpone(t.Context(), b, first, time.Hour))
	require.Equal(t, models.Open{Numbers: []int{0}}, w.open(w.outbox()), "the holder has not judged this one")
	b = w.takeOf(w.outbox(), 0, first)
	require.Equal(t, 3, b.Size)
	require.NoError(t, w.Postpone(t.Context(), b, first, time.Hour))
	require.Empty(t, w.open(w.outbox()).Numbers)
}

func TestSourcesDoNotMix(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 2)
	c := w.launched(everybody, 100)
	single := w.single(models.KindAPI, phoneOf(0))
	b := w.takeOf(w.outbox(), 0, first)
	queued, err := w.QueuedMessages(t.Context(), b)
	require.NoError(t, err)
	require.Len(t, queued, 1)
	require.Equal(t, single, queued[0].ID)
	require.Equal(t, models.KindAPI, queued[0].Kind)
	require.Equal(t, "hi", queued[0].Body)
	w.claim(b, first)
	require.Equal(t, models.Progress{Planned: 2, Queued: 2}, w.progress(c))
	p, err := w.Progress(t.Context(), w.outbox())
	require.NoError(t, err)
	require.Equal(t, models.Progress{Planned: 1, Claimed: 1}, p)

	w.takeOf(w.outbox(), 0, second)
	rows, err := w.UnknownMessages(t.Context(), w.outbox(), time.Now().Add(time.Minute), 0, 10)
	require.NoError(t, err)
	require.Len(t, rows, 1)
	require.Equal(t, 1, rows[0].Route, "the route is asked that carried it")
	rows, err = w.UnknownMessages(t.Context(), w.campaign(c), time.Now().Add(time.Minute), 0, 10)
	require.NoError(t, err)
	require.Empty(t, rows)

	stranger := addWorld(t, w.Store, 0)
	src := w.outbox()
	src.AccountID = stranger.account
	_, err = w.TakeBatch(t.Context(), src, 0, first)
	require.Error(t, err, "another account's")
}
