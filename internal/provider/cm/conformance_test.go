package cm_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider"
	"trackly/internal/provider/cm"
	"trackly/internal/provider/providertest"
	"trackly/internal/provider/sandbox"
)

var account = provider.Account{Token: "0a1b-token", From: "+15005550006"}

func TestCMKeepsTheContract(t *testing.T) {
	t.Parallel()
	providertest.Run(t, providertest.Subject{
		Dialer: cm.Dialer{}, Dial: dialSandbox,
		Cannot: map[providertest.Script]string{
			providertest.CallsTogether: "CM posts one report at a time",
		},
	})
}

func always() sandbox.Spell { return sandbox.Spell{Percent: 100} }

func refusing(class string, percent float64) sandbox.Faults {
	return sandbox.Faults{Refusals: []sandbox.RefusalShare{{Class: class, Percent: percent}}}
}

// scripts are the faults that play each script of the suite.
func scripts() map[providertest.Script]sandbox.Faults {
	return map[providertest.Script]sandbox.Faults{
		providertest.Takes:              {},
		providertest.TakesSome:          refusing(sandbox.BadNumber, 50),
		providertest.Refuses:            {},
		providertest.BadAccount:         {},
		providertest.Undelivers:         {},
		providertest.UndeliversUnheard:  {},
		providertest.TakesAndCallsTwice: {CallbacksTwice: always()},
		providertest.RejectsText:        refusing(sandbox.Rejected, 100),
		providertest.OptedOut:           refusing(sandbox.OptedOut, 100),
		providertest.BadNumber:          refusing(sandbox.BadNumber, 100),
		providertest.Filters:            refusing(sandbox.Filtered, 100),
		providertest.Unheard:            refusing(sandbox.Unheard, 100),
		providertest.Throttles:          {Throttled: sandbox.Spell{Percent: 100, RetryAfter: int(providertest.ThrottledFor / time.Second)}},
		providertest.FailsBefore:        {FailBefore: always()},
		providertest.FailsAfter:         {FailAfter: always()},
		providertest.ProxyPage:          {PageBefore: always()},
		providertest.GarblesAfter:       {GarbleAfter: always()},
		providertest.Hangs:              {Latency: sandbox.Spell{Percent: 100, MinMS: 60_000, MaxMS: 60_000}},
		providertest.DropsBefore:        {DropBefore: always()},
		providertest.DropsAfter:         {DropAfter: always()},
	}
}

func dialSandbox(t *testing.T, script providertest.Script, hooks providertest.Hooks) providertest.Rig {
	t.Helper()
	faults, known := scripts()[script]
	require.True(t, known, script)
	o := sandbox.Options{
		Faults: faults, DeliveredPercent: 100,
		Callbacks: sandbox.Callbacks{MinDelay: time.Millisecond, MaxDelay: 5 * time.Millisecond},
	}
	switch script {
	case providertest.Undelivers:
		o.DeliveredPercent, o.Undelivered = 0.000001, []string{sandbox.BadNumber}
	case providertest.BadAccount:
		o.Accounts = map[string]string{"AC1": "another"}
	case providertest.UndeliversUnheard: // the stand-in's code for it is its own
		o.DeliveredPercent, o.Undelivered = 0.000001, []string{sandbox.RetryLater}
	}
	box, err := sandbox.New(o)
	require.NoError(t, err)
	box.Start(t.Context())
	srv := httptest.NewServer(box.Handler())
	t.Cleanup(func() { srv.Close(); require.NoError(t, box.Close()) })
	require.NoError(t, box.Register(sandbox.Number{
		Provider: sandbox.CM, Phone: account.From, AccountSID: "AC1", InboundURL: hooks.InboundURL, StatusURL: hooks.StatusURL,
	}))

	a := account
	a.BaseURL, a.StatusURL = srv.URL, hooks.StatusURL
	if script == providertest.Refuses {
		srv.Close()
	}
	require.NoError(t, cm.Dialer{}.Check(a))
	return providertest.Rig{
		Adapter: cm.Dialer{}.Dial(a), From: a.From, Count: box.Count,
		Say: func(phone, body string) {
			_, err := box.Reply(phone, a.From, body)
			require.NoError(t, err)
		},
	}
}
