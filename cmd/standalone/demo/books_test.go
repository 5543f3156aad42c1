package demo

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider/sandbox"
)

func TestBooksThatDoNotAgreeAreAnError(t *testing.T) {
	t.Parallel()
	theirs := sandbox.Books{Total: sandbox.Account{Sales: 3, Owed: 1234}}
	ours := metrics{Conversions: 3, Revenue: money{Micros: 12_340_000}}
	require.NoError(t, agree(theirs, ours))
	for name, spoil := range map[string]func(b *sandbox.Books, m *metrics){
		"a cent":                     func(b *sandbox.Books, _ *metrics) { b.Total.Owed++ },
		"a millionth":                func(_ *sandbox.Books, m *metrics) { m.Revenue.Micros-- },
		"a sale":                     func(_ *sandbox.Books, m *metrics) { m.Conversions++ },
		"something still on its way": func(b *sandbox.Books, _ *metrics) { b.Waiting = 1 },
	} {
		b, m := theirs, ours
		spoil(&b, &m)
		require.Error(t, agree(b, m), name)
	}
}

func TestSentencesFitATerminal(t *testing.T) {
	t.Parallel()
	require.Equal(t, "  one two\n  three", wrapped("one two three", 9, "  "))
	require.Equal(t, "  alone", wrapped("alone", 3, "  "), "a word is never cut")
}
