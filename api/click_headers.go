package api

import (
	"net/http"
	"net/url"
	"strings"

	"trackly/models"
)

// maxHeader is how much of one header is kept, in bytes. The names are few and ours, so a
// flood of headers keeps nothing.
const maxHeader = 256

// telling are the headers that tell a person's browser from a machine, and what opened the
// link.
var telling = []string{ //nolint:gochecknoglobals // a constant
	"Accept", "Accept-Language", "Sec-Fetch-Dest", "Sec-Fetch-Mode", "Sec-Fetch-Site", "Sec-Fetch-User",
	"Sec-Ch-Ua", "Sec-Ch-Ua-Mobile", "Sec-Ch-Ua-Platform", "X-Requested-With",
}

// headersOf keeps the first of each header that tells something. Of the page that had the
// link only the host: its path may hold a name.
func headersOf(h http.Header) models.Pairs {
	kept := models.Pairs{}
	for _, name := range telling {
		if value := storable(h.Get(name), maxHeader); value != "" {
			kept[strings.ToLower(name)] = value
		}
	}
	if u, err := url.Parse(storable(h.Get("Referer"), 4*maxHeader)); err == nil && u.Host != "" {
		kept["referer"] = storable(u.Host, maxHeader)
	}
	return kept
}
