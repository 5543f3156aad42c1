package main

import (
	"trackly/internal/provider/sandbox"
)

const (
	sid   = "AC0000000000000000000000000000drill"
	token = "drillauthtoken0123456789abcdef01" // of the sandbox, which takes any
)

// providerNames are the providers in the order in which rounds take their turns.
func providerNames() []string {
	return []string{sandbox.Twilio, sandbox.Infobip, sandbox.CM, sandbox.Telnyx}
}

// canBeAsked reports whether the provider can be asked after a text whose answer was
// lost. The others only tell by a callback, and when that is lost too nobody knows.
func canBeAsked(provider string) bool {
	return provider == sandbox.Twilio || provider == sandbox.Infobip
}

// accountAt is what a customer types in for an account at the provider.
func (w *world) accountAt(provider string) object {
	o := object{"auth_token": token, "base_url": w.boxURL}
	switch provider {
	case sandbox.Twilio:
		o["account_sid"] = sid
	case sandbox.Telnyx:
		o["public_key"] = w.box.TelnyxPublicKey()
	}
	return o
}

func share(percent float64) sandbox.Spell { return sandbox.Spell{Percent: percent} }

// latency is what every provider's answer takes, in every stage.
func latency() sandbox.Spell { return sandbox.Spell{Percent: 100, MinMS: 5, MaxMS: 40} }

// faultsOf are what a provider does wrong all the time. Those before accepting are few:
// each costs a look-up after the age at which a text is asked after, and a round must
// not wait for a third one. Where a request carries hundreds of texts there are few
// requests, so each is more often hit.
func faultsOf(provider string) sandbox.Faults {
	f := sandbox.Faults{
		Latency:    latency(),
		Throttled:  sandbox.Spell{Percent: 0.05, RetryAfter: 1},
		FailBefore: share(0.2), PageBefore: share(0.1), DropBefore: share(0.2),
		FailAfter: share(0.7), GarbleAfter: share(0.3), DropAfter: share(1.5),
		Refusals: []sandbox.RefusalShare{
			{Class: sandbox.BadNumber, Percent: 0.4},
			{Class: sandbox.Filtered, Percent: 0.2},
			{Class: sandbox.Unheard, Percent: 0.1},
			{Class: sandbox.OptedOut, Percent: 0.2},
		},
		Codes:         []sandbox.CodeShare{{Code: 21614, Percent: 0.2}, {Code: 21610, Percent: 0.1}}, // Twilio's alone
		CallbacksLost: share(8), CallbacksTwice: share(10), CallbacksReordered: share(10), CallbacksEarly: share(5),
		CallbacksLate: sandbox.Spell{Percent: 10, MinMS: 200, MaxMS: 1500},
	}
	if provider == sandbox.Infobip || provider == sandbox.CM {
		f.Throttled.Percent = 4
		f.FailBefore, f.PageBefore, f.DropBefore = share(1), share(1), share(1)
		f.FailAfter, f.GarbleAfter, f.DropAfter = share(3), share(2), share(5)
	}
	return f
}

// faults are those of the round's provider.
func (r round) faults() sandbox.Faults {
	f := faultsOf(r.Provider)
	if r.Calm {
		none := share(0)
		f.FailBefore, f.PageBefore, f.DropBefore = none, none, none
		f.FailAfter, f.GarbleAfter, f.DropAfter = none, none, none
	}
	return f
}
