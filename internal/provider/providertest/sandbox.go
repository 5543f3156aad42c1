package providertest

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider"
	"trackly/internal/provider/sandbox"
)

// OnSandbox dials an adapter to the sandbox speaking its provider's format. The account
// needs its own fields only: addresses and the public key are filled in.
func OnSandbox(d provider.Dialer, account provider.Account) Dial {
	return func(t *testing.T, script Script, hooks Hooks) Rig {
		t.Helper()
		box := newSandbox(t, script, account)
		srv := httptest.NewServer(box.Handler())
		t.Cleanup(func() { srv.Close(); require.NoError(t, box.Close()) })
		require.NoError(t, box.Register(sandbox.Number{
			Provider: d.Capabilities().Name, Phone: account.From, AccountSID: account.SID, Token: account.Token,
			InboundURL: hooks.InboundURL, StatusURL: hooks.StatusURL,
		}))

		a := account
		a.BaseURL, a.StatusURL = srv.URL, hooks.StatusURL
		if d.Capabilities().NeedsKey {
			a.PublicKey = box.TelnyxPublicKey()
		}
		if script == Refuses {
			srv.Close()
		}
		require.NoError(t, d.Check(a))
		return Rig{
			Adapter: d.Dial(a), From: a.From, Count: box.Count,
			Say: func(phone, body string) {
				_, err := box.Reply(phone, a.From, body)
				require.NoError(t, err)
			},
		}
	}
}

func newSandbox(t *testing.T, script Script, account provider.Account) *sandbox.Sandbox {
	t.Helper()
	o := sandbox.Options{
		DeliveredPercent: 100,
		Callbacks:        sandbox.Callbacks{MinDelay: time.Millisecond, MaxDelay: 5 * time.Millisecond},
	}
	if reason, lost := losses()[script]; lost {
		o.DeliveredPercent, o.Undelivered = 0.000001, []string{reason}
	}
	if script == BadAccount {
		o.Accounts = map[string]string{account.SID: "another"}
	}
	if script == CallsTogether { // one worker and no spread, so that reports wait for each other
		o.Callbacks = sandbox.Callbacks{MinDelay: 20 * time.Millisecond, MaxDelay: 20 * time.Millisecond, Workers: 1}
	}
	faults, known := faults()[script]
	require.True(t, known, script)
	o.Faults = faults
	box, err := sandbox.New(o)
	require.NoError(t, err)
	box.Start(t.Context())
	return box
}

// losses are the scripts under which texts are lost on the way, and for what.
func losses() map[Script]string {
	return map[Script]string{Undelivers: sandbox.BadNumber, UndeliversUnheard: sandbox.Unheard}
}

func always() sandbox.Spell { return sandbox.Spell{Percent: 100} }

func refusing(class string, percent float64) sandbox.Faults {
	return sandbox.Faults{Refusals: []sandbox.RefusalShare{{Class: class, Percent: percent}}}
}

// faults play each script.
func faults() map[Script]sandbox.Faults {
	const minute = 60_000 // ms
	return map[Script]sandbox.Faults{
		Takes: {}, CallsTogether: {}, Refuses: {}, BadAccount: {}, Undelivers: {}, UndeliversUnheard: {},
		TakesSome:          refusing(sandbox.BadNumber, 50),
		TakesAndCallsTwice: {CallbacksTwice: always()},
		RejectsText:        refusing(sandbox.Rejected, 100),
		OptedOut:           refusing(sandbox.OptedOut, 100),
		BadNumber:          refusing(sandbox.BadNumber, 100),
		Filters:            refusing(sandbox.Filtered, 100),
		Unheard:            refusing(sandbox.Unheard, 100),
		Throttles:          {Throttled: sandbox.Spell{Percent: 100, RetryAfter: int(ThrottledFor / time.Second)}},
		FailsBefore:        {FailBefore: always()},
		FailsAfter:         {FailAfter: always()},
		ProxyPage:          {PageBefore: always()},
		GarblesAfter:       {GarbleAfter: always()},
		Hangs:              {Latency: sandbox.Spell{Percent: 100, MinMS: minute, MaxMS: minute}},
		DropsBefore:        {DropBefore: always()},
		DropsAfter:         {DropAfter: always()},
	}
}
