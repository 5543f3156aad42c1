package infobip_test

import (
	"testing"

	"trackly/internal/provider"
	"trackly/internal/provider/infobip"
	"trackly/internal/provider/providertest"
)

var account = provider.Account{Token: "key-1", From: "+15005550006"}

func TestInfobipKeepsTheContract(t *testing.T) {
	t.Parallel()
	providertest.Run(t, providertest.Subject{
		Dialer: infobip.Dialer{}, Dial: providertest.OnSandbox(infobip.Dialer{}, account),
	})
}
