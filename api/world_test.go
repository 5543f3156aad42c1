package api_test

import (
	"bytes"
	"context"
	"crypto/hmac"
	"crypto/sha1"
	"encoding/base64"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"maps"
	"net/http"
	"net/http/httptest"
	"net/url"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"trackly/api"
	"trackly/internal/fault"
	"trackly/internal/handover"
	"trackly/internal/provider"
	"trackly/internal/provider/cm"
	"trackly/internal/provider/infobip"
	"trackly/internal/provider/telnyx"
	"trackly/internal/provider/twilio"
	"trackly/internal/store"
	"trackly/internal/testkit"
	"trackly/models"
	"trackly/rules/field"
	"trackly/rules/price"
	"trackly/rules/quiethours"
	"trackly/rules/shortcode"
	"trackly/workflows"
)

const (
	publicURL = "https://t.example"
	token     = "s3cr3tAuthToken"
)

// world is a server on a database of its own, with one account.
type world struct {
	t       *testing.T
	store   *store.Store
	engine  *engine
	codes   *shortcode.Codec
	server  *api.Server
	account models.AccountID
	key     string
}

func newWorld(t *testing.T) *world {
	t.Helper()
	return newWorldWith(t, func(*api.Options) {})
}

func newWorldWith(t *testing.T, change func(*api.Options)) *world {
	t.Helper()
	codes, err := shortcode.New([]byte("a key for the tests only"))
	require.NoError(t, err)
	hours, err := quiethours.Default()
	require.NoError(t, err)
	w := &world{t: t, store: testkit.Store(t), engine: &engine{}, codes: codes}
	o := api.Options{
		Store: w.store, Engine: w.engine, Codes: codes, Hours: hours,
		Providers: provider.NewRegistry(twilio.Dialer{}, infobip.Dialer{}, cm.Dialer{}, telnyx.Dialer{}),
		Prices:    price.DefaultBook(), Door: door(), ImportLimit: 64 << 10,
		Log: slog.New(slog.DiscardHandler), Now: time.Now,
	}
	change(&o)
	w.server, err = api.New(o)
	require.NoError(t, err)
	w.account, w.key = w.newAccount()
	_, err = w.store.AddField(t.Context(), models.Field{AccountID: w.account, Name: "plan", Type: field.Text})
	require.NoError(t, err)
	return w
}

// door is where the tests' providers call.
func door() handover.Door {
	return handover.Door{PublicURL: publicURL, Key: []byte("a door for the tests only")}
}

// step runs a part of a test that goes on where the one before ended. Steps share the
// world and run in order.
func (w *world) step(name string, do func(t *testing.T)) {
	w.t.Helper()
	outer := w.t
	defer func() { w.t = outer }()
	outer.Run(name, func(t *testing.T) {
		w.t = t
		do(t)
	})
}

// newAccount makes one more account and a key to it.
func (w *world) newAccount() (models.AccountID, string) {
	w.t.Helper()
	a, owner, err := models.NewAccount("Acme", "Ada", "ada@example.com")
	require.NoError(w.t, err)
	key, text := models.NewAPIKey(a.ID, "test")
	require.NoError(w.t, w.store.AddAccount(w.t.Context(), a, owner, key))
	return a.ID, text
}

// engine is a workflow engine that notes what it is told.
type engine struct {
	mu      sync.Mutex
	started []models.CampaignID
	steered []workflows.Command
	told    []int64
	nudged  []models.ListID
	checked []workflows.CheckInput
	imports []models.ImportID
	pulls   []models.ConnectionID
	fail    error
	notYet  error // what Steer answers until a campaign was started
}

func (e *engine) StartCampaign(_ context.Context, c models.Campaign) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.fail == nil {
		e.started, e.notYet = append(e.started, c.ID), nil
	}
	return e.fail
}

func (e *engine) Steer(_ context.Context, _ models.CampaignID, cmd workflows.Command) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.notYet != nil {
		return e.notYet
	}
	e.steered = append(e.steered, cmd)
	return e.fail
}

func (e *engine) TellOptOut(_ context.Context, _ []models.CampaignID, skipped int64) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.told = append(e.told, skipped)
	return e.fail
}

