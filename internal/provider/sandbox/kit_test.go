package sandbox_test

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider/sandbox"
)

const (
	number = "+15005550006"
	phone  = "+12125550123"
)

// world is a sandbox, its server, and a sender's webhooks.
type world struct {
	box *sandbox.Sandbox
	url string // of the sandbox
	app string // of the sender

	mu    sync.Mutex
	hooks []hook
	fails int // webhooks to answer 503 before the first yes
	yes   int // 0 is 204
}

// hook is one request the sender got.
type hook struct {
	path, method, agent, host string
	form                      url.Values // of the body
	query                     url.Values
	at                        time.Time
	header                    http.Header
	body                      string
}

func newWorld(t *testing.T, o sandbox.Options) *world {
	t.Helper()
	w := &world{}
	app := httptest.NewServer(http.HandlerFunc(w.receive))
	t.Cleanup(app.Close)
	w.app = app.URL
	if o.Callbacks.MaxDelay == 0 {
		o.Callbacks.MaxDelay, o.Callbacks.Backoff = time.Millisecond, time.Millisecond
	}
	if o.People.MaxDelay == 0 {
		o.People.MaxDelay = time.Millisecond
	}
	box, err := sandbox.New(o)
	require.NoError(t, err)
	box.Start(t.Context())
	srv := httptest.NewServer(box.Handler())
	t.Cleanup(func() { srv.Close(); require.NoError(t, box.Close()) })
	w.box, w.url = box, srv.URL
	require.NoError(t, box.Register(sandbox.Number{Phone: number, AccountSID: "AC1", Token: "t", InboundURL: w.app + "/inbound"}))
	return w
}

func (w *world) receive(rw http.ResponseWriter, r *http.Request) {
	raw, _ := io.ReadAll(r.Body)
	r.Body = io.NopCloser(bytes.NewReader(raw))
	_ = r.ParseForm()
	w.mu.Lock()
	defer w.mu.Unlock()
	if w.fails > 0 {
		w.fails--
		rw.WriteHeader(http.StatusServiceUnavailable)
		return
	}
	w.hooks = append(w.hooks, hook{r.URL.Path, r.Method, r.UserAgent(), r.Host, r.PostForm, r.URL.Query(), time.Now(), r.Header, string(raw)})
	if w.yes == 0 {
		w.yes = http.StatusNoContent
	}
	rw.WriteHeader(w.yes)
}

// statuses are the status callbacks so far, in order.
func (w *world) statuses() []string {
	w.mu.Lock()
	defer w.mu.Unlock()
	out := []string{}
	for _, h := range w.hooks {
		if h.path == "/status" {
			out = append(out, h.form.Get("MessageStatus"))
		}
	}
	return out
}

// hooksAt are the requests to one path.
func (w *world) hooksAt(path string) []hook {
	w.mu.Lock()
	defer w.mu.Unlock()
	var out []hook
	for _, h := range w.hooks {
		if h.path == path {
			out = append(out, h)
		}
	}
	return out
}

func (w *world) settle(t *testing.T) {
	t.Helper()
	require.Eventually(t, w.box.Idle, 10*time.Second, 2*time.Millisecond)
}

// text creates a message; a connection cut off is status 0.
func (w *world) text(t *testing.T, to, body string) (status int, answer string) {
	t.Helper()
	form := url.Values{"To": {to}, "From": {number}, "Body": {body}, "StatusCallback": {w.app + "/status?message=7"}}
	return w.do(t, http.MethodPost, "/2010-04-01/Accounts/AC1/Messages.json", form.Encode())
}

func (w *world) do(t *testing.T, method, path, body string) (status int, answer string) {
	t.Helper()
	login := http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Authorization": {"Basic QUMxOnQ="}} // AC1:t
	return w.doWith(t, method, path, body, login)
}

func (w *world) doWith(t *testing.T, method, path, body string, header http.Header) (status int, answer string) {
	t.Helper()
	req, err := http.NewRequestWithContext(t.Context(), method, w.url+path, strings.NewReader(body))
	require.NoError(t, err)
	req.Header = header
	res, err := http.DefaultClient.Do(req)
	if err != nil {
		return 0, ""
	}
	defer res.Body.Close()
	raw, err := io.ReadAll(res.Body)
	require.NoError(t, err)
	return res.StatusCode, string(raw)
}
