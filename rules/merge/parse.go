package merge

import (
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"trackly/internal/fault"
)

const (
	open, shut = "{{", "}}"
	maxName    = 64
)

// Parse reads a body with {{link1}}, {{first_name}} and {{first_name|there}}. Spaces
// inside the braces do not count. The error is an Invalid fault with every complaint at
// once; it tells positions in characters from 1 and never repeats the text.
func Parse(body string) (Template, error) {
	p := parser{body: body}
	p.limits()
	p.pieces()
	p.contiguous()
	if err := p.bad.Err("the creative"); err != nil {
		return Template{}, err
	}
	p.out.links = len(p.seen)
	return p.out, nil
}

// parser collects a template and the complaints about it.
type parser struct {
	body string
	out  Template
	seen []int // distinct link numbers
	bad  fault.Problems
}

func (p *parser) limits() {
	if strings.TrimSpace(p.body) == "" {
		p.bad.Add("body", "is empty")
	}
	if !utf8.ValidString(p.body) {
		p.bad.Add("body", "is not UTF-8 text")
	}
	if n := utf8.RuneCountInString(p.body); n > MaxCharacters {
		p.bad.Add("body", "has %d characters, at most %d are allowed", n, MaxCharacters)
	}
}

// pieces walks from one pair of braces to the next.
func (p *parser) pieces() {
	at := 0
	for {
		text, inner, next, ok := p.cut(at)
		pc := piece{text: text}
		if ok {
			p.placeholder(&pc, inner, at+len(text))
		}
		p.out.pieces = append(p.out.pieces, pc)
		p.out.size += len(text)
		if next >= len(p.body) {
			return
		}
		at = next
	}
}

// cut splits the body at the next placeholder. ok is false when none is left, or when
// its braces are broken; then next is where reading can go on.
func (p *parser) cut(at int) (text, inner string, next int, ok bool) {
	text, rest, found := strings.Cut(p.body[at:], open)
	if i := strings.Index(text, shut); i >= 0 {
		p.bad.Add("body", "the }} at character %d was never opened", p.position(at+i))
	}
	if !found {
		return text, "", len(p.body), false
	}
	start := at + len(text) + len(open)
	end := strings.Index(rest, shut)
	if again := strings.Index(rest, open); end < 0 || again >= 0 && again < end {
		p.bad.Add("body", "the {{ at character %d is never closed", p.position(start-len(open)))
		return text, "", start, false
	}
	return text, rest[:end], start + end + len(shut), true
}

func (p *parser) position(i int) int { return utf8.RuneCountInString(p.body[:i]) + 1 }

// placeholder reads what stands between braces that open at byte i.
func (p *parser) placeholder(pc *piece, inner string, i int) {
	name, fallback, has := strings.Cut(inner, "|")
	name, pc.fallback = strings.TrimSpace(name), strings.TrimSpace(fallback)
	if digits, isLink := strings.CutPrefix(name, "link"); isLink && allDigits(digits) {
		p.link(pc, digits, has, i)
		return
	}
	if !ValidName(name) {
		p.bad.Add("body", "the name at character %d must be a to z, 0 to 9 and _, begin with a letter and have at most %d characters",
			p.position(i), maxName)
		return
	}
	pc.field = name
	if !slices.Contains(p.out.fields, name) {
		p.out.fields = append(p.out.fields, name)
	}
}

func (p *parser) link(pc *piece, digits string, fallback bool, i int) {
	n, err := strconv.Atoi(digits)
	switch {
	case err != nil || n > MaxLinks:
		p.bad.Add("body", "the link at character %d is beyond link%d", p.position(i), MaxLinks)
	case n == 0 || digits[0] == '0':
		p.bad.Add("body", "the link at character %d must be counted from link1, without leading zeros", p.position(i))
	case fallback:
		p.bad.Add("body", "the link at character %d cannot have a fallback", p.position(i))
	default:
		pc.link = n
		if !slices.Contains(p.seen, n) {
			p.seen = append(p.seen, n)
		}
	}
}

// contiguous refuses a gap: each link is bound to an offer by its number.
func (p *parser) contiguous() {
	for n := range p.seen {
		if !slices.Contains(p.seen, n+1) {
			p.bad.Add("body", "link%d is missing, links are numbered from 1 without a gap", n+1)
		}
	}
}

// ValidName reports whether a field may be called so: [a-z][a-z0-9_]{0,63}.
func ValidName(name string) bool {
	if name == "" || len(name) > maxName || name[0] < 'a' || name[0] > 'z' {
		return false
	}
	for i := range len(name) {
		if c := name[i]; (c < 'a' || c > 'z') && (c < '0' || c > '9') && c != '_' {
			return false
		}
	}
	return true
}

// allDigits is false for an empty string: "link" alone is a field.
func allDigits(s string) bool {
	return s != "" && strings.Trim(s, "0123456789") == ""
}
