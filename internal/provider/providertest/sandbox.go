package providertest

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider"
	"trackly/internal/provider/sandbox"
)

// OnSandbox dials an adapter whose stand-in is the sandbox, which speaks to it as the
// provider the dialer names. The account needs no addresses.
func OnSandbox(d provider.Dialer, a provider.Account) Dial {
	return func(t *testing.T, script Script, hooks Hooks) Rig {
		t.Helper()
		box := open(t, script)
		srv := httptest.NewServer(box.Handler())
		t.Cleanup(func() { srv.Close(); require.NoError(t, box.Close()) })
		require.NoError(t, box.Register(sandbox.Number{
			Provider: d.Capabilities().Name, Phone: a.From, AccountSID: a.SID, Token: a.Token,
			InboundURL: hooks.InboundURL, StatusURL: hooks.StatusURL,
		}))
		own := a
		own.BaseURL, own.StatusURL = srv.URL, hooks.StatusURL
		if script == Refuses {
			srv.Close()
		}
		require.NoError(t, d.Check(own))
		return Rig{
			Adapter: d.Dial(own), From: own.From, Count: box.Count,
			Say: func(phone, body string) {
				_, err := box.Reply(phone, own.From, body)
				require.NoError(t, err)
			},
		}
	}
}

func always() sandbox.Spell { return sandbox.Spell{Percent: 100} }

func refusing(class string, percent float64) sandbox.Faults {
	return sandbox.Faults{Refusals: []sandbox.RefusalShare{{Class: class, Percent: percent}}}
}

// faults are what plays each script; those that are not here need none.
func faults() map[Script]sandbox.Faults {
	return map[Script]sandbox.Faults{
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
		Hangs:              {Latency: sandbox.Spell{Percent: 100, MinMS: 60_000, MaxMS: 60_000}},
		DropsBefore:        {DropBefore: always()},
		DropsAfter:         {DropAfter: always()},
	}
}

func open(t *testing.T, script Script) *sandbox.Sandbox {
	t.Helper()
	o := sandbox.Options{
		Faults: faults()[script], DeliveredPercent: 100,
		Callbacks: sandbox.Callbacks{MinDelay: time.Millisecond, MaxDelay: 5 * time.Millisecond},
	}
	switch script {
	case Undelivers:
		o.DeliveredPercent, o.Undelivered = 0.000001, []string{sandbox.BadNumber}
	case UndeliversUnheard: // where the stand-in's code for it is its own
		o.DeliveredPercent, o.Undelivered = 0.000001, []string{sandbox.RetryLater}
	case BadAccount:
		o.Accounts = map[string]string{"AC1": "another"}
	case CallsTogether:
		// One worker and no spread, so that reports wait for each other.
		o.Callbacks = sandbox.Callbacks{MinDelay: 20 * time.Millisecond, MaxDelay: 20 * time.Millisecond, Workers: 1}
	default:
	}
	box, err := sandbox.New(o)
	require.NoError(t, err)
	box.Start(t.Context())
	return box
}
