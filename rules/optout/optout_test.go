package optout_test

import (
	"strings"
	"testing"
	"time"

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
				require.Equal(t, verdict, read(text), "%q", text)
				require.Equal(t, optout.Keyword, optout.Read(text, optout.Situation{}).Tier, "%q", text)
			}
		}
	}
}

func read(text string) optout.Verdict { return optout.Read(text, optout.Situation{}).Verdict }

func TestOfAVeryLongTextBothEndsAreJudged(t *testing.T) {
	t.Parallel()
	story := strings.Repeat("ho ", 1000)
	require.Equal(t, optout.Stop, read("STOP. "+story))
	require.Equal(t, optout.Stop, read(story+". STOP"))
	require.Equal(t, optout.Stop, read(story+". please take me off your list"))
	require.Equal(t, optout.Ambiguous, read("stop "+story), "a long rest is no short one")
	require.Equal(t, optout.Ambiguous, read(story+"stop"))
	require.Equal(t, optout.None, read(story))
	require.Equal(t, optout.Reading{Verdict: optout.Stop, Tier: optout.Keyword, Match: "stop"},
		optout.Read(strings.Repeat("\u200b .", 1000)+"stop"+strings.Repeat("! ", 1000), optout.Situation{}))
	require.Equal(t, optout.Stop, read(strings.Repeat("stop ", 1000)))
	require.Equal(t, optout.Stop, read(strings.Repeat("stop", 1000)))
}

func TestTheWorkGrowsNoFasterThanTheText(t *testing.T) {
	t.Parallel()
	for _, piece := range []string{"a ", "s t o p x ", "ﷺ", "\"stop it\" ", ">\n", "liked “", "dont not stop * ", "reply stop to ", "unsubscribx ", "$+@", "s\u0300"} {
		text := strings.Repeat(piece, 1<<20/len(piece))
		began := time.Now()
		read(text)
		// A megabyte takes tens of milliseconds; what grows with the square takes hours.
		require.Less(t, time.Since(began), 10*time.Second, "%q", piece)
	}
}

func TestTheMatchIsARuleAndNeverThePersonsText(t *testing.T) {
	t.Parallel()
	for text, match := range map[string]string{
		"ЅТ0Р": "stop", "unsuscribe": "unsubscribe", "S T O P": "stop", "Stop All": "stopall", "take me, Joe Bloggs, off your list": "take me off", "why do I get this": "why do I get this",
	} {
		require.Equal(t, match, optout.Read(text, optout.Situation{}).Match)
	}
}

func TestVersionIsADate(t *testing.T) {
	t.Parallel()
	_, err := time.Parse(time.DateOnly, optout.Version)
	require.NoError(t, err)
}

func TestPaddingNeverHidesAStop(t *testing.T) {
	t.Parallel()
	padding := rapid.StringOf(rapid.SampledFrom([]rune(" \t\n\u00a0\u200b\u2060.,!?…\"'“”’()*-_🛑👍🏽❤\ufe0f")))
	rapid.Check(t, func(t *rapid.T) {
		word := rapid.SampledFrom(words()[optout.Stop]).Draw(t, "word")
		text := padding.Draw(t, "before") + word + padding.Draw(t, "behind")
		require.Equal(t, optout.Stop, read(text))
	})
}

func TestAStopWordIsNeverLostAmongOtherWords(t *testing.T) {
	t.Parallel()
	words := []string{"stop", "STOP", "st0p", "unsubscribe", "unsuscribe", "opt out", "ЅТОР", "s t o p", "arretez", "abmelden"}
	around := []string{"ok", "sale", "number", "7", "it", "kein", "blue", "shoes", "merci", "lol", "no", "yes", "hello"}
	rapid.Check(t, func(t *rapid.T) {
		before := rapid.SliceOfN(rapid.SampledFrom(around), 0, 4).Draw(t, "before")
		behind := rapid.SliceOfN(rapid.SampledFrom(around), 0, 4).Draw(t, "behind")
		word := rapid.SampledFrom(words).Draw(t, "word")
		text := strings.Join(append(append(before, word), behind...), " ")
		require.Contains(t, []optout.Verdict{optout.Stop, optout.Ambiguous}, read(text), "%q", text)
	})
}

func TestACaseOfLettersChangesNothing(t *testing.T) {
	t.Parallel()
	for _, l := range readLabelled(t) {
		upper := strings.ToUpper(l.text)
		if !strings.EqualFold(upper, l.text) {
			continue // ß and the small capitals do not come back
		}
		if strings.Contains(l.text, "wrote:") || strings.Contains(l.text, "Original") {
			continue // lines by machines, which know one case
		}
		require.Equal(t, optout.Read(l.text, l.situation), optout.Read(upper, l.situation), "%q", upper)
	}
}

func FuzzRead(f *testing.F) {
	for verdict, list := range words() {
		f.Add(list[0])
		f.Add(string(verdict))
	}
	f.Add("\xff\u200b ﷺ")
	for _, text := range []string{"Liked “Reply STOP to end” stop", "> Reply STOP\nno more texts", "don’t stop", "\"stop me\" ok", "please stop?", "¿Cómo me doy de baja?", "stop#1 +$@"} {
		f.Add(text)
	}
	f.Fuzz(func(t *testing.T, text string) {
		for _, s := range []optout.Situation{{}, {Asked: true}, {OptedOut: true}} {
			got := optout.Read(text, s)
			require.Contains(t, []optout.Verdict{optout.None, optout.Stop, optout.Start, optout.Help, optout.Ambiguous}, got.Verdict)
			require.Equal(t, got.Verdict == optout.None, got.Tier == optout.NoTier)
			require.Equal(t, got.Verdict == optout.None, got.Match == "")
			require.Equal(t, got, optout.Read(" "+text+" !", s), "padding changed the verdict")
		}
	})
}

func BenchmarkRead(b *testing.B) {
	for b.Loop() {
		optout.Read("Stop by at 5, will you? I have the papers here", optout.Situation{})
	}
}
