package telnyx_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider"
	"trackly/internal/provider/providertest"
	"trackly/internal/provider/telnyx"
)

var account = provider.Account{Token: "KEY_1", From: "+15005550006"}

func TestTelnyxKeepsTheContract(t *testing.T) {
	t.Parallel()
	providertest.Run(t, providertest.Subject{
		Dialer: telnyx.Dialer{}, Dial: dialFake,
		Cannot: map[providertest.Script]string{
			providertest.CallsTogether: "Telnyx posts one event at a time",
			providertest.ForgedAddress: "Telnyx's signature does not cover the address",
		},
	})
}

func dialFake(t *testing.T, script providertest.Script, hooks providertest.Hooks) providertest.Rig {
	t.Helper()
	f := newFake(t, script, hooks)
	a := account
	a.BaseURL, a.StatusURL, a.PublicKey = f.srv.URL, hooks.StatusURL, f.publicKey()
	if script == providertest.Refuses {
		f.srv.Close()
	}
	require.NoError(t, telnyx.Dialer{}.Check(a))
	return providertest.Rig{Adapter: telnyx.Dialer{}.Dial(a), From: a.From, Count: f.count, Say: f.say}
}
