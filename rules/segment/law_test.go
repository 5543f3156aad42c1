package segment_test

import (
	"testing"
	"unicode/utf16"
	"unicode/utf8"

	"github.com/rivo/uniseg"
	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/rules/segment"
)

// texts draws runes where the difficult ones are common, long enough to be cut.
func texts() *rapid.Generator[string] {
	hard := []rune("a{€é’жz\r\n👍🏽🇩🇪\u0301\u200d👨👩한각\u1100\u1161\u0600नि中\u00ad")
	any := rapid.OneOf(rapid.SampledFrom(hard), rapid.SampledFrom([]rune("abc {")), rapid.Rune())
	plain := rapid.SampledFrom([]rune("abc {}€é\n"))
	// Long ones are asked for: left alone, short texts are what gets drawn.
	return rapid.OneOf(
		rapid.StringOfN(any, 0, 80, -1), rapid.StringOfN(any, 71, 300, -1),
		rapid.StringOfN(plain, 0, 170, -1), rapid.StringOfN(plain, 150, 500, -1),
	)
}

// slow counts a UCS-2 text cluster by cluster, without any short cut.
func slow(text string) (n, left int) {
	n, used := 1, 0
	add := func(w int) {
		if used+w > 67 {
			n, used = n+1, 0
		}
		used += w
	}
	for g := uniseg.NewGraphemes(text); g.Next(); {
		rs := g.Runes()
		if w := len(utf16.Encode(rs)); w <= 67 && g.Str() != "\r\n" {
			add(w)
			continue
		}
		for _, r := range rs {
			add(len(utf16.Encode([]rune{r})))
		}
	}
	return n, 67 - used
}

func TestShortCutsAgreeWithCuttingEveryCluster(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := texts().Draw(t, "text") + "ж"
		c := segment.Of(text)
		require.Equal(t, segment.UCS2, c.Encoding)
		units := len(utf16.Encode([]rune(text)))
		require.Equal(t, units, c.Units)
		if units > 70 {
			n, left := slow(text)
			require.Equal(t, n, c.Segments)
			require.Equal(t, left, c.Left())
		} else {
			require.Equal(t, 1, c.Segments)
		}
	})
}

func TestUnitsAddUpWithinAnEncoding(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		a, b := texts().Draw(t, "a"), texts().Draw(t, "b")
		ca, cb, both := segment.Of(a), segment.Of(b), segment.Of(a+b)
		if ca.Encoding == cb.Encoding {
			require.Equal(t, ca.Encoding, both.Encoding)
			require.Equal(t, ca.Units+cb.Units, both.Units)
			return
		}
		require.Equal(t, segment.UCS2, both.Encoding)
	})
}

func TestSegmentsHoldTheUnits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) { checkHolds(t, segment.Of(texts().Draw(t, "text"))) })
}

func TestCuttingTheEndOffNeverAddsASegment(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		rs := []rune(texts().Draw(t, "text"))
		cut := rapid.IntRange(0, len(rs)).Draw(t, "cut")
		require.LessOrEqual(t, segment.Of(string(rs[:cut])).Segments, segment.Of(string(rs)).Segments)
	})
}

func TestWhatIsLeftFits(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.StringOfN(rapid.SampledFrom([]rune("ab{€ж👍")), rapid.SampledFrom([]int{0, 60, 150, 300}).Draw(t, "least"), 400, -1).Draw(t, "text")
		c := segment.Of(text)
		for range c.Left() {
			text += "x"
		}
		require.Equal(t, c.Segments, segment.Of(text).Segments)
		require.Equal(t, c.Segments+1, segment.Of(text+"x").Segments)
	})
}

// checkHolds is true of every text: neither too few segments for the units nor so many
// that two neighbours would fit into one.
func checkHolds(t require.TestingT, c segment.Count) {
	single, joined := 160, 153
	if c.Encoding == segment.UCS2 {
		single, joined = 70, 67
	}
	if c.Units <= single {
		require.Equal(t, 1, c.Segments)
		require.Equal(t, single-c.Units, c.Left())
		return
	}
	require.GreaterOrEqual(t, c.Segments*joined, c.Units)
	require.LessOrEqual(t, (c.Segments-1)*joined, 2*c.Units)
	require.GreaterOrEqual(t, c.Left(), 0)
	require.Less(t, c.Left(), joined)
}

func FuzzOf(f *testing.F) {
	for _, seed := range []string{"", "it’s", "{€}", "👨‍👩‍👧‍👦🇩🇪", "a\xff\xfe", "e\u0301\r\n"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, text string) {
		c := segment.Of(text)
		checkHolds(t, c)
		require.GreaterOrEqual(t, c.Units, utf8.RuneCountInString(text))
		if c.Encoding == segment.UCS2 && c.Units > 70 {
			n, left := slow(text)
			require.Equal(t, n, c.Segments)
			require.Equal(t, left, c.Left())
		}
	})
}
