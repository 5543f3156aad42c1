package twilio

import (
	"net/url"
	"regexp"
	"strings"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

// Letters and digits only: Twilio's ids and tokens have no others, and its own client
// library refuses anything else before a request is made.
var alphanumeric = regexp.MustCompile(`^[A-Za-z0-9]{1,64}$`)

// Check implements provider.Dialer: an Invalid fault names every field that cannot
// work. Whether Twilio knows the account is only learnt by sending.
func (Dialer) Check(a provider.Account) error {
	var bad fault.Problems
	if !alphanumeric.MatchString(a.SID) {
		bad.Add("sid", "must be the account SID, letters and digits only")
	}
	if !alphanumeric.MatchString(a.Token) {
		bad.Add("token", "must be the auth token, letters and digits only")
	}
	if !wire.IsSender(a.From) {
		bad.Add("from", "must be a number such as +15005550006, or a short code")
	}
	if baseOf(a.BaseURL) == nil {
		bad.Add("base_url", "must be an http or https address")
	}
	if complaint := statusComplaint(a.StatusURL); complaint != "" {
		bad.Add("status_url", "%s", complaint)
	}
	return bad.Err("the Twilio account")
}

// statusComplaint is empty for an address Twilio will call back.
func statusComplaint(raw string) string {
	u, err := url.Parse(raw)
	if err != nil || !wire.IsWebAddress(u) {
		return "must be an http or https address"
	}
	// Twilio answers 21609 for such hosts, one text at a time.
	if strings.Contains(u.Hostname(), "_") {
		return "its host may not contain underscores"
	}
	return ""
}