func (e *engine) NudgeOutbox(_ context.Context, src models.Source) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.nudged = append(e.nudged, src.ListID)
	return e.fail
}

func (e *engine) StartCheck(_ context.Context, in workflows.CheckInput) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	e.checked = append(e.checked, in)
	return e.fail
}

func (e *engine) StartImport(_ context.Context, imp models.Import) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.fail == nil {
		e.imports = append(e.imports, imp.ID)
	}
	return e.fail
}

func (e *engine) StartPull(_ context.Context, _ models.AccountID, id models.ConnectionID) error {
	e.mu.Lock()
	defer e.mu.Unlock()
	if e.fail == nil {
		e.pulls = append(e.pulls, id)
	}
	return e.fail
}

// breaks makes every call fail until the step is over.
func (e *engine) breaks(t *testing.T) {
	t.Helper()
	e.mu.Lock()
	defer e.mu.Unlock()
	e.fail = fault.Wrap(errors.New("refused"), fault.Broken, "the workflow engine does not answer")
	t.Cleanup(func() {
		e.mu.Lock()
		defer e.mu.Unlock()
		e.fail = nil
	})
}

// answer is what came back.
type answer struct {
	*httptest.ResponseRecorder
	t *testing.T
}

// want asserts the status and gives the body.
func (a answer) want(status int) object {
	a.t.Helper()
	require.Equal(a.t, status, a.Code, a.Body.String())
	if a.Body.Len() == 0 {
		return nil
	}
	var o object
	require.NoError(a.t, json.Unmarshal(a.Body.Bytes(), &o), a.Body.String())
	if status >= http.StatusBadRequest {
		require.Equal(a.t, "application/problem+json", a.Header().Get("Content-Type"))
		require.EqualValues(a.t, status, o["status"])
		require.Equal(a.t, http.StatusText(status), o["title"])
	}
	return o
}

// object is a JSON object.
type object map[string]any

func (o object) str(name string) string { s, _ := o[name].(string); return s }

func (o object) in(name string) object { m, _ := o[name].(map[string]any); return m }

func (o object) items(name string) []object {
	var out []object
	all, _ := o[name].([]any)
	for _, i := range all {
		m, _ := i.(map[string]any)
		out = append(out, m)
	}
	return out
}

// errors gives a problem's complaints as "location: message".
func (o object) errors() []string {
	var out []string
	for _, e := range o.items("errors") {
		out = append(out, e.str("location")+": "+e.str("message"))
	}
	return out
}

// do sends a request with the world's key. A body that is no string is JSON.
func (w *world) do(method, path string, body any, headers ...string) answer {
	w.t.Helper()
	return w.as(w.key, method, path, body, headers...)
}

func (w *world) as(key, method, path string, body any, headers ...string) answer {
	w.t.Helper()
	var r io.Reader
	switch b := body.(type) {
	case nil:
	case string:
		r = strings.NewReader(b)
	default:
		raw, err := json.Marshal(b)
		require.NoError(w.t, err)
		r = bytes.NewReader(raw)
	}
	req := httptest.NewRequestWithContext(w.t.Context(), method, path, r)
	if r != nil {
		req.Header.Set("Content-Length", fmt.Sprint(req.ContentLength))
	}
	if key != "" {
		req.Header.Set("Authorization", "Bearer "+key)
	}
	for i := 0; i+1 < len(headers); i += 2 {
		req.Header.Set(headers[i], headers[i+1])
	}
	return w.serve(req)
}

func (w *world) serve(req *http.Request) answer {
	rec := httptest.NewRecorder()
	w.server.Handler().ServeHTTP(rec, req)
	return answer{ResponseRecorder: rec, t: w.t}
}

func aList() map[string]any {
	return map[string]any{
		"name": "Main", "brand": "Acme", "phone": "+12025550100", "provider": "twilio",
		"provider_settings": map[string]any{"account_sid": "AC123", "auth_token": token, "base_url": "http://sandbox.example"},
	}
}

