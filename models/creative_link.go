package models

import (
	"regexp"
	"strings"
	"unicode/utf8"

	"trackly/internal/fault"
)

const (
	maxParameters = 20
	maxParameter  = 255 // bytes of a value; networks cut longer ones off
)

// parameterName has nothing that a query would have to escape.
var parameterName = regexp.MustCompile(`^[A-Za-z0-9_.~-]{1,64}$`)

// check complains of a link that leads nowhere, below a place such as "links[0].".
func (l CreativeLink) check(bad *fault.Problems, place string) {
	if l.OfferID != nil && !IsID(*l.OfferID) {
		bad.Add(place+"offer_id", "is not an offer of this account")
	}
	if l.URL == "" && l.OfferID == nil || l.URL != "" && !isWebURL(l.URL) {
		bad.Add(place+"url", "must be an http or https URL of at most %d characters, or be left out where there is an offer_id", maxURL)
	}
	if len(l.Parameters) > maxParameters {
		bad.Add(place+"parameters", "must be at most %d", maxParameters)
		return
	}
	for name, value := range l.Parameters {
		if !parameterName.MatchString(name) {
			bad.Add(place+"parameters", "%q is no name of 1 to 64 letters, digits and _.~-", cut(name, 60))
		}
		if len(value) > maxParameter || !utf8.ValidString(value) || strings.ContainsFunc(value, unprintable) {
			bad.Add(place+"parameters", "the value of %q must be at most %d bytes, without control characters", cut(name, 60), maxParameter)
		}
	}
}

func unprintable(r rune) bool { return r < ' ' || r == 0x7f }
