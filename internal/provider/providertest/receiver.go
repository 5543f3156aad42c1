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

// receiver is where the webhooks go. It keeps them byte for byte: a signature is over
// what was posted, not over what can be read from it.
type receiver struct {
	hooks Hooks
	calls chan provider.Webhook
}

func newReceiver(t *testing.T) *receiver {
	t.Helper()
	r := &receiver{calls: make(chan provider.Webhook, 1024)}
	srv := httptest.NewUnstartedServer(nil)
	srv.Config.Handler = http.HandlerFunc(func(w http.ResponseWriter, req *http.Request) {
		if body, err := io.ReadAll(req.Body); err == nil {
			r.calls <- provider.Webhook{URL: srv.URL + req.URL.RequestURI(), Header: req.Header, Body: body, Now: time.Now()}
		}
		w.WriteHeader(http.StatusOK) // the one status every provider is content with
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

// reported is the next webhook that has reports in it, and the reports.
func (r *receiver) reported(t *testing.T, ad provider.Adapter) (provider.Webhook, []provider.Report) {
	t.Helper()
	for {
		w := r.next(t)
		got, err := ad.Status(w)
		require.NoError(t, err)
		if len(got) > 0 {
			return w, got
		}
	}
}

// until reads reports until each of n messages has one that is final, and gives those.
// Every report on the way must be about a message of ours.
func (r *receiver) until(t *testing.T, ad provider.Adapter, final provider.Status, n int) map[int64]provider.Report {
	t.Helper()
	ended := map[int64]provider.Report{}
	for len(ended) < n {
		_, reports := r.reported(t, ad)
		for _, got := range reports {
			require.NotZero(t, got.MessageID, "the report leads to our message")
			require.NotEqual(t, provider.StatusUnknown, got.Status)
			if got.Status == final {
				ended[got.MessageID] = got
			}
		}
	}
	return ended
}
