package cm_test

import (
	"testing"

	"trackly/internal/provider"
	"trackly/internal/provider/cm"
	"trackly/internal/provider/providertest"
)

var account = provider.Account{Token: "0a1b-token", From: "+15005550006"}

func TestCMKeepsTheContract(t *testing.T) {
	t.Parallel()
	providertest.Run(t, providertest.Subject{
		Dialer: cm.Dialer{}, Dial: providertest.OnSandbox(cm.Dialer{}, account),
		Cannot: map[providertest.Script]string{
			providertest.CallsTogether: "CM posts one report at a time",
		},
	})
}
