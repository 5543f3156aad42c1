package telnyx_test

import (
	"bytes"
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider/providertest"
)

// order is a request to send, by Telnyx's reference. An unknown field is a mistake.
type order struct {
	From       string `json:"from"`
	To         string `json:"to"`
	Text       string `json:"text"`
	Profile    string `json:"messaging_profile_id"`
	WebhookURL string `json:"webhook_url"`
	UseProfile bool   `json:"use_profile_webhooks"`
}

// fake is a small Telnyx that follows one script.
type fake struct {
	t      *testing.T
	script providertest.Script
	key    ed25519.PrivateKey
	hooks  providertest.Hooks
	srv    *httptest.Server

	mu     sync.Mutex
	orders []order
	events int
}

func newFake(t *testing.T, script providertest.Script, hooks providertest.Hooks) *fake {
	t.Helper()
	_, key, err := ed25519.GenerateKey(nil)
	require.NoError(t, err)
	f := &fake{t: t, script: script, key: key, hooks: hooks}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /v2/messages", f.create)
	mux.HandleFunc("GET /v2/messages/{id}", f.show)
	f.srv = httptest.NewServer(mux)
	t.Cleanup(f.srv.Close)
	return f
}

func (f *fake) publicKey() string {
	return base64.StdEncoding.EncodeToString(f.key.Public().(ed25519.PublicKey))
}

func (f *fake) count() int {
	f.mu.Lock()
	defer f.mu.Unlock()
	return len(f.orders)
}

// refusals are the answers that are all there is to a script.
var refusals = map[providertest.Script]struct {
	status int
	body   string
}{
	providertest.RejectsText: {422, complaint("40302")},
	providertest.OptedOut:    {403, complaint("40300")},
	providertest.BadNumber:   {422, complaint("40310")},
	providertest.Throttles:   {429, complaint("10011")},
	providertest.BadAccount:  {401, complaint("10009")},
	providertest.Filters:     {422, complaint("40322")},
	providertest.Unheard:     {400, complaint("49999")},
	providertest.FailsBefore: {500, complaint("10007")},
	providertest.ProxyPage:   {502, "<html>Bad gateway</html>"},
}

func complaint(code string) string {
	return fmt.Sprintf(`{"errors":[{"code":%q,"title":"To +12125550123","detail":"no","source":{"pointer":"/to"}}]}`, code)
}

func (f *fake) create(w http.ResponseWriter, r *http.Request) {
	in := json.NewDecoder(r.Body)
	in.DisallowUnknownFields()
	var o order
	if err := in.Decode(&o); err != nil || r.Header.Get("Authorization") != "Bearer KEY_1" || o.From != account.From {
		f.t.Errorf("a request Telnyx would not take: %v %+v", err, o)
		w.WriteHeader(http.StatusTeapot)
		return
	}
	if no, ok := refusals[f.script]; ok {
		w.Header().Set("Retry-After", strconv.Itoa(int(providertest.ThrottledFor/time.Second)))
		w.WriteHeader(no.status)
		_, _ = io.WriteString(w, no.body)
		return
	}
	switch f.script {
	case providertest.Hangs:
		<-r.Context().Done()
		return
	case providertest.DropsBefore:
		hangUp(w)
		return
	}
	id := f.accept(o)
	switch f.script {
	case providertest.FailsAfter:
		w.WriteHeader(http.StatusInternalServerError)
		_, _ = io.WriteString(w, complaint("10007"))
	case providertest.GarblesAfter:
		_, _ = io.WriteString(w, `{"data":`)
	case providertest.DropsAfter:
		hangUp(w)
	default:
		_ = json.NewEncoder(w).Encode(map[string]any{"data": payload(id, o, "queued", "")})
		go f.report(id, o)
	}
}

func hangUp(w http.ResponseWriter) {
	if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
		_ = conn.Close()
	}
}

func (f *fake) accept(o order) string {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.orders = append(f.orders, o)
	return "40000000-0000-0000-0000-" + fmt.Sprintf("%012d", len(f.orders))
}

func (f *fake) show(w http.ResponseWriter, r *http.Request) {
	f.mu.Lock()
	defer f.mu.Unlock()
	for i, o := range f.orders {
		if id := "40000000-0000-0000-0000-" + fmt.Sprintf("%012d", i+1); id == r.PathValue("id") {
			_ = json.NewEncoder(w).Encode(map[string]any{"data": payload(id, o, "delivered", "")})
			return
		}
	}
	w.WriteHeader(http.StatusNotFound)
	_, _ = io.WriteString(w, complaint("10005"))
}

func payload(id string, o order, status, code string) map[string]any {
	p := map[string]any{
		"id": id, "record_type": "message", "direction": "outbound", "text": o.Text, "errors": []any{},
		"from": map[string]any{"phone_number": o.From, "carrier": "Telnyx"},
		"to":   []any{map[string]any{"phone_number": o.To, "status": status, "carrier": "T-Mobile"}},
	}
	if code != "" {
		p["errors"] = []any{map[string]any{"code": code, "title": "no"}}
	}
	return p
}

// report posts what becomes of a text.
func (f *fake) report(id string, o order) {
	final, code := "delivered", ""
	switch f.script {
	case providertest.Undelivers:
		final, code = "delivery_failed", "40012"
	case providertest.UndeliversUnheard:
		final, code = "sending_failed", "49999"
	}
	f.post(o.WebhookURL, "message.sent", payload(id, o, "sent", ""))
	f.post(o.WebhookURL, "message.finalized", payload(id, o, final, code))
}

// say is a person's text to the account's number.
func (f *fake) say(phone, body string) {
	f.mu.Lock()
	f.events++
	id := "50000000-0000-0000-0000-" + fmt.Sprintf("%012d", f.events)
	f.mu.Unlock()
	f.post(f.hooks.InboundURL, "message.received", payload(id, order{From: phone, To: account.From, Text: body}, "webhook_delivered", ""))
}

func (f *fake) post(address, kind string, payload map[string]any) {
	body, err := json.Marshal(map[string]any{
		"data": map[string]any{"event_type": kind, "id": "e1", "record_type": "event", "payload": payload},
		"meta": map[string]any{"attempt": 1},
	})
	if err != nil {
		f.t.Error(err)
		return
	}
	times := 1
	if f.script == providertest.TakesAndCallsTwice {
		times = 2
	}
	for range times {
		req, err := http.NewRequest(http.MethodPost, address, bytes.NewReader(body))
		if err != nil {
			f.t.Error(err)
			return
		}
		req.Header = sign(f.key, time.Now(), body)
		if res, err := http.DefaultClient.Do(req); err == nil { // the test may be over
			_ = res.Body.Close()
		}
	}
}

// sign signs as Telnyx's documentation says.
func sign(key ed25519.PrivateKey, at time.Time, body []byte) http.Header {
	stamp := strconv.FormatInt(at.Unix(), 10)
	signature := ed25519.Sign(key, append([]byte(stamp+"|"), body...))
	h := http.Header{}
	h.Set("Content-Type", "application/json")
	h.Set("telnyx-timestamp", stamp)
	h.Set("telnyx-signature-ed25519", base64.StdEncoding.EncodeToString(signature))
	return h
}
