package providertest

import (
	"maps"
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
			got, err := rig.Adapter.Status(call.url, call.header, call.form)
			require.NoError(t, err)
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
		a, b := hooks.next(t), hooks.next(t)
		first, err := rig.Adapter.Status(a.url, a.header, a.form)
		require.NoError(t, err)
		second, err := rig.Adapter.Status(b.url, b.header, b.form)
		require.NoError(t, err)
		require.Equal(t, first, second)
	})
	t.Run("a forged status callback is forbidden", func(t *testing.T) {
		t.Parallel()
		hooks := newReceiver(t)
		rig := dial(t, Takes, hooks.hooks)
		require.True(t, send(t, rig).Accepted())
		forgeries(t, hooks.next(t), func(c webhook) error {
			_, err := rig.Adapter.Status(c.url, c.header, c.form)
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
		got, err := rig.Adapter.Inbound(call.url, call.header, call.form)
		require.NoError(t, err)
		require.NotEmpty(t, got.ProviderID)
		require.Equal(t, provider.Inbound{ProviderID: got.ProviderID, From: phone, To: rig.From, Body: words}, got)
		forgeries(t, call, func(c webhook) error {
			_, err := rig.Adapter.Inbound(c.url, c.header, c.form)
			return err
		})
	})
}

// forgeries changes a true webhook in every place a forger could.
func forgeries(t *testing.T, genuine webhook, read func(webhook) error) {
	t.Helper()
	require.NoError(t, read(genuine), "the true one is read")
	unsigned, elsewhere, longer := genuine, genuine, genuine
	unsigned.header = http.Header{}
	elsewhere.url += "&message=43"
	longer.form = maps.Clone(genuine.form)
	longer.form.Set("Forged", "1")
	for name, c := range map[string]webhook{"unsigned": unsigned, "elsewhere": elsewhere, "longer": longer} {
		require.Equal(t, fault.Forbidden, fault.KindOf(read(c)), name)
	}
}
