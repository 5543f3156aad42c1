package providertest

import (
	"io"
	"net/http"
	"net/http/httptest"
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
	TakesAndCallsTwice Script = "takes, calls twice"   // every callback is posted twice
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

// receiver is where the webhooks go. It keeps them byte for byte: a signature is over
// what was posted, not over what can be read from it.
type receiver struct {
	hooks Hooks
	calls chan provider.Webhook
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{calls: make(chan provider.Webhook, 64)}
	srv := httptest.NewUnstartedServer(nil)
	srv.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if body, err := io.ReadAll(req.Body); err == nil {
			r.calls <- provider.Webhook{URL: srv.URL + req.URL.RequestURI(), Header: req.Header, Body: body, Now: time.Now()}
		}
		w.WriteHeader(http.StatusNoContent)
	})
	srv.Start()
	t.Cleanup(srv.Close)
	r.hooks = Hooks{StatusURL: srv.URL + "/status", InboundURL: srv.URL + "/inbound"}
	return r
}

// next waits for one webhook.
func (r *receiver) next(t *testing.T) provider.Webhook {
	t.Helper()
	select {
	case c := <-r.calls:
		return c
	case <-time.After(10 * time.Second):
		require.FailNow(t, "no webhook came")
		return provider.Webhook{}
	}
}
