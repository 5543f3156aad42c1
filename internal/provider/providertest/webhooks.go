package providertest

import (
	"bytes"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/provider"
)

func webhooks(t *testing.T, dial Dial) {
	t.Helper()
	t.Run("status callbacks lead to the message", func(t *testing.T) {
		t.Parallel()
		hooks := newReceiver(t)
		rig := dial(t, Takes, hooks.hooks)
		sent := send(t, rig)
		require.True(t, sent.Accepted())
		for {
			call := hooks.next(t)
			got := report(t, rig, call)
			require.EqualValues(t, 42, got.MessageID)
			require.Equal(t, sent.ProviderID, got.ProviderID)
			require.NotEqual(t, provider.StatusUnknown, got.Status)
			if got.Status == provider.StatusDelivered {
				break
			}
		}
	})
	t.Run("the same callback twice reads the same twice", func(t *testing.T) {
		t.Parallel()
		hooks := newReceiver(t)
		rig := dial(t, TakesAndCallsTwice, hooks.hooks)
		require.True(t, send(t, rig).Accepted())
		first, second := report(t, rig, hooks.next(t)), report(t, rig, hooks.next(t))
		require.Equal(t, first, second)
	})
	t.Run("a forged status callback is forbidden", func(t *testing.T) {
		t.Parallel()
		hooks := newReceiver(t)
		rig := dial(t, Takes, hooks.hooks)
		require.True(t, send(t, rig).Accepted())
		forgeries(t, hooks.next(t), func(w provider.Webhook) error {
			_, err := rig.Adapter.Status(w)
			return err
		})
	})
	t.Run("inbound texts arrive whole and signed", func(t *testing.T) {
		t.Parallel()
		hooks := newReceiver(t)
		rig := dial(t, Takes, hooks.hooks)
		const words = " Stop it, please\n& thanks 👍 "
		rig.Say(phone, words)
		call := hooks.next(t)
		got, err := rig.Adapter.Inbound(call)
		require.NoError(t, err)
		require.Len(t, got, 1)
		require.NotEmpty(t, got[0].ProviderID)
		require.Equal(t, provider.Inbound{ProviderID: got[0].ProviderID, From: phone, To: rig.From, Body: words}, got[0])
		forgeries(t, call, func(w provider.Webhook) error {
			_, err := rig.Adapter.Inbound(w)
			return err
		})
	})
}

// report reads a status callback about one text.
func report(t *testing.T, rig Rig, w provider.Webhook) provider.Report {
	t.Helper()
	got, err := rig.Adapter.Status(w)
	require.NoError(t, err)
	require.Len(t, got, 1)
	return got[0]
}

// forgeries changes a true webhook in every place a forger could.
func forgeries(t *testing.T, genuine provider.Webhook, read func(provider.Webhook) error) {
	t.Helper()
	require.NoError(t, read(genuine), "the true one is read")
	unsigned, elsewhere, longer := genuine, genuine, genuine
	unsigned.Header = http.Header{}
	elsewhere.URL += "&message=43"
	longer.Body = append(bytes.Clone(genuine.Body), "&Forged=1"...)
	for name, w := range map[string]provider.Webhook{"unsigned": unsigned, "elsewhere": elsewhere, "longer": longer} {
		require.Equal(t, fault.Forbidden, fault.KindOf(read(w)), name)
	}
}
