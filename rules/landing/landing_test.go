package landing_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/rules/landing"
)

func TestExpand(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ target, want string }{
		"a macro in the query":             {"https://o.example/?aff=1&sub={click_id}", "https://o.example/?aff=1&sub=c-1"},
		"both macros, one twice":           {"https://o.example/{message_id}?a={click_id}&b={click_id}", "https://o.example/42?a=c-1&b=c-1"},
		"escaped braces are macros too":    {"https://o.example/?a=%7Bclick_id%7d", "https://o.example/?a=c-1"},
		"no macro, no query":               {"https://o.example/x", "https://o.example/x?click_id=c-1"},
		"no macro, a query":                {"https://o.example/x?a=1", "https://o.example/x?a=1&click_id=c-1"},
		"no macro, an empty query":         {"https://o.example/x?", "https://o.example/x?click_id=c-1"},
		"no macro, an open query":          {"https://o.example/x?a=1&", "https://o.example/x?a=1&click_id=c-1"},
		"the fragment stays at the end":    {"https://o.example/x#top", "https://o.example/x?click_id=c-1#top"},
		"a question mark in a fragment":    {"https://o.example/x#a?b", "https://o.example/x?click_id=c-1#a?b"},
		"macros nobody knows stay":         {"https://o.example/?a={sub9}", "https://o.example/?a={sub9}&click_id=c-1"},
		"a message id alone is not enough": {"https://o.example/?m={message_id}", "https://o.example/?m=42&click_id=c-1"},
		"spaces and letters are escaped":   {"https://o.example/a b/é?a={click_id}", "https://o.example/a%20b/%C3%A9?a=c-1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			require.Equal(t, tc.want, landing.Expand(tc.target, "c-1", 42))
		})
	}
}

func TestAValueCannotAddParameters(t *testing.T) {
	t.Parallel()
	require.Equal(t, "https://o.example/?a=x%26b%3D1%23", landing.Expand("https://o.example/?a={click_id}", "x&b=1#", 1))
}

func FuzzExpand(f *testing.F) {
	f.Add("https://o.example/?a={click_id}", "c-1", int64(1))
	f.Add("https://o.example/é?x#\r\nSet-Cookie: a=b", "%7Bclick_id%7D", int64(-5))
	f.Fuzz(func(t *testing.T, target, id string, message int64) {
		got := landing.Expand(target, id, message)
		if strings.ContainsFunc(got, func(r rune) bool { return r <= ' ' || r >= 0x7f }) {
			t.Fatalf("a header cannot carry %q", got)
		}
		if !strings.Contains(got, url.QueryEscape(id)) {
			t.Fatalf("%q lost the click", got)
		}
	})
}
