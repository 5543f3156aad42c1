package telnyx

import (
	"net/url"
	"regexp"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

var (
	profile = regexp.MustCompile(`^[A-Za-z0-9-]{0,64}$`)
	// The token goes into a header, where a blank or a line break would end it.
	token  = regexp.MustCompile(`^[!-~]{1,256}$`)
	sender = regexp.MustCompile(`^(\+[1-9][0-9]{6,14}|[0-9]{3,8})$`)
)

// Check implements provider.Dialer: an Invalid fault names every field that cannot
// work. Whether Telnyx knows the account is only learnt by sending.
func (Dialer) Check(a provider.Account) error {
	var bad fault.Problems
	if !profile.MatchString(a.SID) {
		bad.Add("sid", "must be the messaging profile's id, or empty")
	}
	if !token.MatchString(a.Token) {
		bad.Add("token", "must be the API key, without blanks")
	}
	if keyOf(a.PublicKey) == nil {
		bad.Add("public_key", "must be the account's public key, 44 characters of base64")
	}
	if !sender.MatchString(a.From) {
		bad.Add("from", "must be a number such as +15005550006, or a short code")
	}
	if baseOf(a.BaseURL) == nil {
		bad.Add("base_url", "must be an http or https address")
	}
	if u, err := url.Parse(a.StatusURL); err != nil || !wire.IsWebAddress(u) {
		bad.Add("status_url", "must be an http or https address")
	}
	return bad.Err("the Telnyx account")
}
