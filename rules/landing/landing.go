// Package landing makes the address a click is sent to: it fills in the macros of an
// offer's URL and adds what the link and the network want in it. Whatever the values are,
// the address is on the host of the template. It does not look links up, counts nothing and
// does not judge who clicked.
package landing

import (
	"net/url"
	"strings"
)

// MaxURL is how long a template may be, in bytes.
const MaxURL = 2048

// Values are what the macros stand for, and what is added. A macro whose value is empty
// leaves nothing behind. There is none for the phone: it is nobody else's business.
type Values struct {
	ClickID    string // {click_id}
	MessageID  string // {message_id}
	OfferID    string // {offer_id}
	ExternalID string // {external_id}: what the network calls the offer
	// Parameters are the link's: each is added to the query, and takes the place of one with
	// the same name. sub1 to sub5 fill {sub1} to {sub5}; one that did is not added besides.
	// Their values may hold the macros above.
	Parameters map[string]string
	// ClickParameter is where the network wants the click's id when nothing else says so:
	// without it no conversion could be attributed. Empty: nothing is added.
	ClickParameter string
}

// lastResort takes the click's id when somebody wrote something else where the network
// wants it.
const lastResort = "click_id"

// ClickParameter is what a network calls the parameter that it gives back in its postbacks
// and reports: TUNE's aff_sub, Everflow's sub1, CAKE's s2 (its s1 names a publisher).
func ClickParameter(network string) string {
	switch network {
	case "tune":
		return "aff_sub"
	case "everflow":
		return "sub1"
	case "cake":
		return "s2"
	}
	return lastResort
}

// Valid reports whether a URL can be led to: http or https, on a host that no macro and no
// password hides.
func Valid(template string) bool {
	_, _, ok := split(template)
	return ok && len(template) <= MaxURL
}

// Expand fills a template, and reports whether it is one. Values are escaped as the place
// needs in which they stand; macros nobody knows stay; bytes a Location header cannot carry
// are escaped. It is safe for concurrent use.
func Expand(template string, v Values) (location string, ok bool) {
	origin, rest, ok := split(template)
	if !ok {
		return "", false
	}
	f := filler{Values: &v}
	rest, fragment, hasFragment := strings.Cut(rest, "#")
	path, query, hasQuery := strings.Cut(rest, "?")
	path = f.fill(path, url.PathEscape)
	fragment = f.fill(fragment, escapeFragment)
	q := f.query(query, hasQuery)
	q.merge(&f)
	if !f.told && !q.told() && v.ClickParameter != "" {
		q.tell(v)
	}
	var b strings.Builder
	b.WriteString(carried(origin))
	b.WriteString(path)
	q.write(&b)
	if hasFragment {
		b.WriteByte('#')
		b.WriteString(fragment)
	}
	return b.String(), true
}

// split parts a template behind its host. No macro is ever filled in before that.
func split(template string) (origin, rest string, ok bool) {
	scheme, behind, ok := strings.Cut(template, "://")
	if !ok || scheme != "http" && scheme != "https" {
		return "", "", false
	}
	end := strings.IndexAny(behind, "/?#")
	if end < 0 {
		end = len(behind)
	}
	cut := len(template) - len(behind) + end
	u, err := url.Parse(template[:cut])
	if err != nil || u.Hostname() == "" || u.User != nil || strings.ContainsAny(u.Host, " \t%") {
		return "", "", false
	}
	return template[:cut], template[cut:], true
}

// escapeFragment escapes all that a script on the page could take for a separator.
func escapeFragment(s string) string { return strings.ReplaceAll(url.QueryEscape(s), "+", "%20") }
