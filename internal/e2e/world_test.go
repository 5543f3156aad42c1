// Package e2e tells whole stories on the real thing: Postgres, the embedded Temporal
// server, our API and workers, and a stand-in of Twilio over HTTP. It is the one test
// package that links the server, which takes seconds and gigabytes: what can be shown
// without it is shown elsewhere.
package e2e_test

import (
	"bytes"
	"context"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"io"
	"log/slog"
	"net"
	"net/http"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"
	sdklog "go.temporal.io/sdk/log"

	"trackly/activities"
	"trackly/config"
	"trackly/internal/app"
	"trackly/internal/embedded/temporal"
	"trackly/internal/provider/sandbox"
	"trackly/internal/testkit"
	"trackly/models"
	"trackly/workflows"
)

const token = "secret"

// world is a running installation with one account and one list.
type world struct {
	t      *testing.T
	cfg    config.Config
	api    *app.App
	box    *sandbox.Sandbox
	boxURL string
	key    string
	list   models.List
	engine client.Client
	log    diary
}

func newWorld(t *testing.T, dynamic map[string]any, shape ...func(*config.Config)) *world {
	t.Helper()
	w := &world{t: t}
	t.Cleanup(func() { w.log.private(t) }) // after everything that logs has ended
	w.openEngine(dynamic)
	w.openSandbox()
	w.configure()
	for _, f := range shape {
		f(&w.cfg)
	}
	w.api = w.open()
	w.background(w.api.Serve)
	require.Eventually(t, func() bool { return w.get("/healthz") == http.StatusOK }, 10*time.Second, 10*time.Millisecond)
	w.openAccount()
	return w
}

// diary keeps what the processes log. It is safe for concurrent use.
type diary struct {
	mu   sync.Mutex
	text bytes.Buffer
}

func (d *diary) Write(p []byte) (int, error) {
	d.mu.Lock()
	defer d.mu.Unlock()
	return d.text.Write(p)
}

// private demands that nobody's phone and no text was logged.
func (d *diary) private(t *testing.T) {
	t.Helper()
	d.mu.Lock()
	defer d.mu.Unlock()
	require.NotRegexp(t, `1212555\d{4}|News: http|Bye\.`, d.text.String())
}

func discard() *slog.Logger { return slog.New(slog.DiscardHandler) }

func (w *world) openEngine(dynamic map[string]any) {
	attributes := map[string]enumspb.IndexedValueType{}
	for _, key := range workflows.SearchAttributes() {
		attributes[key.GetName()] = enumspb.INDEXED_VALUE_TYPE_KEYWORD
	}
	s, err := temporal.Start(w.t.Context(), temporal.Options{WithoutUI: true, SearchAttributes: attributes, Dynamic: dynamic})
	require.NoError(w.t, err)
	w.t.Cleanup(func() { _ = s.Stop() })
	w.cfg.Temporal = config.Temporal{Address: s.HostPort(), Namespace: "default"}
	w.engine, err = client.DialContext(w.t.Context(), client.Options{
		HostPort: s.HostPort(), Logger: sdklog.NewStructuredLogger(discard()),
	})
	require.NoError(w.t, err)
	w.t.Cleanup(w.engine.Close)
}

func (w *world) openSandbox() {
	box, err := sandbox.New(sandbox.Options{
		DeliveredPercent: 100, Callbacks: sandbox.Callbacks{MinDelay: time.Millisecond, MaxDelay: 50 * time.Millisecond},
	})
	require.NoError(w.t, err)
	box.Start(w.t.Context())
	srv := httptest.NewServer(box.Handler())
	w.t.Cleanup(func() { srv.Close(); require.NoError(w.t, box.Close()) })
	w.box, w.boxURL = box, srv.URL
}