// list makes a list whose provider account is checked, and imports n contacts into it.
func (w *world) list(n int) models.ListID {
	w.t.Helper()
	id := w.do("POST", "/v1/lists", aList()).want(http.StatusCreated).str("id")
	w.check(models.ListID(id))
	if n > 0 {
		require.EqualValues(w.t, n, w.imported(models.ListID(id), people(n)).Added)
	}
	return models.ListID(id)
}

// imported brings contacts into a list, past the API.
func (w *world) imported(list models.ListID, csv string) models.Import {
	w.t.Helper()
	return testkit.Import(w.t, w.store, w.stored(list), csv)
}

// check passes the check of a list's routes.
func (w *world) check(id models.ListID) {
	w.t.Helper()
	for _, r := range w.stored(id).Routes {
		err := w.store.PassStep(w.t.Context(), w.account, r.ID, models.StepCredentials, models.StepText, models.StepWebhook)
		require.NoError(w.t, err)
	}
}

// stored is a list as the store has it.
func (w *world) stored(id models.ListID) models.List {
	w.t.Helper()
	l, err := w.store.List(w.t.Context(), w.account, id)
	require.NoError(w.t, err)
	return l
}

// hook is the path of a webhook of the list's first route: "status" or "inbound".
func (w *world) hook(id models.ListID, what string) string {
	w.t.Helper()
	r := w.stored(id).Routes[0]
	address := door().StatusURL(r)
	if what == "inbound" {
		address = door().InboundURL(r)
	}
	return strings.TrimPrefix(address, publicURL)
}

func phoneOf(i int) string { return fmt.Sprintf("+1212555%04d", 100+i) }

// people is a file of n contacts.
func people(n int) string {
	var b strings.Builder
	b.WriteString("phone,first_name,state,plan\n")
	for i := range n {
		fmt.Fprintf(&b, "%s,P%d,%s,gold\n", phoneOf(i), i, []string{"NY", "TX"}[i%2])
	}
	return b.String()
}

func (w *world) creative() models.CreativeID {
	w.t.Helper()
	return models.CreativeID(w.do("POST", "/v1/creatives", map[string]any{
		"name": "C", "body": "Hi {{first_name|there}}: {{link1}}", "links": []any{map[string]any{"url": "https://o.example/?s={click_id}"}},
	}).want(http.StatusCreated).str("id"))
}

func (w *world) campaign(l models.ListID, c models.CreativeID) models.CampaignID {
	w.t.Helper()
	return models.CampaignID(w.do("POST", "/v1/campaigns", map[string]any{
		"name": "Autumn", "list_id": l, "variants": []any{map[string]any{"name": "A", "creative_id": c, "percent": 100}},
	}).want(http.StatusCreated).str("id"))
}

// sending makes a campaign whose messages are planned, the first batch claimed.
func (w *world) sending(n int) (models.ListID, models.CampaignID, []models.MessageID) {
	w.t.Helper()
	ctx, l := w.t.Context(), w.list(n)
	c := w.campaign(l, w.creative())
	w.do("POST", "/v1/campaigns/"+string(c)+"/launch", nil).want(http.StatusAccepted)
	_, _, err := w.store.Freeze(ctx, w.account, c, time.Now())
	require.NoError(w.t, err)
	b, err := w.store.TakeBatch(ctx, models.Source{AccountID: w.account, CampaignID: c}, 0, uuid.NewString())
	require.NoError(w.t, err)
	queued, err := w.store.QueuedMessages(ctx, b)
	require.NoError(w.t, err)
	ids := make([]models.MessageID, len(queued))
	for i, q := range queued {
		ids[i] = q.ID
	}
	return l, c, ids
}

// webhook posts a form as the provider does, signed with the list's token.
func (w *world) webhook(path string, form url.Values) answer {
	w.t.Helper()
	return w.serve(signed(w.t, path, form, token))
}

func signed(t *testing.T, path string, form url.Values, token string) *http.Request {
	t.Helper()
	mac := hmac.New(sha1.New, []byte(token))
	mac.Write([]byte(publicURL + path))
	for _, k := range slices.Sorted(maps.Keys(form)) {
		mac.Write([]byte(k + form.Get(k)))
	}
	req := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(form.Encode()))
	req.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	req.Header.Set("X-Twilio-Signature", base64.StdEncoding.EncodeToString(mac.Sum(nil)))
	return req
}
