// Package landing makes the address a click is sent to: it fills in the macros of an
// offer's URL. It does not look links up, counts nothing and does not judge who clicked.
package landing

import (
	"net/url"
	"strconv"
	"strings"
)

// clickMacro in an offer's URL is where the advertiser wants the click's id.
const clickMacro = "{click_id}"

// Expand fills {click_id} and {message_id} into target. A target that does not say where
// the click's id goes gets it as the query parameter click_id: without it no conversion
// could ever be attributed. Values are escaped, macros nobody knows stay, and bytes a
// Location header cannot carry are escaped. It is safe for concurrent use.
func Expand(target, clickID string, messageID int64) string {
	// Form editors like to escape the braces.
	target = strings.NewReplacer("%7B", "{", "%7b", "{", "%7D", "}", "%7d", "}").Replace(target)
	told := strings.Contains(target, clickMacro)
	id := url.QueryEscape(clickID)
	target = strings.NewReplacer(clickMacro, id, "{message_id}", strconv.FormatInt(messageID, 10)).Replace(target)
	if !told {
		target = appendQuery(target, "click_id="+id)
	}
	return carried(target)
}

// appendQuery puts a parameter behind those there are and before the fragment, which
// never reaches a server.
func appendQuery(target, parameter string) string {
	base, fragment, has := strings.Cut(target, "#")
	switch {
	case !strings.Contains(base, "?"):
		base += "?"
	case !strings.HasSuffix(base, "?") && !strings.HasSuffix(base, "&"):
		base += "&"
	}
	base += parameter
	if has {
		base += "#" + fragment
	}
	return base
}

// carried escapes what is not visible ASCII.
func carried(s string) string {
	clean := strings.IndexFunc(s, func(r rune) bool { return r <= ' ' || r >= 0x7f }) < 0
	if clean {
		return s
	}
	const hex = "0123456789ABCDEF"
	b := make([]byte, 0, len(s)+16)
	for i := range len(s) {
		if c := s[i]; c <= ' ' || c >= 0x7f {
			b = append(b, '%', hex[c>>4], hex[c&15])
		} else {
			b = append(b, c)
		}
	}
	return string(b)
}
