package providertest

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider"
)

// Script is how the stand-in behaves towards a rig.
type Script string

// The scripts. Every rig's stand-in follows one for all requests.
const (
	Takes              Script = "takes"                // accepts, delivers, calls back
	TakesSome          Script = "takes some"           // refuses about half of the phones as bad numbers; a phone keeps its fate
	TakesAndCallsTwice Script = "takes, calls twice"   // every callback is posted twice
	CallsTogether      Script = "calls together"       // accepts, delivers, several reports a post
	Undelivers         Script = "undelivers"           // accepts, then reports that the phone does not exist
	UndeliversUnheard  Script = "undelivers, unheard"  // accepts, then reports a code in no table
	RejectsText        Script = "rejects the text"     // a refusal that hangs on the text
	OptedOut           Script = "opted out"            // the phone said STOP
	BadNumber          Script = "bad number"           // the phone does not exist
	Throttles          Script = "throttles"            // asks for ThrottledFor
	BadAccount         Script = "bad account"          // the credentials are wrong
	Filters            Script = "filters"              // the text is unwanted
	FailsBefore        Script = "fails before"         // a 5xx, nothing accepted
	FailsAfter         Script = "fails after"          // a 5xx, though it was accepted
	ProxyPage          Script = "proxy page"           // a 502 that is not the provider's JSON
	GarblesAfter       Script = "garbles after"        // a success nobody can read
	Hangs              Script = "hangs"                // answers after a minute
	DropsBefore        Script = "drops before"         // closes the connection
	DropsAfter         Script = "drops after"          // accepts, then closes the connection
	Refuses            Script = "refuses connections"  // nobody listens
	Unheard            Script = "an unheard-of answer" // a refusal with a code in no table
)

// What a forger may try. They are played under Takes; a provider whose signature does
// not cover them says so in Cannot.
const (
	ForgedAddress Script = "a forged address"    // a true webhook, posted to another message's address
	OldWebhook    Script = "a webhook from then" // a true webhook, posted again an hour later
)

// ThrottledFor is what the stand-in asks for under Throttles.
const ThrottledFor = 7 * time.Second

// Hooks are the addresses the stand-in calls.
type Hooks struct {
	StatusURL  string
	InboundURL string
}

// Rig is an adapter and its stand-in.
type Rig struct {
	Adapter provider.Adapter
	From    string                   // the account's number
	Count   func() int               // texts accepted by the stand-in so far
	Say     func(phone, body string) // a person texts the account's number
}

// Dial builds a rig and takes it down with the test.
type Dial func(t *testing.T, script Script, hooks Hooks) Rig

// Subject is an adapter put to the suite. Its capabilities say which tests it must pass.
type Subject struct {
	Dialer provider.Dialer
	Dial   Dial
	// Cannot names what the provider has no way to say or do, with the reason. Such a
	// test is skipped under that reason; the others are the same for every provider.
	Cannot map[Script]string
}

// play dials a rig, or skips the test when the provider cannot play the script.
func (s Subject) play(t *testing.T, script Script) (Rig, *receiver) {
	t.Helper()
	s.need(t, script)
	hooks := newReceiver(t)
	return s.Dial(t, script, hooks.hooks), hooks
}

func (s Subject) need(t *testing.T, script Script) {
	t.Helper()
	if why, cannot := s.Cannot[script]; cannot {
		require.NotEmpty(t, why, "an exception needs its reason")
		t.Skipf("%s: %s", script, why)
	}
}

func (s Subject) caps() provider.Capabilities { return s.Dialer.Capabilities() }
