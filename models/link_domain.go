package models

import (
	"net/url"
	"strings"
	"time"

	"trackly/internal/fault"
)

// DomainState says whether new texts may lead to a link domain.
type DomainState string

// The states of a link domain.
const (
	DomainNew     DomainState = "new" // nobody has found out yet whether it reaches us
	DomainUp      DomainState = "up"
	DomainDown    DomainState = "down"
	DomainRetired DomainState = "retired" // its burn limit is reached; links already sent keep working
)

// MaxDomains is how many link domains a list may have.
const MaxDomains = 32

// LinkDomain is an address under which a list's short links live, until it is used up.
type LinkDomain struct {
	ID        DomainID
	AccountID AccountID
	ListID    ListID
	Rank      int    // the order in which they are used up
	URL       string `gorm:"column:url"` // without a final slash
	BurnLimit int64  // messages; 0: none
	Messages  int64  // that were claimed with a link to it
	State     DomainState
	Problem   string // what the last check found
	CheckedAt *time.Time
	CreatedAt time.Time
}

// Check refuses a domain that no link could live under.
func (d LinkDomain) Check() error {
	var bad fault.Problems
	u, err := url.Parse(d.URL)
	switch {
	case err != nil || u.Scheme != "http" && u.Scheme != "https" || u.Hostname() == "" || len(d.URL) > 200:
		bad.Add("url", "must be a URL such as https://go.example.com")
	case u.Path != "" || u.RawQuery != "" || u.ForceQuery || u.User != nil || strings.Contains(d.URL, "#"):
		bad.Add("url", "must be a domain alone, without a path: every character of a link costs")
	case u.Scheme == "http" && !Local(u.Hostname()):
		bad.Add("url", "must begin with https: phones warn of anything else")
	}
	if d.Rank < 1 || d.Rank > MaxDomains {
		bad.Add("rank", "must be 1 to %d", MaxDomains)
	}
	if d.BurnLimit < 0 {
		bad.Add("burn_limit", "must be 0 (none) or more")
	}
	return bad.Err("the domain")
}

// Local reports whether the host names this machine.
func Local(host string) bool {
	return host == "localhost" || host == "::1" || strings.HasPrefix(host, "127.") && strings.Trim(host, "0123456789.") == ""
}

// Used reports whether the burn limit is reached.
func (d LinkDomain) Used() bool { return d.BurnLimit > 0 && d.Messages >= d.BurnLimit }

// Usable reports whether new texts may lead to it. One that was never checked may be
// mistyped: every text would carry a dead link.
func (d LinkDomain) Usable() bool { return d.State == DomainUp && !d.Used() }

// PickDomain chooses the domain for new texts: the first by rank that is usable.
func PickDomain(domains []LinkDomain) (best LinkDomain, ok bool) {
	for _, d := range domains {
		if d.Usable() && (!ok || d.Rank < best.Rank || d.Rank == best.Rank && d.ID < best.ID) {
			best, ok = d, true
		}
	}
	return best, ok
}

// LinkBase is what the short links of new texts begin with, and the domain that is, if it
// is one: the list's other address, or else this server's own, is what to fall back on.
func (h Handover) LinkBase(publicURL string) (base string, id DomainID) {
	if d, ok := PickDomain(h.Domains); ok {
		return d.URL, d.ID
	}
	return h.List.LinkBase(publicURL), ""
}

// LinkBase is what short links begin with where no link domain of the list can be used.
func (l List) LinkBase(publicURL string) string {
	if l.LinkURL != "" {
		return l.LinkURL
	}
	return publicURL
}
