package landing_test

import (
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/rules/landing"
)

func values(change func(*landing.Values)) landing.Values {
	v := landing.Values{ClickID: "c-1", MessageID: "42", OfferID: "o-9", ExternalID: "77", ClickParameter: "click_id"}
	if change != nil {
		change(&v)
	}
	return v
}

func TestExpand(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct{ target, want string }{
		"a macro in the query":             {"https://o.example/?aff=1&sub={click_id}", "https://o.example/?aff=1&sub=c-1"},
		"both macros, one twice":           {"https://o.example/{message_id}?a={click_id}&b={click_id}", "https://o.example/42?a=c-1&b=c-1"},
		"the offer and its other name":     {"https://o.example/{external_id}/{offer_id}?a={click_id}", "https://o.example/77/o-9?a=c-1"},
		"escaped braces are macros too":    {"https://o.example/?a=%7Bclick_id%7d", "https://o.example/?a=c-1"},
		"escaped braces of others stay":    {"https://o.example/?a={click_id}&b=%7Bx%7d", "https://o.example/?a=c-1&b=%7Bx%7d"},
		"no macro, no query":               {"https://o.example/x", "https://o.example/x?click_id=c-1"},
		"no macro, no path":                {"https://o.example", "https://o.example?click_id=c-1"},
		"no macro, a query":                {"https://o.example/x?a=1", "https://o.example/x?a=1&click_id=c-1"},
		"no macro, an empty query":         {"https://o.example/x?", "https://o.example/x?click_id=c-1"},
		"no macro, an open query":          {"https://o.example/x?a=1&", "https://o.example/x?a=1&click_id=c-1"},
		"the fragment stays at the end":    {"https://o.example/x#top", "https://o.example/x?click_id=c-1#top"},
		"a question mark in a fragment":    {"https://o.example/x#a?b", "https://o.example/x?click_id=c-1#a?b"},
		"macros nobody knows stay":         {"https://o.example/?a={sub9}", "https://o.example/?a={sub9}&click_id=c-1"},
		"a phone is no macro":              {"https://o.example/?a={phone}&b={click_id}", "https://o.example/?a={phone}&b=c-1"},
		"a macro without a value":          {"https://o.example/?a={sub1}&b={click_id}", "https://o.example/?a=&b=c-1"},
		"a message id alone is not enough": {"https://o.example/?m={message_id}", "https://o.example/?m=42&click_id=c-1"},
		"spaces and letters are escaped":   {"https://o.example/a b/é?a={click_id}", "https://o.example/a%20b/%C3%A9?a=c-1"},
		"a broken escape":                  {"https://o.example/50%/%zz?a={click_id}", "https://o.example/50%25/%25zz?a=c-1"},
		"a backslash is no slash":          {`https://o.example/\evil.example?a={click_id}`, "https://o.example/%5Cevil.example?a=c-1"},
		"a brace too many":                 {"https://o.example/?a={{click_id}}", "https://o.example/?a={c-1}"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := landing.Expand(tc.target, values(nil))
			require.True(t, ok)
			require.Equal(t, tc.want, got)
		})
	}
}

func TestParametersAreMerged(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		target string
		link   map[string]string
		want   string
	}{
		"added in the order of their names":         {"https://o.example/?c={click_id}", map[string]string{"b": "2", "a": "1"}, "https://o.example/?c=c-1&a=1&b=2"},
		"the link's own override, in place":         {"https://o.example/?a=old&c={click_id}", map[string]string{"a": "new"}, "https://o.example/?a=new&c=c-1"},
		"no name is there twice":                    {"https://o.example/?a=1&c={click_id}&a=2", map[string]string{"a": "x"}, "https://o.example/?a=x&c=c-1"},
		"names are compared as they are meant":      {"https://o.example/?%61=1&c={click_id}", map[string]string{"a": "x"}, "https://o.example/?a=x&c=c-1"},
		"before the fragment":                       {"https://o.example/#x", map[string]string{"a": "{click_id}"}, "https://o.example/?a=c-1#x"},
		"a sub fills its macro and is not added":    {"https://o.example/?s={sub1}&c={click_id}", map[string]string{"sub1": "x y"}, "https://o.example/?s=x+y&c=c-1"},
		"a sub without a macro is added":            {"https://o.example/?c={click_id}", map[string]string{"sub2": "x"}, "https://o.example/?c=c-1&sub2=x"},
		"macros in a sub":                           {"https://o.example/{sub1}", map[string]string{"sub1": "m{message_id}/{sub2}", "sub2": "{click_id}"}, "https://o.example/m42%2F%7Bsub2%7D?sub2=c-1"},
		"the click's id may be in a sub":            {"https://o.example/?s={sub1}", map[string]string{"sub1": "t-{click_id}"}, "https://o.example/?s=t-c-1"},
		"a value cannot add parameters":             {"https://o.example/?c={click_id}", map[string]string{"a": "1&b=2#x"}, "https://o.example/?c=c-1&a=1%26b%3D2%23x"},
		"an overridden macro does not tell":         {"https://o.example/?a={click_id}", map[string]string{"a": "x"}, "https://o.example/?a=x&click_id=c-1"},
		"where the click's id goes may be empty":    {"https://o.example/?click_id=&b=1", nil, "https://o.example/?click_id=c-1&b=1"},
		"nothing else may stand for the click's id": {"https://o.example/?click_id=7", nil, "https://o.example/?click_id=c-1"},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got, ok := landing.Expand(tc.target, values(func(v *landing.Values) { v.Parameters = tc.link }))
			require.True(t, ok)
			require.Equal(t, tc.want, got)
		})
	}
}

