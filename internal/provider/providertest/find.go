package providertest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider"
)

func finds(t *testing.T, dial Dial) {
	t.Helper()
	question := provider.Query{To: phone, Body: body, ClaimedAt: time.Now()}

	t.Run("a text whose connection dropped after accepting", func(t *testing.T) {
		t.Parallel()
		rig := dial(t, DropsAfter, newReceiver(t).hooks)
		require.Equal(t, provider.Unanswered, send(t, rig).Class)
		got := find(t, rig, question)
		require.True(t, got.Found)
		require.NotEmpty(t, got.Report.ProviderID)
		require.NotEqual(t, provider.StatusUnknown, got.Report.Status)
	})
	t.Run("not a text that was never accepted", func(t *testing.T) {
		t.Parallel()
		rig := dial(t, DropsBefore, newReceiver(t).hooks)
		require.Equal(t, provider.Unanswered, send(t, rig).Class)
		require.False(t, find(t, rig, question).Found)
	})
	t.Run("not another text to the same phone, nor an older one", func(t *testing.T) {
		t.Parallel()
		rig := dial(t, Takes, newReceiver(t).hooks)
		require.True(t, send(t, rig).Accepted())
		other, later := question, question
		other.Body += "!"
		later.ClaimedAt = time.Now().Add(time.Hour)
		require.False(t, find(t, rig, other).Found)
		require.False(t, find(t, rig, later).Found)
	})
	t.Run("silence is an error and not absence", func(t *testing.T) {
		t.Parallel()
		rig := dial(t, Refuses, newReceiver(t).hooks)
		_, err := rig.Adapter.Find(t.Context(), question)
		require.Error(t, err)
		require.NotContains(t, err.Error(), phone[1:], "errors are logged; phones are not")
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