func (w *world) configure() {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(w.t, err)
	address := l.Addr().String()
	require.NoError(w.t, l.Close())
	key := config.Secret(base64.StdEncoding.EncodeToString(testkit.SealKey()))
	w.cfg.Database = config.Database{URL: config.Secret(testkit.Database(w.t)), MaxConns: 20}
	w.cfg.API = config.API{Listen: address, PublicURL: "http://" + address, ImportLimit: 1 << 20}
	w.cfg.Worker = config.Worker{Batches: 4}
	w.cfg.Delivery = config.Delivery{Concurrency: 16, RequestTimeout: 5 * time.Second, SettleAfter: 500 * time.Millisecond, GiveUpAfter: time.Hour, PretendTime: "12:00 America/New_York"}
	w.cfg.Outbound.Local = true
	w.cfg.Keys = config.Keys{Seal: key, Links: key}
}

// open is one more process of the product.
func (w *world) open() *app.App {
	w.t.Helper()
	a, err := app.Open(w.t.Context(), w.cfg, slog.New(slog.NewTextHandler(&w.log, nil)))
	require.NoError(w.t, err)
	w.t.Cleanup(a.Close)
	return a
}

// background runs a part of a process; stop ends it as SIGTERM would.
func (w *world) background(part func(context.Context) error) (stop func()) {
	ctx, cancel := context.WithCancel(context.Background()) // the test's ends before its cleanups
	ended := make(chan error, 1)
	go func() { ended <- part(ctx) }()
	stopped := false
	stop = func() {
		if cancel(); !stopped {
			stopped = true
			require.NoError(w.t, <-ended)
		}
	}
	w.t.Cleanup(stop)
	return stop
}

// worker starts a worker process.
func (w *world) worker() (stop func()) { return w.background(w.open().Work) }

func (w *world) openAccount() {
	ctx := w.t.Context()
	a, owner, err := models.NewAccount("Acme", "Ada", "ada@example.com")
	require.NoError(w.t, err)
	key, text := models.NewAPIKey(a.ID, "test")
	require.NoError(w.t, w.api.Store.AddAccount(ctx, a, owner, key))
	w.key = text
	w.list = w.openList(a.ID, "twilio", "+14155550132")
}

// openList stores a list with a checked route to the sandbox, as if it had passed.
func (w *world) openList(account models.AccountID, name, phone string, shape ...func(*models.List)) models.List {
	w.t.Helper()
	l := testkit.SendingList(account, name, phone, w.boxURL)
	l.PrependBrand, l.OptOutLine = false, ""
	for _, f := range shape {
		f(&l)
	}
	l, err := w.api.Store.AddList(w.t.Context(), models.Once{}, l, models.Credentials{Token: token, PublicKey: w.box.TelnyxPublicKey()})
	require.NoError(w.t, err)
	w.register(l)
	return l
}

// register tells the sandbox where the list's number is answered.
func (w *world) register(l models.List) {
	w.t.Helper()
	r := l.Routes[0]
	require.NoError(w.t, w.box.Register(sandbox.Number{
		Provider: r.Provider, Phone: r.Phone, AccountSID: r.SID, Token: token,
		InboundURL: w.api.Door.InboundURL(r), StatusURL: w.api.Door.StatusURL(r),
	}))
}

func phoneOf(i int) string { return fmt.Sprintf("+1212555%04d", i) }

func (w *world) contacts(n int) {
	w.t.Helper()
	var rows []testkit.Contact
	for i := range n {
		rows = append(rows, testkit.Contact{Phone: phoneOf(n - 1 - i)})
	}
	testkit.Import(w.t, w.api.Store, w.list, testkit.File(rows...))
}

// single queues a text to one phone and tells the list's outbox; of a check, over its
// first route.
func (w *world) single(kind models.Kind, phone string) models.MessageID {
	w.t.Helper()
	id := w.queued(kind, phone)
	require.NoError(w.t, w.api.Engine.NudgeOutbox(w.t.Context(), models.Source{AccountID: w.list.AccountID, ListID: w.list.ID}))
	return id
}

func (w *world) queued(kind models.Kind, phone string) models.MessageID {
	w.t.Helper()
	in := models.Single{
		AccountID: w.list.AccountID, ListID: w.list.ID, Phone: phone, Region: "US", Zones: []string{"America/New_York"},
		Body: "a " + string(kind), Kind: kind,
	}
	if kind == models.KindTest {
		in.Route = 1
	}
	id, err := w.api.Store.AddSingle(w.t.Context(), models.Once{}, in)
	require.NoError(w.t, err)
	return id
}

