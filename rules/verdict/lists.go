package verdict

import (
	"fmt"
	"net/netip"
	"regexp"
	"slices"
	"strings"

	"trackly/internal/fault"
)

// The most an operator's lists may have. Every agent that was not seen lately is matched
// with all patterns, while somebody waits for a redirect.
const (
	mostNetworks = 100_000
	mostAgents   = 1000
	longestAgent = 200 // bytes of a pattern
)

// The widest ranges: what is wider is no data centre but a slip of the pen, and everybody
// would be doubted.
const (
	widest4 = 8
	widest6 = 16
)

func prefixes(list string) (all []netip.Prefix, err error) {
	n := 0
	for line := range strings.Lines(list) {
		n++
		line, _, _ = strings.Cut(line, "#")
		if line = strings.TrimSpace(line); line == "" {
			continue
		}
		p, err := netip.ParsePrefix(line)
		switch {
		case err != nil:
			return nil, fault.New(fault.Invalid, "line %d of the data centres' address ranges is no CIDR such as 192.0.2.0/24", n)
		case p.Addr().Is4() && p.Bits() < widest4 || p.Addr().Is6() && p.Bits() < widest6:
			return nil, fault.New(fault.Invalid, "line %d of the data centres' address ranges is wider than /%d (IPv6: /%d)", n, widest4, widest6)
		case len(all) == mostNetworks:
			return nil, fault.New(fault.Invalid, "line %d of the data centres' address ranges: more than %d are too many", n, mostNetworks)
		}
		all = append(all, p.Masked())
	}
	slices.SortFunc(all, func(a, b netip.Prefix) int {
		if c := a.Addr().Compare(b.Addr()); c != 0 {
			return c
		}
		return a.Bits() - b.Bits()
	})
	// What lies within another range adds nothing, and would hide it from the search.
	return slices.CompactFunc(all, func(a, b netip.Prefix) bool { return a.Contains(b.Addr()) }), nil
}

// usual are what most phones say of themselves: a pattern that finds them finds nearly
// everybody.
func usual() []string {
	return []string{
		"Mozilla/5.0 (iPhone; CPU iPhone OS 18_5 like Mac OS X) AppleWebKit/605.1.15 (KHTML, like Gecko) Version/18.5 Mobile/15E148 Safari/604.1",
		"Mozilla/5.0 (Linux; Android 10; K) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/137.0.0.0 Mobile Safari/537.36",
	}
}

// ownAgents reads an operator's patterns; nil when there are none.
func ownAgents(list string) (*regexp.Regexp, error) {
	var all []string
	n := 0
	for line := range strings.Lines(list) {
		n++
		if line = strings.TrimSpace(line); line == "" || line[0] == '#' {
			continue
		}
		if wrong := wrongAgent(line); wrong != "" {
			return nil, fault.New(fault.Invalid, "line %d of the machines' user agents %s", n, wrong)
		}
		if len(all) == mostAgents {
			return nil, fault.New(fault.Invalid, "line %d of the machines' user agents: more than %d are too many", n, mostAgents)
		}
		all = append(all, line)
	}
	if len(all) == 0 {
		return nil, nil //nolint:nilnil // no list, no pattern
	}
	r, err := regexp.Compile(union(all))
	if err != nil {
		return nil, fault.Wrap(err, fault.Invalid, "the machines' user agents are too many or too long")
	}
	return r, nil
}

// wrongAgent says what is wrong with a pattern, if anything is.
func wrongAgent(pattern string) string {
	if len(pattern) > longestAgent {
		return fmt.Sprintf("is longer than %d bytes", longestAgent)
	}
	r, err := regexp.Compile(pattern)
	switch {
	case err != nil:
		return "is no regular expression: " + err.Error()
	case r.MatchString(""):
		return "matches everything"
	case slices.ContainsFunc(usual(), r.MatchString):
		return "matches what most people's phones say"
	}
	return ""
}
