package providertest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider"
)

// patience is how long the suite's own calls wait. Hangs waits longer.
const patience = 5 * time.Second

// Run holds an adapter to the contract.
func Run(t *testing.T, dial Dial) {
	t.Helper()
	t.Run("classes every answer and never counts one wrongly", func(t *testing.T) { t.Parallel(); classes(t, dial) })
	t.Run("gives up when the caller does", func(t *testing.T) { t.Parallel(); cancels(t, dial) })
	t.Run("finds what was accepted and nothing else", func(t *testing.T) { t.Parallel(); finds(t, dial) })
	t.Run("reads only signed webhooks", func(t *testing.T) { t.Parallel(); webhooks(t, dial) })
}

// expectation is what Send must say under a script, and how many texts the stand-in
// must hold afterwards: more would be a resend.
type expectation struct {
	class    provider.Class
	accepted int
	coded    bool // the provider's own code is kept
}

func expectations() map[Script]expectation {
	return map[Script]expectation{
		Takes:        {class: provider.None, accepted: 1},
		OptedOut:     {class: provider.OptedOut, coded: true},
		BadNumber:    {class: provider.BadNumber, coded: true},
		Throttles:    {class: provider.RetrySoon},
		BadAccount:   {class: provider.AccountProblem},
		Filters:      {class: provider.Filtered, coded: true},
		FailsBefore:  {class: provider.Unanswered},
		FailsAfter:   {class: provider.Unanswered, accepted: 1},
		ProxyPage:    {class: provider.Unanswered},
		GarblesAfter: {class: provider.Unanswered, accepted: 1},
		DropsBefore:  {class: provider.Unanswered},
		DropsAfter:   {class: provider.Unanswered, accepted: 1},
		Refuses:      {class: provider.RetrySoon},
		Unheard:      {class: provider.RetryLater, coded: true},
	}
}

func classes(t *testing.T, dial Dial) {
	t.Helper()
	for script, want := range expectations() {
		t.Run(string(script), func(t *testing.T) {
			t.Parallel()
			rig := dial(t, script, newReceiver(t).hooks)
			got := send(t, rig)
			require.Equal(t, want.class, got.Class)
			require.Equal(t, want.accepted, rig.Count(), "texts at the provider")
			require.Equal(t, want.class == provider.None, got.ProviderID != "", "an id is given for accepted texts only")
			require.Equal(t, want.coded, got.Code != "" && want.coded, "the provider's code is kept")
			require.NotContains(t, got.Text, phone)
			require.NotContains(t, got.Text, body)
		})
	}
	t.Run("a rejected text is no success and nobody's opt-out", func(t *testing.T) {
		t.Parallel()
		got := send(t, dial(t, RejectsText, newReceiver(t).hooks))
		require.NotContains(t, []provider.Class{provider.None, provider.OptedOut, provider.BadNumber, provider.Unanswered}, got.Class)
	})
	t.Run("the provider's wish for patience is passed on", func(t *testing.T) {
		t.Parallel()
		got := send(t, dial(t, Throttles, newReceiver(t).hooks))
		require.Equal(t, ThrottledFor, got.RetryAfter)
	})
}

func cancels(t *testing.T, dial Dial) {
	t.Helper()
	t.Run("after the request left nobody knows", func(t *testing.T) {
		t.Parallel()
		rig := dial(t, Hangs, newReceiver(t).hooks)
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		started := time.Now()
		got := one(t, rig.Adapter.Send(ctx, outgoing(1)))
		require.Equal(t, provider.Unanswered, got.Class)
		require.Less(t, time.Since(started), patience)
	})
	t.Run("before the request left it was certainly not sent", func(t *testing.T) {
		t.Parallel()
		rig := dial(t, Takes, newReceiver(t).hooks)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		got := one(t, rig.Adapter.Send(ctx, outgoing(1)))
		require.Equal(t, provider.RetrySoon, got.Class)
		require.Zero(t, rig.Count())
	})
}

const (
	phone = "+12125550123"
	body  = "Fresh deals: https://go.example.com/abc1234"
)

func outgoing(id int64) []provider.Outgoing {
	return []provider.Outgoing{{MessageID: id, To: phone, Body: body}}
}

// one is the answer of a request with one text in it.
func one(t *testing.T, answers []provider.Answer) provider.Answer {
	t.Helper()
	require.Len(t, answers, 1, "an answer for each text")
	return answers[0]
}

func send(t *testing.T, rig Rig) provider.Answer {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), patience)
	defer cancel()
	return one(t, rig.Adapter.Send(ctx, outgoing(42)))
}
