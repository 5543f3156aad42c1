package verdict

import (
	"regexp"
	"regexp/syntax"
	"strings"

	"trackly/internal/fault"
)

// patterns are many patterns asked at once. Nearly all are plain words: those are found by
// their first letters, and only the others as one regular expression.
type patterns struct {
	words map[string][]string // by their first three bytes
	rest  *regexp.Regexp
}

const opening = 3

func patternsOf(all []string) (p patterns, err error) {
	p.words = map[string][]string{}
	var rest []string
	for _, s := range all {
		word, plain, err := literal(s)
		if err != nil {
			return p, fault.Wrap(err, fault.Internal, "the list of crawlers")
		}
		if !plain || len(word) < opening {
			rest = append(rest, s)
			continue
		}
		p.words[word[:opening]] = append(p.words[word[:opening]], word)
	}
	p.rest, err = regexp.Compile(union(rest))
	return p, err
}

// literal gives the plain word that a pattern is, if it is one.
func literal(pattern string) (word string, plain bool, err error) {
	tree, err := syntax.Parse(pattern, syntax.Perl)
	if err != nil {
		return "", false, err
	}
	if tree.Op != syntax.OpLiteral || tree.Flags&syntax.FoldCase != 0 {
		return "", false, nil
	}
	return string(tree.Rune), true, nil
}

func (p patterns) match(s string) bool {
	for i := 0; i+opening <= len(s); i++ {
		for _, word := range p.words[s[i:i+opening]] {
			if strings.HasPrefix(s[i:], word) {
				return true
			}
		}
	}
	return p.rest.MatchString(s)
}
