package models

import (
	"net/url"
	"strings"
	"time"

	"trackly/internal/fault"
)

// firstShortLink is where the ids of short links begin; the schema's sequence does too.
const firstShortLink MessageID = 430_000_000_000

// Short reports whether the id in a code is a short link's and not a message's.
func (id MessageID) Short() bool { return id >= firstShortLink }

// ShortLink is a link that somebody made by the API, to anywhere. Its code is made from
// its id as a message's would be.
type ShortLink struct {
	ID        MessageID
	AccountID AccountID
	Name      string
	URL       string `gorm:"column:url"`
	CreatedAt time.Time
}

// LeadsBack is the complaint about a URL on a host of our own links.
const LeadsBack = "is on a host of short links: it would lead back here"

// ShortLinkClicks counts the requests to a short link.
type ShortLinkClicks struct{ Human, Bot, Unsure int64 }

// Check refuses a link that leads nowhere, or back to ourselves: hosts are those of our own
// links. A phone would go round in circles, and every round would be a click.
func (l ShortLink) Check(hosts ...string) error {
	var bad fault.Problems
	if len(l.Name) > 200 {
		bad.Add("name", "must have at most 200 characters")
	}
	switch {
	case !isWebURL(l.URL):
		bad.Add("url", "must be an http or https URL of at most %d characters", maxURL)
	case onHost(l.URL, hosts):
		bad.Add("url", LeadsBack)
	}
	return bad.Err("the link")
}

// onHost compares hosts without their ports, as names that end in a dot or not.
func onHost(address string, hosts []string) bool {
	ours := hostOf(address)
	for _, h := range hosts {
		if h != "" && hostOf(h) == ours {
			return true
		}
	}
	return false
}

func hostOf(address string) string {
	u, err := url.Parse(address)
	if err != nil {
		return ""
	}
	return strings.TrimSuffix(strings.ToLower(u.Hostname()), ".")
}
