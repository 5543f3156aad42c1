package shortcode_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/internal/fault"
	"trackly/rules/shortcode"
)

const key = "a key for the tests, not for the world"

func codec(tb testing.TB, key string) *shortcode.Codec {
	tb.Helper()
	c, err := shortcode.New([]byte(key))
	require.NoError(tb, err)
	return c
}

// These are links in phones of people. A change here is a broken link for ever.
func TestCodesAreStableForEver(t *testing.T) {
	t.Parallel()
	c := codec(t, key)
	for _, tc := range []struct {
		id   int64
		link int
		want string
	}{
		{0, 1, "33M4FMo"},
		{1, 1, "IkyIBPV"},
		{1, 2, "ITBpXBi"},
		{2, 1, "btD36gp"},
		{1_000_000, 8, "82UYqFg"},
		{shortcode.MaxMessageID, 8, "XinPL3K"},
	} {
		got, err := c.Encode(tc.id, tc.link)
		require.NoError(t, err)
		require.Equal(t, tc.want, got, "%d %d", tc.id, tc.link)
	}
}

func TestWhatIsEncodedDecodes(t *testing.T) {
	t.Parallel()
	c := codec(t, key)
	rapid.Check(t, func(t *rapid.T) {
		id := rapid.Int64Range(0, shortcode.MaxMessageID).Draw(t, "id")
		link := rapid.IntRange(1, shortcode.MaxLink).Draw(t, "link")
		code, err := c.Encode(id, link)
		require.NoError(t, err)
		require.Len(t, code, shortcode.Length)
		gotID, gotLink, ok := c.Decode(code)
		require.True(t, ok)
		require.Equal(t, id, gotID)
		require.Equal(t, link, gotLink)
	})
}

func TestEveryCodeBelongsToOneLink(t *testing.T) {
	t.Parallel()
	c := codec(t, key)
	rapid.Check(t, func(t *rapid.T) {
		code := rapid.StringMatching(`[0-9A-Za-z]{7}`).Draw(t, "code")
		id, link, ok := c.Decode(code)
		require.True(t, ok)
		again, err := c.Encode(id, link)
		require.NoError(t, err)
		require.Equal(t, code, again)
	})
}

func TestNeighboursLookUnrelated(t *testing.T) {
	t.Parallel()
	c := codec(t, key)
	seen, same, last := map[string]bool{}, 0, "......."
	var first [128]int
	for id := range int64(6200) {
		code, err := c.Encode(id, 1)
		require.NoError(t, err)
		require.False(t, seen[code])
		seen[code] = true
		for i := range shortcode.Length {
			if code[i] == last[i] {
				same++
			}
		}
		first[code[0]]++
		last = code
	}
	// By chance one place in 62 agrees: 700 of 43,400, give or take 26.
	require.InDelta(t, 700, same, 160)
	for _, b := range "09AZaz" {
		require.InDelta(t, 100, first[b], 60, "codes that begin with %c", b)
	}
}

func TestAnotherKeyGivesOtherCodes(t *testing.T) {
	t.Parallel()
	a, b := codec(t, key), codec(t, key+".")
	same := 0
	for id := range int64(1000) {
		x, err := a.Encode(id, 1)
		require.NoError(t, err)
		y, err := b.Encode(id, 1)
		require.NoError(t, err)
		if x == y {
			same++
		}
	}
	require.Zero(t, same)
}

func TestEncodeRefusesWhatDoesNotFit(t *testing.T) {
	t.Parallel()
	c := codec(t, key)
	for _, tc := range []struct {
		id   int64
		link int
	}{{-1, 1}, {shortcode.MaxMessageID + 1, 1}, {1, 0}, {1, 9}} {
		_, err := c.Encode(tc.id, tc.link)
		require.Equal(t, fault.Invalid, fault.KindOf(err), "%+v", tc)
	}
}

func TestDecodeRefusesWhatIsNoCode(t *testing.T) {
	t.Parallel()
	c := codec(t, key)
	for _, code := range []string{"", "abcdef", "abcdefgh", "abc-efg", "abc efg", "ééé1", "abcdef/", "abcdef:", "abcdef@", "abcdef[", "abcdef`", "abcdef{"} {
		_, _, ok := c.Decode(code)
		require.False(t, ok, code)
	}
}

func TestAShortKeyIsRefused(t *testing.T) {
	t.Parallel()
	_, err := shortcode.New([]byte("fifteen bytes.."))
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	require.NotContains(t, err.Error(), "fifteen")
}

func TestACodecPrintsNoKey(t *testing.T) {
	t.Parallel()
	for _, format := range []string{"%v", "%+v", "%#v", "%s"} {
		require.Equal(t, "shortcode.Codec(secret)", fmt.Sprintf(format, codec(t, key)))
	}
}

func TestManyMayEncodeAtOnce(t *testing.T) {
	t.Parallel()
	c := codec(t, key)
	var wg sync.WaitGroup
	bad := make([]bool, 8)
	for g := range bad {
		wg.Go(func() {
			for id := range int64(500) {
				code, err := c.Encode(id, g+1)
				back, link, ok := c.Decode(code)
				bad[g] = bad[g] || err != nil || !ok || back != id || link != g+1
			}
		})
	}
	wg.Wait()
	require.NotContains(t, bad, true)
}

func FuzzDecode(f *testing.F) {
	c := codec(f, key)
	for _, seed := range []string{"", "0000000", "zzzzzzz", "abc-efg", "\xff\xfe\xfd\xfc\xfb\xfa\xf9"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, code string) {
		id, link, ok := c.Decode(code)
		if !ok {
			require.Zero(t, id)
			return
		}
		again, err := c.Encode(id, link)
		require.NoError(t, err)
		require.Equal(t, code, again)
	})
}
