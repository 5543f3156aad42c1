package providertest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider"
)

func statuses(t *testing.T, s Subject) {
	t.Helper()
	t.Run("status callbacks lead to the message", func(t *testing.T) {
		t.Parallel()
		rig, hooks := s.play(t, Takes)
		sent := send(t, rig)
		require.True(t, sent.Accepted())
		ended := hooks.until(t, rig.Adapter, provider.StatusDelivered, 1)
		require.Equal(t, sent.ProviderID, ended[ours].ProviderID)
		require.Equal(t, provider.None, ended[ours].Class)
		require.False(t, ended[ours].Unheard)
	})
	t.Run("the same callback twice reads the same twice", func(t *testing.T) {
		t.Parallel()
		rig, hooks := s.play(t, TakesAndCallsTwice)
		require.True(t, send(t, rig).Accepted())
		_, first := hooks.reported(t, rig.Adapter)
		_, second := hooks.reported(t, rig.Adapter)
		require.Equal(t, first, second)
	})
	t.Run("several reports in one post are all read", func(t *testing.T) {
		t.Parallel()
		rig, hooks := s.play(t, CallsTogether)
		outs := outgoing(min(3, s.caps().BatchSize))
		sendAll(t, rig, outs)
		most, delivered := 0, map[int64]bool{}
		for len(delivered) < len(outs) {
			_, reports := hooks.reported(t, rig.Adapter)
			most = max(most, len(reports))
			for _, got := range reports {
				delivered[got.MessageID] = delivered[got.MessageID] || got.Status == provider.StatusDelivered
			}
		}
		require.Greater(t, most, 1)
	})
	for script, want := range map[Script]expectation{
		Undelivers:        {class: provider.BadNumber},
		UndeliversUnheard: {class: provider.RetryLater, unheard: true},
	} {
		t.Run("a text that failed on the way: "+string(script), func(t *testing.T) {
			t.Parallel()
			rig, hooks := s.play(t, script)
			require.True(t, send(t, rig).Accepted())
			got := failed(t, rig, hooks)
			require.EqualValues(t, ours, got.MessageID)
			require.Equal(t, want.class, got.Class)
			require.Equal(t, want.unheard, got.Unheard)
			require.NotEmpty(t, got.Code)
			require.True(t, want.unheard || got.Text != "", "a code in the table has a sentence")
			require.NotContains(t, got.Text, phone[1:])
		})
	}
}

// failed waits for the report that a text did not arrive.
func failed(t *testing.T, rig Rig, hooks *receiver) provider.Report {
	t.Helper()
	for {
		_, reports := hooks.reported(t, rig.Adapter)
		for _, got := range reports {
			if got.Status == provider.StatusUndelivered || got.Status == provider.StatusFailed {
				return got
			}
		}
	}
}

func inbound(t *testing.T, s Subject) {
	t.Helper()
	t.Run("inbound texts arrive whole", func(t *testing.T) {
		t.Parallel()
		rig, hooks := s.play(t, Takes)
		const words = " Stop it, please\n& thanks 👍 "
		rig.Say(phone, words)
		call := hooks.next(t)
		got, err := rig.Adapter.Inbound(call)
		require.NoError(t, err)
		require.Len(t, got, 1)
		require.NotEmpty(t, got[0].ProviderID)
		require.Equal(t, provider.Inbound{ProviderID: got[0].ProviderID, From: phone, To: rig.From, Body: words}, got[0])
		again, err := rig.Adapter.Inbound(call)
		require.NoError(t, err)
		require.Equal(t, got, again, "a repeated post is recognised by its id")
	})
	t.Run("the same words a second later are another text", func(t *testing.T) {
		t.Parallel()
		rig, hooks := s.play(t, Takes)
		ids := map[string]bool{}
		for n := range 2 {
			// Not every provider has ids for inbound texts, nor finer times.
			time.Sleep(time.Duration(n) * 1100 * time.Millisecond)
			rig.Say(phone, "STOP")
			got, err := rig.Adapter.Inbound(hooks.next(t))
			require.NoError(t, err)
			require.Len(t, got, 1)
			ids[got[0].ProviderID] = true
		}
		require.Len(t, ids, 2)
	})
}
