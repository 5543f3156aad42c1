package twilio_test

import (
	"testing"

	"trackly/internal/provider"
	"trackly/internal/provider/providertest"
	"trackly/internal/provider/twilio"
)

var account = provider.Account{SID: "AC1", Token: "secret", From: "+15005550006"}

func TestTwilioKeepsTheContract(t *testing.T) {
	t.Parallel()
	providertest.Run(t, providertest.Subject{
		Dialer: twilio.Dialer{}, Dial: providertest.OnSandbox(twilio.Dialer{}, account),
		Cannot: map[providertest.Script]string{
			providertest.CallsTogether: "Twilio posts one report at a time",
			providertest.OldWebhook:    "Twilio's signature carries no time",
		},
	})
}
