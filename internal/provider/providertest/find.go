package providertest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider"
)

func question() provider.Query {
	return provider.Query{MessageID: ours, To: phone, Body: body, ClaimedAt: time.Now()}
}

func finds(t *testing.T, s Subject) {
	t.Helper()
	t.Run("silence is an error and not absence", func(t *testing.T) {
		t.Parallel()
		rig, _ := s.play(t, Refuses)
		_, err := rig.Adapter.Find(t.Context(), question())
		require.Error(t, err)
		require.NotContains(t, err.Error(), phone[1:], "errors are logged; phones are not")
	})
	t.Run("a text known by the provider's id is never absent", func(t *testing.T) {
		t.Parallel()
		rig, _ := s.play(t, Takes)
		q := question()
		q.ProviderID = send(t, rig).ProviderID
		if got, err := rig.Adapter.Find(t.Context(), q); err == nil {
			require.True(t, got.Found)
			require.Equal(t, q.ProviderID, got.Report.ProviderID)
		}
	})
	if s.caps().FindsTexts {
		lookUps(t, s)
		return
	}
	t.Run("what cannot be looked up is never called absent", func(t *testing.T) {
		t.Parallel()
		rig, _ := s.play(t, DropsBefore)
		_, err := rig.Adapter.Find(t.Context(), question())
		require.Error(t, err)
	})
}

func lookUps(t *testing.T, s Subject) {
	t.Helper()
	t.Run("a text whose connection dropped after accepting", func(t *testing.T) {
		t.Parallel()
		rig, _ := s.play(t, DropsAfter)
		require.Equal(t, provider.Unanswered, send(t, rig).Class)
		got := find(t, rig, question())
		require.True(t, got.Found)
		require.NotEmpty(t, got.Report.ProviderID)
		require.NotEqual(t, provider.StatusUnknown, got.Report.Status)
	})
	t.Run("not a text that was never accepted", func(t *testing.T) {
		t.Parallel()
		rig, _ := s.play(t, DropsBefore)
		require.Equal(t, provider.Unanswered, send(t, rig).Class)
		require.False(t, find(t, rig, question()).Found)
	})
	t.Run("not another text to the same phone, nor an older one", func(t *testing.T) {
		t.Parallel()
		rig, _ := s.play(t, Takes)
		require.True(t, send(t, rig).Accepted())
		other, later := question(), question()
		other.MessageID++
		other.Body += "!"
		require.False(t, find(t, rig, other).Found)
		if s.caps().OwnIDs {
			return // our id names one text, however old
		}
		later.ClaimedAt = time.Now().Add(time.Hour)
		require.False(t, find(t, rig, later).Found)
	})
}

func find(t *testing.T, rig Rig, q provider.Query) provider.Finding {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	got, err := rig.Adapter.Find(ctx, q)
	require.NoError(t, err)
	return got
}
