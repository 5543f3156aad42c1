package twilio

import (
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/internal/fault"
	"trackly/internal/provider"
)

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
			require.Equal(t, tc.want, (&refusal{status: tc.status, code: tc.code}).class())
		})
	}
}

func TestNoRefusalIsEverASuccess(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		status := rapid.IntRange(300, 599).Draw(t, "status")
		r := &refusal{status: status, code: rapid.StringMatching(`[0-9]{0,5}`).Draw(t, "code")}
		require.False(t, r.answer().Accepted())
		require.NotEmpty(t, r.answer().Text)
		require.Error(t, r.fault())
	})
}

func TestEveryCodeHasAClassAndASentence(t *testing.T) {
	t.Parallel()
	for code, m := range codes {
		require.NotEqual(t, provider.None, m.Class, code)
		require.NotEqual(t, provider.Unanswered, m.Class, code)
		require.NotEmpty(t, m.Sentence, code)
	}
}

func TestRefusedLookUpsSayWhatToDo(t *testing.T) {
	t.Parallel()
	require.Equal(t, fault.Forbidden, fault.KindOf((&refusal{status: 401}).fault()))
	require.Equal(t, fault.Throttled, fault.KindOf((&refusal{status: 429}).fault()))
	require.Equal(t, fault.Broken, fault.KindOf((&refusal{status: 500}).fault()))
}
