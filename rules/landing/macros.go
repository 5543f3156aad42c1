package landing

import (
	"strings"
)

// maxMacro is longer than any macro's name.
const maxMacro = 16

// meaning is what a macro stands for.
type meaning struct {
	text string
	told bool // the click's id is in it
}

// plain is what a macro stands for that the values of parameters may hold.
func (v *Values) plain(name string) (m meaning, known bool) {
	switch name {
	case "click_id":
		return meaning{v.ClickID, true}, true
	case "message_id":
		return meaning{text: v.MessageID}, true
	case "offer_id":
		return meaning{text: v.OfferID}, true
	case "external_id":
		return meaning{text: v.ExternalID}, true
	}
	return m, false
}

// subNumber is the place of sub1 to sub5, or 0.
func subNumber(name string) int {
	if len(name) == 4 && name[:3] == "sub" && '1' <= name[3] && name[3] <= '5' {
		return int(name[3] - '0')
	}
	return 0
}

// filler fills macros in, and notes which.
type filler struct {
	*Values
	inner bool // it fills the value of a parameter, which is not looked through twice
	subs  [6]bool
	told  bool // the click's id is in what was filled
}

func (f *filler) meaning(name string) (m meaning, known bool) {
	n := subNumber(name)
	if n == 0 || f.inner {
		return f.plain(name)
	}
	f.subs[n] = true
	value, told := f.value(name)
	return meaning{value, told}, true
}

// value is that of a parameter of the link.
func (v *Values) value(name string) (value string, told bool) {
	f := filler{Values: v, inner: true}
	return f.text(v.Parameters[name]), f.told
}

// fill fills a part of a URL, as it is written.
func (f *filler) fill(s string, escape func(string) string) string {
	if !strings.ContainsAny(s, "{%") {
		return carried(s)
	}
	var b strings.Builder
	f.each(s, func(literal string) { b.WriteString(carried(literal)) }, func(value string) { b.WriteString(escape(value)) })
	return b.String()
}

// text fills a text that is not escaped yet.
func (f *filler) text(s string) string {
	if !strings.Contains(s, "{") {
		return s
	}
	var b strings.Builder
	add := func(s string) { b.WriteString(s) }
	f.each(s, add, add)
	return b.String()
}

// each tells the parts of a text: what stands there, and what macros stand for.
func (f *filler) each(s string, literal, value func(string)) {
	from := 0
	for i := 0; i < len(s); {
		name, end, ok := macroAt(s, i)
		if !ok {
			i++
			continue
		}
		m, known := f.meaning(name)
		if !known {
			i++
			continue
		}
		literal(s[from:i])
		value(m.text)
		f.told = f.told || m.told
		i, from = end, end
	}
	literal(s[from:])
}

// macroAt reads a macro that begins at i. Form editors like to escape its braces.
func macroAt(s string, i int) (name string, end int, ok bool) {
	begin := i + brace(s[i:], '{', "%7b")
	for end = begin; end > i && end < len(s) && end-begin < maxMacro && inName(s[end]); {
		end++
	}
	closing := brace(s[end:], '}', "%7d")
	if begin == i || closing == 0 {
		return "", 0, false
	}
	return s[begin:end], end + closing, true
}

// brace is how long the brace is with which s begins, or 0.
func brace(s string, plain byte, escaped string) int {
	switch {
	case s != "" && s[0] == plain:
		return 1
	case len(s) >= len(escaped) && strings.EqualFold(s[:len(escaped)], escaped):
		return len(escaped)
	}
	return 0
}

func inName(b byte) bool { return 'a' <= b && b <= 'z' || '0' <= b && b <= '9' || b == '_' }

// carried escapes what is not visible ASCII, what is no escape though it begins like one,
// and the backslash, which browsers take for a slash.
func carried(s string) string {
	clean := true
	for i := 0; i < len(s) && clean; i++ {
		clean = !odd(s, i)
	}
	if clean {
		return s
	}
	const hex = "0123456789ABCDEF"
	b := make([]byte, 0, len(s)+16)
	for i := range len(s) {
		if c := s[i]; odd(s, i) {
			b = append(b, '%', hex[c>>4], hex[c&15])
		} else {
			b = append(b, c)
		}
	}
	return string(b)
}

func odd(s string, i int) bool {
	c := s[i]
	return c <= ' ' || c >= 0x7f || c == '\\' || c == '%' && (i+2 >= len(s) || !isHex(s[i+1]) || !isHex(s[i+2]))
}

func isHex(b byte) bool { return '0' <= b && b <= '9' || 'a' <= b && b <= 'f' || 'A' <= b && b <= 'F' }