// check runs a check of the list's first route to its end.
func (w *world) check() (res activities.CheckResult) {
	w.t.Helper()
	r := w.list.Routes[0]
	in := workflows.CheckInput{AccountID: r.AccountID, ListID: r.ListID, RouteID: r.ID, MessageID: w.queued(models.KindTest, phoneOf(9000))}
	require.NoError(w.t, w.api.Engine.StartCheck(w.t.Context(), in))
	require.NoError(w.t, w.engine.GetWorkflow(w.t.Context(), workflows.CheckWorkflowID(r.ID), "").Get(w.t.Context(), &res))
	return res
}

// route reads the list's first route as it is now.
func (w *world) route() models.Route {
	w.t.Helper()
	l, err := w.api.Store.List(w.t.Context(), w.list.AccountID, w.list.ID)
	require.NoError(w.t, err)
	return l.Routes[0]
}

// campaign is a draft to everybody.
func (w *world) campaign() models.CampaignID {
	w.t.Helper()
	creative := models.Creative{
		ID: models.NewID[models.CreativeID](), AccountID: w.list.AccountID, Name: "K", Body: "News: {{link1}}", Status: models.CreativeActive,
	}
	creative.Links = []models.CreativeLink{{CreativeID: creative.ID, Number: 1, URL: "https://example.com/"}}
	_, err := w.api.Store.AddCreative(w.t.Context(), models.Once{}, creative)
	require.NoError(w.t, err)
	id := models.NewID[models.CampaignID]()
	_, err = w.api.Store.AddCampaign(w.t.Context(), models.Once{}, models.Campaign{
		ID: id, AccountID: w.list.AccountID, ListID: w.list.ID, Name: "C", State: models.CampaignDraft, Late: models.LateWaits,
		Variants: []models.Variant{{CampaignID: id, Number: 1, Name: "A", CreativeID: creative.ID, Percent: 100}},
	})
	require.NoError(w.t, err)
	return id
}

func (w *world) get(path string) int {
	res, err := http.Get(w.cfg.API.PublicURL + path)
	if err != nil {
		return 0
	}
	_ = res.Body.Close()
	return res.StatusCode
}

// ask is one request to the API for a campaign, such as "launch".
func (w *world) ask(id models.CampaignID, what string, body any) {
	w.t.Helper()
	raw, err := json.Marshal(body)
	require.NoError(w.t, err)
	url := w.cfg.API.PublicURL + "/v1/campaigns/" + string(id) + "/" + what
	req, err := http.NewRequestWithContext(w.t.Context(), http.MethodPost, url, bytes.NewReader(raw))
	require.NoError(w.t, err)
	req.Header.Set("Authorization", "Bearer "+w.key)
	req.Header.Set("Content-Type", "application/json")
	res, err := http.DefaultClient.Do(req)
	require.NoError(w.t, err)
	defer func() { _ = res.Body.Close() }()
	said, err := io.ReadAll(res.Body)
	require.NoError(w.t, err)
	require.Equal(w.t, http.StatusAccepted, res.StatusCode, "%s", said)
}

func (w *world) row(id models.CampaignID) models.Campaign {
	w.t.Helper()
	c, err := w.api.Store.Campaign(w.t.Context(), w.list.AccountID, id)
	require.NoError(w.t, err)
	return c
}

// until waits for a state of the campaign's row.
func (w *world) until(id models.CampaignID, state models.CampaignState) {
	w.t.Helper()
	require.Eventually(w.t, func() bool { return w.row(id).State == state }, time.Minute, 5*time.Millisecond, "never %s", state)
}

// texts waits until so many went out.
func (w *world) texts(n int) {
	w.t.Helper()
	require.Eventually(w.t, func() bool { return w.box.Count() >= n }, time.Minute, time.Millisecond)
}

func (w *world) progress(id models.CampaignID) models.Progress {
	w.t.Helper()
	p, err := w.api.Store.Progress(w.t.Context(), models.Source{AccountID: w.list.AccountID, CampaignID: id})
	require.NoError(w.t, err)
	require.True(w.t, p.AddsUp(), "%+v", p)
	return p
}
