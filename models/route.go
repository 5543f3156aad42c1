package models

import (
	"strings"
	"time"

	"trackly/internal/fault"
)

// RouteState says whether texts may go over a route.
type RouteState string

// The states of a route.
const (
	RouteUp      RouteState = "up"
	RouteDown    RouteState = "down"    // the provider does not answer; tried again by a few
	RouteBlocked RouteState = "blocked" // the account has a problem; a person must act
)

// Route is a list's way to a provider: the provider's account, and the number texts come
// from there. A list has one, and may have a second one to fall back on.
type Route struct {
	ID            RouteID
	AccountID     AccountID
	ListID        ListID
	Rank          int // 1 is tried first, then 2
	Provider      string
	Phone         string // the sending number, E.164
	SID           string `gorm:"column:sid"` // the account's id at the provider
	Credentials   []byte // sealed; only the store opens them
	BaseURL       string `gorm:"column:base_url"` // empty: the provider's own
	PaceGroup     string // routes over one provider account share a pace; empty: none
	State         RouteState
	Reason        string // why it is down or blocked
	ChangedAt     time.Time
	ProbeAt       *time.Time // when a route that is down may be tried again
	CredentialsAt *time.Time // when each step of the check was passed
	TextAt        *time.Time
	WebhookAt     *time.Time
	CheckProblem  string    // what the last check found
	CreatedAt     time.Time // when this provider account took its rank; what went before, it does not know
}

// SameAccount reports whether both routes lead to one provider account, whose credentials
// may have changed.
func (r Route) SameAccount(o Route) bool {
	return r.Provider == o.Provider && r.SID == o.SID && r.Phone == o.Phone && r.BaseURL == o.BaseURL
}

// CheckStep is a step of a route's check.
type CheckStep string

// The steps, in their order.
const (
	StepCredentials CheckStep = "credentials"
	StepText        CheckStep = "text"
	StepWebhook     CheckStep = "webhook"
)

// Credentials are the secrets of a provider account. They never print.
type Credentials struct {
	Token     string // an auth token, an API key, a product token
	PublicKey string // checks webhooks where the provider signs with a key pair
}

// String keeps credentials out of logs and errors.
func (Credentials) String() string { return "•••" }

// GoString is for %#v what String is for %v.
func (Credentials) GoString() string { return "•••" }

// MarshalText keeps them out of JSON, and so out of what slog writes as JSON and out of
// workflow histories.
func (Credentials) MarshalText() ([]byte, error) { return []byte("•••"), nil }

// Check refuses a route that could never send.
func (r Route) Check() error {
	var bad fault.Problems
	if !e164.MatchString(r.Phone) {
		bad.Add("phone", "must be a number in E.164 form, such as +12025550100")
	}
	if len(r.PaceGroup) > 50 || strings.ContainsAny(r.PaceGroup, "/\n") {
		bad.Add("pace_group", "must have at most 50 characters and no slash")
	}
	checkWebURL(&bad, "base_url", r.BaseURL)
	return bad.Err("the route")
}

// Checked refuses a route whose check is not passed, and says which step is missing.
func (r Route) Checked() error {
	var missing string
	switch {
	case r.CredentialsAt == nil:
		missing = "the credentials"
	case r.TextAt == nil:
		missing = "a test text"
	case r.WebhookAt == nil:
		missing = "the provider's callback for it"
	default:
		return nil
	}
	why := ""
	if r.CheckProblem != "" {
		why = " (" + r.CheckProblem + ")"
	}
	return fault.New(fault.Conflict, "the account at %s is not checked: %s did not pass yet%s; run the list's check", r.Provider, missing, why)
}

// Pick chooses the route for what nobody has attempted yet. A route that is down is
// chosen again when its time to be probed has come; whoever gets it must send a few texts
// only. The error says why there is none.
func Pick(routes []Route, now time.Time) (r Route, probe bool, err error) {
	var why error
	for _, r := range routes {
		if err := r.Checked(); err != nil {
			why = firstOf(why, err)
			continue
		}
		switch {
		case r.State == RouteUp:
			return r, false, nil
		case r.State == RouteDown && !r.ProbeAt.After(now):
			return r, true, nil
		case r.State == RouteDown:
			why = firstOf(why, fault.After(r.ProbeAt.Sub(now), "%s does not answer: %s", r.Provider, r.Reason))
		default:
			why = firstOf(why, fault.New(fault.Conflict, "the account at %s has a problem: %s", r.Provider, r.Reason))
		}
	}
	return Route{}, false, firstOf(why, fault.New(fault.Conflict, "the list has no route"))
}

// firstOf prefers the first route's complaint, but for one that time alone heals.
func firstOf(a, b error) error {
	if a == nil || fault.KindOf(b) == fault.Throttled && fault.KindOf(a) != fault.Throttled {
		return b
	}
	return a
}

// RouteOf gives the route of a rank, for asking after what it carried.
func RouteOf(routes []Route, rank int) (Route, bool) {
	for _, r := range routes {
		if r.Rank == rank {
			return r, true
		}
	}
	return Route{}, false
}
