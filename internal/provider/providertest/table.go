package providertest

import (
	"regexp"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider"
)

// manyDigits is what a phone would look like in a sentence.
var manyDigits = regexp.MustCompile(`[0-9]{7,}`)

// table checks the codes as data: a person reads the sentences, so each must be one.
func table(t *testing.T, s Subject) {
	t.Helper()
	classes := []provider.Class{
		provider.RetrySoon, provider.RetryLater, provider.DeferToTomorrow, provider.BadNumber,
		provider.OptedOut, provider.AccountProblem, provider.Filtered,
	}
	codes := s.Dialer.Codes()
	require.NotEmpty(t, codes)
	for code, m := range codes {
		require.NotEmpty(t, code)
		require.Contains(t, classes, m.Class, code)
		require.Regexp(t, `^[A-Z].{7,118}[^.\s]$`, m.Sentence, code)
		require.NotRegexp(t, manyDigits, m.Sentence, code)
	}
	require.NotEmpty(t, s.caps().Name)
	require.Equal(t, s.caps(), s.Dialer.Capabilities())
}
