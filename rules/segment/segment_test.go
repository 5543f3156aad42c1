package segment_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/rules/segment"
)

type want struct {
	encoding        segment.Encoding
	units, segments int
	left            int
}

func TestOf(t *testing.T) {
	t.Parallel()
	family := "👨‍👩‍👧‍👦" // 11 units, one character to a reader
	for name, tc := range map[string]struct {
		text string
		want want
	}{
		"an empty text costs one segment":            {"", want{segment.GSM7, 0, 1, 160}},
		"160 septets fit in one":                     {strings.Repeat("a", 160), want{segment.GSM7, 160, 1, 0}},
		"161 septets need two":                       {strings.Repeat("a", 161), want{segment.GSM7, 161, 2, 145}},
		"306 septets fill two":                       {strings.Repeat("a", 306), want{segment.GSM7, 306, 2, 0}},
		"307 septets need three":                     {strings.Repeat("a", 307), want{segment.GSM7, 307, 3, 152}},
		"80 euro signs fit in one":                   {strings.Repeat("€", 80), want{segment.GSM7, 160, 1, 0}},
		"81 euro signs leave a septet empty":         {strings.Repeat("€", 81), want{segment.GSM7, 162, 2, 143}},
		"escape pair never straddles":                {strings.Repeat("a", 152) + "{" + strings.Repeat("a", 152), want{segment.GSM7, 306, 3, 152}},
		"one curly quote means UCS-2":                {"it’s", want{segment.UCS2, 4, 1, 66}},
		"70 units fit in one":                        {strings.Repeat("ж", 70), want{segment.UCS2, 70, 1, 0}},
		"71 units need two":                          {strings.Repeat("ж", 71), want{segment.UCS2, 71, 2, 63}},
		"extension characters count one in UCS-2":    {"{}ж", want{segment.UCS2, 3, 1, 67}},
		"emoji are two units each":                   {strings.Repeat("👍", 36), want{segment.UCS2, 72, 2, 61}},
		"surrogate pair never straddles":             {strings.Repeat("x", 66) + "👍" + strings.Repeat("y", 66), want{segment.UCS2, 134, 3, 66}},
		"a family moves over whole":                  {strings.Repeat("x", 60) + family + strings.Repeat("y", 60), want{segment.UCS2, 131, 3, 63}},
		"a flag moves over whole":                    {strings.Repeat("x", 65) + "🇩🇪ж", want{segment.UCS2, 70, 1, 0}},
		"a flag moves over whole in a longer text":   {strings.Repeat("x", 65) + "🇩🇪жж", want{segment.UCS2, 71, 2, 61}},
		"a skin tone stays with its hand":            {strings.Repeat("x", 64) + "👍🏽" + "zzz", want{segment.UCS2, 71, 2, 60}},
		"an accent stays with its letter":            {strings.Repeat("x", 66) + "e\u0301" + "zzz", want{segment.UCS2, 71, 2, 62}},
		"CRLF may be parted":                         {"ж" + strings.Repeat("x", 65) + "\r\nzzz", want{segment.UCS2, 71, 2, 63}},
		"a cluster longer than a segment is cut":     {"e" + strings.Repeat("\u0301", 100), want{segment.UCS2, 101, 2, 33}},
		"a byte that is not UTF-8 is one unit":       {"a\xff", want{segment.UCS2, 2, 1, 68}},
		"the whole alphabet is GSM-7":                {alphabet, want{segment.GSM7, 137 - 10, 1, 160 - 127}},
		"the extension table takes two septets each": {extension, want{segment.GSM7, 20, 1, 140}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := segment.Of(tc.text)
			require.Equal(t, tc.want, want{got.Encoding, got.Units, got.Segments, got.Left()})
		})
	}
}

// The tables of 3GPP TS 23.038, without the escape itself.
const (
	alphabet = "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?" +
		"¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
	extension = "\f^{}\\[~]|€"
)

func TestForced(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		text string
		r    rune
		at   int
	}{
		"nothing forces a plain text":             {"plain", 0, 0},
		"the first culprit is named":              {"é’ж", '’', 1},
		"the position counts characters":          {"ééé👍", '👍', 3},
		"lower-case c cedilla is not in GSM-7":    {"façade", 'ç', 2},
		"a backtick is not in GSM-7":              {"`", '`', 0},
		"a tab is not in GSM-7":                   {"a\tb", '\t', 1},
		"a no-break space is not in GSM-7":        {"a\u00a0b", '\u00a0', 1},
		"the escape character is not in GSM-7":    {"\x1b", '\x1b', 0},
		"the ohm sign is not the letter omega":    {"\u2126", '\u2126', 0},
		"NUL is a culprit with a position":        {"ab\x00", 0, 2},
		"a broken byte is the replacement symbol": {"a\xff", '\uFFFD', 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := segment.Of(tc.text)
			require.Equal(t, tc.r, got.Forced)
			require.Equal(t, tc.at, got.ForcedAt)
		})
	}
}
