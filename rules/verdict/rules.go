package verdict

import (
	"cmp"
	_ "embed"
	"net/netip"
	"regexp"
	"slices"
	"strings"
	"sync"

	"trackly/internal/fault"
)

//go:embed data/crawlers.txt
var crawlerList string

//go:embed data/previews.txt
var previewList string

//go:embed data/people.txt
var peopleList string

//go:embed data/networks.txt
var networkList string

// kind is what a user agent says of itself.
type kind int

const (
	browser kind = iota
	stranger
	preview
	crawler
)

// Rules are the lists that Judge looks into. They are safe for concurrent use.
type Rules struct {
	own      *regexp.Regexp // nil: none
	people   *regexp.Regexp
	previews *regexp.Regexp
	crawlers patterns
	networks []netip.Prefix // sorted, none within another
	memory   memory
}

// Lists are an operator's own; what is empty changes nothing. # begins a comment.
type Lists struct {
	Networks string // in place of the shipped address ranges of data centres: a CIDR a line
	Agents   string // more machines by their user agents: a regular expression a line
}

// New reads the lists that are shipped, and an operator's. The error is fault.Invalid and
// names the line.
func New(l Lists) (*Rules, error) {
	r := &Rules{}
	var err error
	if r.people, err = regexp.Compile(union(linesOf(peopleList))); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "the list of people's browsers")
	}
	if r.previews, err = regexp.Compile(union(linesOf(previewList))); err != nil {
		return nil, fault.Wrap(err, fault.Internal, "the list of previews")
	}
	if r.crawlers, err = patternsOf(linesOf(crawlerList)); err != nil {
		return nil, err
	}
	if r.own, err = ownAgents(l.Agents); err != nil {
		return nil, err
	}
	r.networks, err = prefixes(cmp.Or(l.Networks, networkList))
	return r, err
}

func linesOf(list string) (all []string) {
	for line := range strings.Lines(list) {
		if line = strings.TrimRight(line, "\r\n"); line != "" && line[0] != '#' {
			all = append(all, line)
		}
	}
	return all
}

func union(all []string) string { return "(?:" + strings.Join(all, ")|(?:") + ")" }

func (r *Rules) inDataCentre(a netip.Addr) bool {
	a = a.Unmap()
	if !a.IsValid() {
		return false
	}
	i, found := slices.BinarySearchFunc(r.networks, a, func(p netip.Prefix, a netip.Addr) int { return p.Addr().Compare(a) })
	return found || i > 0 && r.networks[i-1].Contains(a)
}

// prefetches reads Sec-Purpose (Fetch standard), Purpose (older Chrome) and X-Moz
// (Firefox): prefetch, prerender, preview.
func prefetches(purpose string) bool {
	purpose = strings.ToLower(purpose)
	return strings.Contains(purpose, "prefetch") || strings.Contains(purpose, "prerender") || strings.Contains(purpose, "preview")
}

func (r *Rules) agent(s string) kind {
	if k, ok := r.memory.get(s); ok {
		return k
	}
	k := r.read(s)
	r.memory.put(s, k)
	return k
}

func (r *Rules) read(s string) kind {
	switch {
	case r.own != nil && r.own.MatchString(s):
		return crawler
	case r.people.MatchString(s):
		return browser
	case r.previews.MatchString(s):
		return preview
	case r.crawlers.match(s):
		return crawler
	case !strings.HasPrefix(s, "Mozilla/") && !strings.HasPrefix(s, "Opera/"):
		return stranger // every browser of the last twenty years begins so
	}
	return browser
}

// remembered bounds the memory: user agents are the clients' to invent.
const remembered = 4096

// memory keeps what user agents were found to be: a thousand patterns take ten times as
// long as the rest of a click's judgement, and a phone model's agents are all alike.
type memory struct {
	mu    sync.RWMutex
	kinds map[string]kind
}

func (m *memory) get(s string) (kind, bool) {
	m.mu.RLock()
	defer m.mu.RUnlock()
	k, ok := m.kinds[s]
	return k, ok
}

func (m *memory) put(s string, k kind) {
	m.mu.Lock()
	defer m.mu.Unlock()
	if len(m.kinds) >= remembered || m.kinds == nil {
		m.kinds = make(map[string]kind, remembered)
	}
	m.kinds[strings.Clone(s)] = k
}
