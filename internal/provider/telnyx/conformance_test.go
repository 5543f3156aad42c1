package telnyx_test

import (
	"testing"

	"trackly/internal/provider"
	"trackly/internal/provider/providertest"
	"trackly/internal/provider/telnyx"
)

var account = provider.Account{Token: "KEY_1", From: "+15005550006"}

func TestTelnyxKeepsTheContract(t *testing.T) {
	t.Parallel()
	providertest.Run(t, providertest.Subject{
		Dialer: telnyx.Dialer{}, Dial: providertest.OnSandbox(telnyx.Dialer{}, account),
		Cannot: map[providertest.Script]string{
			providertest.CallsTogether: "Telnyx posts one event at a time",
			providertest.ForgedAddress: "Telnyx's signature does not cover the address",
		},
	})
}
