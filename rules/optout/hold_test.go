package optout

import ("testing";"os";"strings")

func TestHold(t *testing.T) {
	b, _ := os.ReadFile("/tmp/holdout.tsv")
	for _, line := range strings.Split(strings.TrimSpace(string(b)), "\n") {
		v, text, _ := strings.Cut(line, "\t")
		r := Read(text, Situation{})
		if string(r.Verdict)[:1] != v { t.Logf("%s read %s %q by %q", v, r.Verdict, text, r.Match) }
	}
}
