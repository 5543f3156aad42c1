package providertest

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider"
)

func batches(t *testing.T, s Subject) {
	t.Helper()
	size := s.caps().BatchSize
	require.Positive(t, size)
	t.Run("a second text under one id is refused by the provider and no failure", func(t *testing.T) {
		t.Parallel()
		if !s.caps().OwnIDs {
			t.Skip("the provider does not refuse a second text under one id")
		}
		rig, _ := s.play(t, Takes)
		first, second := send(t, rig), send(t, rig)
		require.True(t, first.Accepted())
		require.Equal(t, first, second)
		require.Equal(t, 1, rig.Count())
	})
	if size == 1 {
		return
	}
	t.Run("a full batch is accepted whole", func(t *testing.T) {
		t.Parallel()
		rig, _ := s.play(t, Takes)
		ids := map[string]bool{}
		for _, got := range sendAll(t, rig, outgoing(size)) {
			require.Equal(t, provider.None, got.Class, got.Text)
			ids[got.ProviderID] = true
		}
		require.Len(t, ids, size, "every text has an id of its own")
		require.Equal(t, size, rig.Count())
	})
	t.Run("every answer is about its own text", func(t *testing.T) {
		t.Parallel()
		rig, hooks := s.play(t, Takes)
		outs := outgoing(min(20, size))
		answers := sendAll(t, rig, outs)
		ended := hooks.until(t, rig.Adapter, provider.StatusDelivered, len(outs))
		for i, out := range outs {
			require.Equal(t, answers[i].ProviderID, ended[out.MessageID].ProviderID, "the id in the report is the id in the answer")
		}
	})
	t.Run("a refused phone harms no other", func(t *testing.T) { t.Parallel(); partial(t, s, min(40, size)) })
}

// partial sends a batch of which the stand-in refuses some phones, and then every text
// alone: a phone keeps its fate, so both ways must agree text by text.
func partial(t *testing.T, s Subject, n int) {
	t.Helper()
	batch, _ := s.play(t, TakesSome)
	alone, _ := s.play(t, TakesSome)
	outs := outgoing(n)
	answers, accepted := sendAll(t, batch, outs), 0
	for i, got := range answers {
		want := sendAll(t, alone, outs[i:i+1])[0]
		require.Equal(t, want.Class, got.Class, "text %d", i)
		require.Equal(t, want.Code, got.Code)
		require.Equal(t, got.Accepted(), got.ProviderID != "")
		if got.Accepted() {
			accepted++
			continue
		}
		require.Equal(t, provider.BadNumber, got.Class)
		require.NotEmpty(t, got.Text)
	}
	require.Positive(t, accepted, "some are accepted")
	require.Less(t, accepted, n, "and some are not")
	require.Equal(t, accepted, batch.Count())
}
