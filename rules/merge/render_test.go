package merge_test

import (
	"strconv"
	"strings"
	"sync"
	"testing"
	"unicode"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/rules/merge"
)

// only gives one value, whatever the field is called.
func only(v string) func(string) (string, bool) {
	return func(string) (string, bool) { return v, true }
}

func nobody(string) (string, bool) { return "", false }

func short(n int) string { return "https://t.example/" + strconv.Itoa(n) }

func TestRender(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		body    string
		value   func(string) (string, bool)
		want    string
		missing []string
	}{
		"values and links go where they belong":   {"Hi {{first_name}}: {{link1}}, {{link2}}!", only("Ann"), "Hi Ann: https://t.example/1, https://t.example/2!", nil},
		"an absent value takes the fallback":      {"Hi {{first_name|there}}", nobody, "Hi there", nil},
		"a blank value takes the fallback":        {"Hi {{first_name|there}}", only(" \t"), "Hi there", nil},
		"no value and no fallback is reported":    {"Hi {{first_name}}{{x|y}}{{first_name}}.", nobody, "Hi y.", []string{"first_name"}},
		"a value is never expanded again":         {"{{a}}", only("{{link1}} {{a}}"), "{{link1}} {{a}}", nil},
		"line breaks become spaces":               {"{{a}}", only("An\r\nn\u2028a\t"), "An  n a", nil},
		"controls are removed":                    {"{{a}}", only("A\x00n\x1bn\u202e"), "Ann", nil},
		"a value of controls only is missing":     {"{{a}}", only("\x00\x01"), "", []string{"a"}},
		"a broken byte is removed":                {"{{a}}", only("A\xffnn"), "Ann", nil},
		"letters and emoji of the world are kept": {"{{a}}", only("Zoë 👨‍👩‍👧"), "Zoë 👨‍👩‍👧", nil},
		"braces of the body stay":                 {"{ {a} }", nobody, "{ {a} }", nil},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			tpl, err := merge.Parse(tc.body)
			require.NoError(t, err)
			got, missing := tpl.Render([]byte(">"), tc.value, short)
			require.Equal(t, ">"+tc.want, string(got))
			require.Equal(t, tc.missing, missing)
		})
	}
}

func TestOneTemplateServesManyContactsAtOnce(t *testing.T) {
	t.Parallel()
	tpl, err := merge.Parse("Hi {{first_name}} {{link1}}")
	require.NoError(t, err)
	got := make([]string, 50)
	var wg sync.WaitGroup
	for i := range got {
		wg.Go(func() {
			b, _ := tpl.Render(nil, only(strconv.Itoa(i)), short)
			got[i] = string(b)
		})
	}
	wg.Wait()
	for i, text := range got {
		require.Equal(t, "Hi "+strconv.Itoa(i)+" https://t.example/1", text)
	}
}

func TestAValueNeverBreaksTheTextAroundIt(t *testing.T) {
	t.Parallel()
	tpl, err := merge.Parse("<{{a}}>")
	require.NoError(t, err)
	rapid.Check(t, func(t *rapid.T) {
		b, _ := tpl.Render(nil, only(rapid.String().Draw(t, "value")), nil)
		text := string(b)
		require.True(t, utf8.ValidString(text))
		require.True(t, strings.HasPrefix(text, "<") && strings.HasSuffix(text, ">"))
		require.Negative(t, strings.IndexFunc(text, unicode.IsControl))
	})
}

func TestDress(t *testing.T) {
	t.Parallel()
	const stop = "Reply STOP to opt out"
	require.Equal(t, "Acme: Hi\n"+stop, merge.Dress("Hi", "Acme", stop, true, true))
	require.Equal(t, "Acme: Hi", merge.Dress("Hi", "Acme", stop, true, false))
	require.Equal(t, "Hi\n"+stop, merge.Dress("Hi", "Acme", stop, false, true))
	require.Equal(t, "Hi", merge.Dress("Hi", "", "", true, true))
	require.Equal(t, "ACME: Hi. reply stop to opt out", merge.Dress("ACME: Hi. reply stop to opt out", "Acme", stop, true, true))
	require.Equal(t, "Acme: Acmeology", merge.Dress("Acmeology", "Acme", stop, true, false))
}

func TestDressingTwiceChangesNothing(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		text := rapid.String().Draw(t, "text")
		once := merge.Dress(text, "Acme", "Reply STOP", true, true)
		require.Equal(t, once, merge.Dress(once, "Acme", "Reply STOP", true, true))
		require.Contains(t, once, text)
	})
}

func FuzzParse(f *testing.F) {
	for _, seed := range []string{"", "Hi {{first_name|there}} {{link1}}", "{{{a}}}", "{{a|b|c}}", "}}{{", "{{link1}}{{link8}}"} {
		f.Add(seed)
	}
	f.Fuzz(func(t *testing.T, body string) {
		tpl, err := merge.Parse(body)
		if err != nil {
			return
		}
		// Writing every placeholder back as itself cannot lose literal text.
		got, missing := tpl.Render(nil, only("v"), func(int) string { return "l" })
		require.Empty(t, missing)
		require.Equal(t, strings.Contains(body, "{{"), len(tpl.Fields())+tpl.Links() > 0)
		if !strings.Contains(body, "{{") {
			require.Equal(t, body, string(got))
		}
		require.LessOrEqual(t, tpl.Links(), merge.MaxLinks)
	})
}

func BenchmarkRender(b *testing.B) {
	tpl, err := merge.Parse("{{brand_name}}: Hi {{first_name|there}}, 20% off today only: {{link1}}")
	require.NoError(b, err)
	value, buf := only("Ann"), make([]byte, 0, 256)
	b.ReportAllocs()
	for b.Loop() {
		buf, _ = tpl.Render(buf[:0], value, func(int) string { return "https://t.example/aB3dE7g" })
	}
}
