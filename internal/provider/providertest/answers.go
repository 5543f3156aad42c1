package providertest

import (
	"context"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider"
)

// expectation is what Send must say under a script, and how many texts of each the
// stand-in must hold afterwards: more would be a resend.
type expectation struct {
	class    provider.Class
	accepted int
	coded    bool // the provider's own code is kept
	unheard  bool // and it is in no table
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
		Unheard:      {class: provider.RetryLater, coded: true, unheard: true},
	}
}

func classes(t *testing.T, s Subject) {
	t.Helper()
	for script, want := range expectations() {
		t.Run(string(script), func(t *testing.T) {
			t.Parallel()
			rig, _ := s.play(t, script)
			// A batch that fails as a whole fails for every text in it.
			n := min(3, s.caps().BatchSize)
			for _, got := range sendAll(t, rig, outgoing(n)) {
				s.meets(t, want, got)
			}
			require.Equal(t, n*want.accepted, rig.Count(), "texts at the provider")
		})
	}
	t.Run("a rejected text is no success and nobody's opt-out", func(t *testing.T) {
		t.Parallel()
		rig, _ := s.play(t, RejectsText)
		got := send(t, rig)
		require.NotContains(t, []provider.Class{provider.None, provider.OptedOut, provider.BadNumber, provider.Unanswered}, got.Class)
	})
	t.Run("the provider's wish for patience is passed on", func(t *testing.T) {
		t.Parallel()
		rig, _ := s.play(t, Throttles)
		require.Equal(t, ThrottledFor, send(t, rig).RetryAfter)
	})
}

// meets compares one answer with what the script asks for.
func (s Subject) meets(t *testing.T, want expectation, got provider.Answer) {
	t.Helper()
	require.Equal(t, want.class, got.Class)
	require.Equal(t, want.class == provider.None, got.ProviderID != "", "an id is given for accepted texts only")
	require.Equal(t, want.class == provider.None, got.Text == "", "whatever failed has a sentence")
	require.NotContains(t, got.Text, phone[1:])
	require.NotContains(t, got.Text, body)
	require.Equal(t, want.unheard, got.Unheard)
	if want.coded {
		require.NotEmpty(t, got.Code, "the provider's code is kept")
		_, known := s.Dialer.Codes()[got.Code]
		require.Equal(t, want.unheard, !known, "a code is heard of when the table has it")
	}
}

func cancels(t *testing.T, s Subject) {
	t.Helper()
	t.Run("after the request left nobody knows", func(t *testing.T) {
		t.Parallel()
		rig, _ := s.play(t, Hangs)
		ctx, cancel := context.WithTimeout(t.Context(), 300*time.Millisecond)
		defer cancel()
		started := time.Now()
		got := rig.Adapter.Send(ctx, outgoing(1))
		require.Len(t, got, 1)
		require.Equal(t, provider.Unanswered, got[0].Class)
		require.Less(t, time.Since(started), patience)
	})
	t.Run("before the request left it was certainly not sent", func(t *testing.T) {
		t.Parallel()
		rig, _ := s.play(t, Takes)
		ctx, cancel := context.WithCancel(t.Context())
		cancel()
		got := rig.Adapter.Send(ctx, outgoing(1))
		require.Len(t, got, 1)
		require.Equal(t, provider.RetrySoon, got[0].Class)
		require.Zero(t, rig.Count())
	})
	t.Run("nothing to send is nothing sent", func(t *testing.T) {
		t.Parallel()
		rig, _ := s.play(t, Takes)
		require.Empty(t, rig.Adapter.Send(t.Context(), nil))
		require.Zero(t, rig.Count())
	})
}
