package twilio_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider"
	"trackly/internal/provider/providertest"
	"trackly/internal/provider/sandbox"
	"trackly/internal/provider/twilio"
	"trackly/internal/provider/wire"
)

var account = provider.Account{SID: "AC1", Token: "secret", From: "+15005550006"}

func TestTwilioKeepsTheContract(t *testing.T) {
	t.Parallel()
	providertest.Run(t, providertest.Subject{
		Dialer: twilio.Dialer{}, Dial: dialSandbox,
		Cannot: map[providertest.Script]string{
			providertest.CallsTogether: "Twilio posts one report at a time",
			providertest.OldWebhook:    "Twilio's signature carries no time",
		},
	})
}

func always() sandbox.Spell { return sandbox.Spell{Percent: 100} }

func code(n int) sandbox.Faults {
	return sandbox.Faults{Codes: []sandbox.CodeShare{{Code: n, Percent: 100}}}
}

// scripts are the faults that play each script of the suite.
func scripts() map[providertest.Script]sandbox.Faults {
	return map[providertest.Script]sandbox.Faults{
		providertest.Takes:              {},
		providertest.Refuses:            {},
		providertest.BadAccount:         {},
		providertest.Undelivers:         {},
		providertest.UndeliversUnheard:  {},
		providertest.TakesAndCallsTwice: {CallbacksTwice: always()},
		providertest.RejectsText:        code(21617),
		providertest.OptedOut:           code(21610),
		providertest.BadNumber:          code(21211),
		providertest.Filters:            code(21618),
		providertest.Unheard:            code(29999),
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

// undelivered are the codes under which scripts fail texts on the way.
var undelivered = map[providertest.Script]int{
	providertest.Undelivers:        30005,
	providertest.UndeliversUnheard: 39999,
}

func dialSandbox(t *testing.T, script providertest.Script, hooks providertest.Hooks) providertest.Rig {
	t.Helper()
	faults, known := scripts()[script]
	require.True(t, known, script)
	o := sandbox.Options{
		Faults: faults, DeliveredPercent: 100,
		Callbacks: sandbox.Callbacks{MinDelay: time.Millisecond, MaxDelay: 5 * time.Millisecond},
	}
	if code := undelivered[script]; code != 0 {
		o.DeliveredPercent, o.UndeliveredCodes = 0.000001, []int{code}
	}
	if script == providertest.BadAccount {
		o.Accounts = map[string]string{account.SID: "another"}
	}
	box, err := sandbox.New(o)
	require.NoError(t, err)
	box.Start(t.Context())
	srv := httptest.NewServer(box.Handler())
	t.Cleanup(func() { srv.Close(); require.NoError(t, box.Close()) })
	require.NoError(t, box.Register(sandbox.Number{
		Phone: account.From, AccountSID: account.SID, Token: account.Token, InboundURL: hooks.InboundURL,
	}))

	a := account
	a.BaseURL, a.StatusURL = srv.URL, hooks.StatusURL
	if script == providertest.Refuses {
		srv.Close()
	}
	require.NoError(t, twilio.Dialer{}.Check(a))
	return providertest.Rig{
		Adapter: twilio.Dialer{HTTP: wire.NewClient()}.Dial(a), From: a.From, Count: box.Count,
		Say: func(phone, body string) {
			_, err := box.Reply(phone, a.From, body)
			require.NoError(t, err)
		},
	}
}
