package wire

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/internal/fault"
	"trackly/internal/provider"
)

func refusal(status int, code string) *Refusal {
	return &Refusal{Who: "Acme", Status: status, Code: code, Codes: map[string]provider.Meaning{
		"20429": {Class: provider.RetrySoon, Sentence: "too many requests"},
		"20500": {Class: provider.RetrySoon, Sentence: "our mistake"},
		"21610": {Class: provider.OptedOut, Sentence: "the person said STOP"},
		"63038": {Class: provider.DeferToTomorrow, Sentence: "enough for today"},
	}}
}

func TestRefusalsAreClassed(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status int
		code   string
		want   provider.Class
	}{
		"a known code decides":                       {400, "21610", provider.OptedOut},
		"a known code beats its status":              {429, "63038", provider.DeferToTomorrow},
		"a 5xx may have been accepted":               {500, "20500", provider.Unanswered},
		"a 5xx with a retry code may have been too":  {503, "20429", provider.Unanswered},
		"a redirect is no answer":                    {307, "", provider.Unanswered},
		"the far side's time-out is no answer":       {408, "", provider.Unanswered},
		"wrong credentials need a person":            {401, "", provider.AccountProblem},
		"an unknown account needs a person":          {404, "", provider.AccountProblem},
		"too many requests without JSON":             {429, "", provider.RetrySoon},
		"an unheard-of code blames neither":          {400, "29999", provider.RetryLater},
		"a page of a proxy is certainly not success": {400, "", provider.RetryLater},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, refusal(tc.status, tc.code).Class())
		})
	}
}

func TestNoRefusalIsEverASuccess(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		status := rapid.IntRange(300, 599).Draw(t, "status")
		r := refusal(status, rapid.StringMatching(`[0-9]{0,5}`).Draw(t, "code"))
		require.False(t, r.Answer().Accepted())
		require.NotEmpty(t, r.Answer().Text)
		require.Error(t, r.Fault())
	})
}

func TestRefusedLookUpsSayWhatToDo(t *testing.T) {
	t.Parallel()
	require.Equal(t, fault.Forbidden, fault.KindOf(refusal(401, "").Fault()))
	require.Equal(t, fault.Throttled, fault.KindOf(refusal(429, "").Fault()))
	require.Equal(t, fault.Broken, fault.KindOf(refusal(500, "").Fault()))
}

func TestOnlyARefusalWithAnUnheardOfCodeIsUnheard(t *testing.T) {
	t.Parallel()
	require.Equal(t, provider.Answer{Class: provider.OptedOut, Code: "21610", Text: "the person said STOP", Whole: true}, refusal(400, "21610").Answer())
	require.True(t, refusal(400, "29999").Answer().Unheard)
	require.False(t, refusal(500, "29999").Answer().Unheard)
	require.Equal(t, provider.Answer{Class: provider.Unanswered, Text: "Acme refused the text (HTTP 502)"}, refusal(502, "").Answer())
}