func TestNetworksAreToldOfTheClickInTheirOwnWords(t *testing.T) {
	t.Parallel()
	for network, want := range map[string]string{"tune": "aff_sub=c-1", "everflow": "sub1=c-1", "cake": "s2=c-1", "none": "click_id=c-1"} {
		got, ok := landing.Expand("https://o.example/?a=1", values(func(v *landing.Values) { v.ClickParameter = landing.ClickParameter(network) }))
		require.True(t, ok)
		require.Equal(t, "https://o.example/?a=1&"+want, got)
	}
	got, _ := landing.Expand("https://o.example/?sub1=mine", values(func(v *landing.Values) { v.ClickParameter = "sub1" }))
	require.Equal(t, "https://o.example/?sub1=mine&click_id=c-1", got, "what the account wrote there stays")
	for _, target := range []string{"https://o.example/a?b=1&&c#d", "https://o.example?", "https://o.example/#"} {
		got, _ = landing.Expand(target, landing.Values{})
		require.Equal(t, target, got, "nothing is added unasked")
	}
}

func TestValuesAreEscapedAsTheirPlaceNeeds(t *testing.T) {
	t.Parallel()
	got, ok := landing.Expand("https://o.example/{sub1}/x?a={sub1}#{sub1}", values(func(v *landing.Values) {
		v.Parameters = map[string]string{"sub1": "../a b?c&d=é#%"}
	}))
	require.True(t, ok)
	require.Equal(t, "https://o.example/..%2Fa%20b%3Fc&d=%C3%A9%23%25/x?a=..%2Fa+b%3Fc%26d%3D%C3%A9%23%25&click_id=c-1#..%2Fa%20b%3Fc%26d%3D%C3%A9%23%25", got)
}

func TestNoMacroChoosesTheHost(t *testing.T) {
	t.Parallel()
	for _, target := range []string{
		"", "/x", "//o.example/", "o.example", "javascript:alert(1)", "javascript://o.example/%0aalert(1)", "ftp://o.example/", "HTTPS://o.example/",
		"https://", "https:///x", "https://?a=1", "https://:443/", "https://{sub1}/", "https://{sub1}.example/", "https://o.example{sub1}/", "https://o.example:{sub1}/",
		"https://%7Bsub1%7D/", "https://u:p@o.example/", "https://{sub1}@o.example/", `https://o.example\@evil.example/`, `https:\\o.example/`,
		"{sub1}://o.example/", "{sub1}", " https://o.example/", "https://o.example :1/", "https://o.example\r\n/", "https://[::1/", "https://o%2Eexample/",
	} {
		_, ok := landing.Expand(target, values(func(v *landing.Values) { v.Parameters = map[string]string{"sub1": "evil.example"} }))
		require.False(t, ok, target)
		require.False(t, landing.Valid(target), target)
	}
	require.True(t, landing.Valid("https://bücher.example:8443/{sub1}"))
	require.False(t, landing.Valid("https://o.example/"+strings.Repeat("x", landing.MaxURL)))
}

func FuzzExpand(f *testing.F) {
	f.Add("https://o.example/?a={click_id}", "c-1", "a", "1", "click_id")
	f.Add("https://o.example/é?x#\r\nSet-Cookie: a=b", "%7Bclick_id%7D", "sub1", "{click_id}", "aff_sub")
	f.Add("https://{sub1}.example/", "c", "sub1", "evil.example/", "")
	f.Add(`https://o.example\@{sub1}%/{sub1}?a=%{sub1}&a#%{sub1}`, "..", "a", "//evil", "a")
	f.Fuzz(func(t *testing.T, target, id, name, value, asked string) {
		got, ok := landing.Expand(target, landing.Values{
			ClickID: id, MessageID: "1", Parameters: map[string]string{name: value, "sub1": value}, ClickParameter: asked,
		})
		if !ok {
			return
		}
		if strings.ContainsFunc(got, func(r rune) bool { return r <= ' ' || r >= 0x7f || r == '\\' }) {
			t.Fatalf("a header cannot carry %q", got)
		}
		u, err := url.Parse(got)
		if err != nil {
			t.Fatalf("%q: %v", got, err)
		}
		end := strings.IndexAny(target[len("https://"):], "/?#")
		before, err := url.Parse(target[:len("https://")+max(end, 0)])
		if end < 0 {
			before, err = url.Parse(target)
		}
		if err != nil || u.Host != before.Host || u.Scheme != before.Scheme || u.User != nil || !u.IsAbs() {
			t.Fatalf("%q left for %q", target, got)
		}
		if asked != "" && !strings.Contains(got, url.QueryEscape(id)) && !strings.Contains(got, url.PathEscape(id)) && !strings.Contains(got, strings.ReplaceAll(url.QueryEscape(id), "+", "%20")) {
			t.Fatalf("%q lost the click %q", got, id)
		}
	})
}

func BenchmarkExpand(b *testing.B) {
	v := values(func(v *landing.Values) { v.Parameters = map[string]string{"sub1": "a"} })
	for b.Loop() {
		_, _ = landing.Expand("https://o.example/?aff=1&sub={click_id}&x={sub1}", v)
	}
}
