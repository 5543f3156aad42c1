package optout_test

import (
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/rules/optout"
)

func words() map[optout.Verdict][]string {
	return map[optout.Verdict][]string{
		optout.Stop: {
			"STOP", "STOPALL", "STOP ALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT", "REVOKE", "OPTOUT", "OPT OUT", "OPT-OUT", "REMOVE",
			"ARRET", "ARRETE", "ARRÊT", "ARRÊTE", "BAJA", "ALTO", "PARAR", "PARE", "SAIR", "STOPP", "AFMELDEN",
		},
		optout.Start: {"START", "UNSTOP", "SUBSCRIBE"},
		optout.Help:  {"HELP", "INFO", "AIDE", "AYUDA"},
	}
}

func TestEveryKeywordIsReadInAnyDress(t *testing.T) {
	t.Parallel()
	for verdict, list := range words() {
		for _, word := range list {
			for _, text := range []string{
				word, strings.ToLower(word), strings.ToLower(word[:1]) + word[1:],
				"  " + word + "\r\n", word + ".", word + "!!!", "“" + word + "”", "'" + word + "'", word + " 🛑", "🙏🏽" + word,
				"\ufeff" + word + "\u200b", word[:1] + "\u200d" + word[1:], "\u00a0" + word + "\u3000", "*" + word + "*",
			} {
				require.Equal(t, verdict, optout.Read(text), "%q", text)
			}
		}
	}
}

func TestRead(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		text string
		want optout.Verdict
	}{
		"letters spelled apart":              {"S T O P", optout.Stop},
		"letters with full stops":            {"s.t.o.p.", optout.Stop},
		"letters with hyphens":               {"S-T-O-P", optout.Stop},
		"full-width letters":                 {"ＳＴＯＰ", optout.Stop},
		"mathematical letters":               {"𝐒𝐓𝐎𝐏", optout.Stop},
		"an accent as a character":           {"arre\u0302t", optout.Stop},
		"a Turkish capital I":                {"İNFO", optout.Help},
		"blanks inside collapse":             {"opt \t  out", optout.Stop},
		"a typographic hyphen":               {"opt\u2011out", optout.Stop},
		"a question mark is punctuation":     {"stop?", optout.Stop},
		"an empty text":                      {"", optout.None},
		"only punctuation":                   {"?!", optout.None},
		"yes needs a question":               {"YES", optout.None},
		"a phrase is not a keyword":          {"stop please", optout.None},
		"a sentence that holds one":          {"stop by at 5", optout.None},
		"the opposite":                       {"don't stop", optout.None},
		"a longer word":                      {"stopper", optout.None},
		"a keyword and a digit":              {"stop1", optout.None},
		"two keywords":                       {"stop help", optout.None},
		"a tapback":                          {"Liked “STOP”", optout.None},
		"a keyword behind a very long story": {strings.Repeat("la ", 1000) + "stop", optout.None},
		"a keyword before one":               {"stop " + strings.Repeat("la ", 1000), optout.None},
		"a keyword in a lot of padding":      {strings.Repeat("\u200b .", 1000) + "stop" + strings.Repeat("! ", 1000), optout.Stop},
		"Cyrillic letters are other letters": {"ЅТОР", optout.None},
		"a broken byte beside it":            {"stop\xff", optout.Stop},
		"a word cut in two is not a word":    {"al to", optout.None},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, optout.Read(tc.text))
		})
	}
}

func TestPaddingNeverHidesAStop(t *testing.T) {
	t.Parallel()
	padding := rapid.StringOf(rapid.SampledFrom([]rune(" \t\n\u00a0\u200b\u2060.,!?…\"'“”’()*-_🛑👍🏽❤\ufe0f")))
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom(words()[optout.Stop]).Draw(t, "word")
		text := padding.Draw(t, "before") + word + padding.Draw(t, "behind")
		require.Equal(t, optout.Stop, optout.Read(text))
	})
}

func TestAnotherWordIsNeverAKeyword(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom(words()[optout.Stop]).Draw(t, "word")
		more := rapid.SampledFrom([]string{"later", "by", "7", "it", "kein"}).Draw(t, "more")
		require.Equal(t, optout.None, optout.Read(word+" "+more))
		require.Equal(t, optout.None, optout.Read(more+" "+word))
	})
}

func FuzzRead(f *testing.F) {
	for verdict, list := range words() {
		f.Add(list[0])
		f.Add(string(verdict))
	}
	f.Add("\xff\u200b ﷺ")
	f.Fuzz(func(t *testing.T, text string) {
		got := optout.Read(text)
		require.Contains(t, []optout.Verdict{optout.None, optout.Stop, optout.Start, optout.Help}, got)
		require.Equal(t, got, optout.Read(" "+text+" !"), "padding changed the verdict")
	})
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		optout.Read("Stop by at 5, will you? I have the papers here")
	}
}
