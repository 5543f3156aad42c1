package segment

import (
	"testing"

	"github.com/rivo/uniseg"
	"github.com/stretchr/testify/require"
)

func TestACharacterThatIsAloneJoinsNoOther(t *testing.T) {
	t.Parallel()
	found := 0
	for r := rune(0); r <= 0x10FFFF; r++ {
		if !alone(r) || r == '\r' || r == '\n' {
			continue
		}
		found++
		for _, pair := range []string{string([]rune{r, r}), string([]rune{r, 'a'}), string([]rune{'a', r}), string([]rune{r, '👍'}), string([]rune{'👍', r})} {
			require.Equal(t, 2, uniseg.GraphemeClusterCount(pair), "%U", r)
		}
	}
	require.Greater(t, found, 20_000)
}

//nolint:paralleltest // AllocsPerRun counts the whole process
func TestCountingAllocatesNothing(t *testing.T) {
	for _, text := range []string{"plain text", "it’s", "🇩🇪 and everything else that makes a text longer than the seventy units of one segment"} {
		require.Zero(t, testing.AllocsPerRun(100, func() { Of(text) }))
	}
}
