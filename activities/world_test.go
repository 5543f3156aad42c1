package activities_test

import (
	"context"
	"fmt"
	"log/slog"
	"net/http/httptest"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/assert"
	"github.com/stretchr/testify/require"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/testsuite"

	"trackly/activities"
	"trackly/internal/handover"
	"trackly/internal/provider"
	"trackly/internal/provider/cm"
	"trackly/internal/provider/infobip"
	"trackly/internal/provider/sandbox"
	"trackly/internal/provider/telnyx"
	"trackly/internal/provider/twilio"
	"trackly/internal/provider/wire"
	"trackly/internal/store"
	"trackly/internal/testkit"
	"trackly/models"
	"trackly/rules/quiethours"
	"trackly/rules/shortcode"
)

// world is an account with a list, contacts and a frozen campaign on a real Postgres,
// and a stand-in of the providers over HTTP.
type world struct {
	*store.Store
	t        *testing.T
	url      string // the database's
	account  models.AccountID
	box      *sandbox.Sandbox
	server   *httptest.Server
	delivery *activities.Delivery
	tally    *counts
	list     models.List
	campaign models.Campaign
	contacts int
}

// counts is a tally.
type counts struct {
	mu sync.Mutex
	of map[string]int
}

func (c *counts) Message(_, answer string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.of[answer]++
}

const (
	body  = "Hi {{first_name|you}}, {{brand_name}} has news: {{link1}}"
	token = "secret"
)

// newWorld is a list at Twilio. A test shapes the list before it is stored.
func newWorld(t *testing.T, contacts int, faults sandbox.Faults, shape ...func(w *world, l *models.List)) *world {
	t.Helper()
	return newWorldAt(t, "twilio", contacts, faults, shape...)
}

func newWorldAt(t *testing.T, name string, contacts int, faults sandbox.Faults, shape ...func(w *world, l *models.List)) *world {
	t.Helper()
	url := testkit.Database(t)
	w := &world{Store: testkit.Open(t, url), t: t, url: url, contacts: contacts, tally: &counts{of: map[string]int{}}}
	w.box, w.server = newSandbox(t, sandbox.Options{Faults: faults})
	w.delivery = w.newDelivery()
	w.openAccount()
	w.list = w.openList(name, "+14155550132", shape...)
	w.importPeople(w.list, contacts)
	w.campaign = w.launch()
	return w
}

func (w *world) newDelivery() *activities.Delivery {
	codes, err := shortcode.New([]byte("a key of sixteen bytes or more"))
	require.NoError(w.t, err)
	hours, err := quiethours.Default()
	require.NoError(w.t, err)
	calls := wire.NewClient()
	return &activities.Delivery{
		Store: w.Store, Codes: codes, Hours: hours, Clock: clockAt(noon()), Tally: w.tally, Air: activities.NewAir(8),
		Providers: provider.NewRegistry(twilio.Dialer{HTTP: calls}, infobip.Dialer{HTTP: calls}, cm.Dialer{HTTP: calls}, telnyx.Dialer{HTTP: calls}),
		Door:      handover.Door{PublicURL: "http://127.0.0.1:1", Key: []byte("a key for webhooks")},
		Now:       time.Now, GiveUpAfter: time.Hour,
	}
}

// noon is a Wednesday's in New York, where everybody here lives.
func noon() time.Time { return time.Date(2026, 12, 2, 17, 0, 0, 0, time.UTC) }

// clockAt pretends that it is this time now.
func clockAt(at time.Time) activities.Clock { return activities.Clock{Ahead: time.Until(at)} }

func newSandbox(t *testing.T, o sandbox.Options) (*sandbox.Sandbox, *httptest.Server) {
	t.Helper()
	o.DeliveredPercent, o.Callbacks = 100, sandbox.Callbacks{Hold: true}
	box, err := sandbox.New(o)
	require.NoError(t, err)
	box.Start(t.Context())
	server := httptest.NewServer(box.Handler())
	t.Cleanup(func() { server.Close(); require.NoError(t, box.Close()) })
	return box, server
}

func (w *world) openAccount() {
	a, owner, err := models.NewAccount("Acme", "Ada", "ada@example.com")
	require.NoError(w.t, err)
	key, _ := models.NewAPIKey(a.ID, "test")
	require.NoError(w.t, w.AddAccount(w.t.Context(), a, owner, key))
	w.account = a.ID
}

// openList stores a list whose route leads to the sandbox.
func (w *world) openList(name, phone string, shape ...func(w *world, l *models.List)) models.List {
	w.t.Helper()
	l := testkit.SendingList(w.account, name, phone, w.server.URL)
	for _, f := range shape {
		f(w, &l)
	}
	creds := make([]models.Credentials, len(l.Routes))
	for i := range creds {
		creds[i] = models.Credentials{Token: token, PublicKey: w.box.TelnyxPublicKey()}
	}
	l, err := w.AddList(w.t.Context(), models.Once{}, l, creds...)
	require.NoError(w.t, err)
	return l
}

// secondRoute gives the list a way to fall back on: another provider at this address.
func secondRoute(name, baseURL string) func(*world, *models.List) {
	return func(_ *world, l *models.List) {
		r := l.Routes[0]
		r.ID, r.Rank, r.Provider, r.BaseURL = models.NewID[models.RouteID](), 2, name, baseURL
		l.Routes = append(l.Routes, r)
	}
}

func pacedAt(perSecond float64) func(*world, *models.List) {
	return func(_ *world, l *models.List) { l.MessagesPerSecond = perSecond }
}

func (w *world) importPeople(l models.List, n int) {
	w.t.Helper()
	var rows []testkit.Contact
	for i := range n {
		rows = append(rows, testkit.Contact{Phone: phoneOf(n - 1 - i), FirstName: fmt.Sprintf("P%d", n-1-i)})
	}
	testkit.Import(w.t, w.Store, l, testkit.File(rows...))
}

func phoneOf(i int) string { return fmt.Sprintf("+1212555%04d", i) }

// launch makes and freezes a campaign to everybody.
func (w *world) launch(shape ...func(*models.Campaign)) models.Campaign {
	w.t.Helper()
	ctx, c := w.t.Context(), w.draft(shape...)
	_, err := w.LaunchCampaign(ctx, c.AccountID, c.ID, nil, time.Now())
	require.NoError(w.t, err)
	_, _, err = w.Freeze(ctx, c.AccountID, c.ID, time.Now())
	require.NoError(w.t, err)
	return c
}

func (w *world) draft(shape ...func(*models.Campaign)) models.Campaign {
	w.t.Helper()
	creativeID := models.NewID[models.CreativeID]()
	creative, err := w.AddCreative(w.t.Context(), models.Once{}, models.Creative{
		ID: creativeID, AccountID: w.list.AccountID, Name: "K", Body: body,
		Status: models.CreativeActive, Links: []models.CreativeLink{{CreativeID: creativeID, Number: 1, URL: "https://example.com/"}},
	})
	require.NoError(w.t, err)
	id := models.NewID[models.CampaignID]()
	c := models.Campaign{
		ID: id, AccountID: w.list.AccountID, ListID: w.list.ID, Name: "C", State: models.CampaignDraft, Late: models.LateWaits,
		Variants: []models.Variant{{CampaignID: id, Number: 1, Name: "A", CreativeID: creative.ID, Percent: 100}},
	}
	for _, f := range shape {
		f(&c)
	}
	c, err = w.AddCampaign(w.t.Context(), models.Once{}, c)
	require.NoError(w.t, err)
	return c
}

func (w *world) ref() activities.CampaignRef {
	return activities.CampaignRef{AccountID: w.campaign.AccountID, CampaignID: w.campaign.ID}
}

// as runs work as an activity of the engine's would run and gives its own error, which
// on its way through the engine would lose its type.
func as(t *testing.T, work func(ctx context.Context) error) error {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	env := suite.NewTestActivityEnvironment()
	env.SetTestTimeout(time.Minute)
	var failed error
	activity := func(ctx context.Context) error {
		failed = work(ctx)
		return failed
	}
	env.RegisterActivity(activity)
	_, err := env.ExecuteActivity(activity)
	assert.Equal(t, failed == nil, err == nil)
	return failed
}

// send hands over the first batch.
func (w *world) send() (activities.SendBatchResult, error) { return w.sendNumber(0) }

func (w *world) sendNumber(number int) (res activities.SendBatchResult, err error) {
	err = as(w.t, func(ctx context.Context) (err error) {
		res, err = w.delivery.SendBatch(ctx, activities.SendBatchInput{CampaignRef: w.ref(), Number: number})
		return err
	})
	return res, err
}

// single queues a text to one phone; of a test, over route 1.
func (w *world) single(kind models.Kind, phone string) models.MessageID {
	w.t.Helper()
	in := models.Single{
		AccountID: w.account, ListID: w.list.ID, Phone: phone, Region: "US", Zones: []string{"America/New_York"}, Body: "a " + string(kind), Kind: kind,
	}
	if kind == models.KindTest {
		in.Route = 1
	}
	id, err := w.AddSingle(w.t.Context(), models.Once{}, in)
	require.NoError(w.t, err)
	return id
}

func (w *world) outbox() models.Source { return models.Source{AccountID: w.account, ListID: w.list.ID} }

// sendSingles hands over a batch of single texts.
func (w *world) sendSingles(number int) (res activities.SendBatchResult, err error) {
	err = as(w.t, func(ctx context.Context) (err error) {
		res, err = w.delivery.SendBatch(ctx, activities.SendBatchInput{
			CampaignRef: activities.CampaignRef{AccountID: w.account}, ListID: w.list.ID, Number: number,
		})
		return err
	})
	return res, err
}

func (w *world) message(id models.MessageID) models.Message {
	w.t.Helper()
	m, err := w.Message(w.t.Context(), w.account, id)
	require.NoError(w.t, err)
	return m
}

// route reads a route of the list as it is now.
func (w *world) route(rank int) models.Route {
	w.t.Helper()
	l, err := w.List(w.t.Context(), w.account, w.list.ID)
	require.NoError(w.t, err)
	r, ok := models.RouteOf(l.Routes, rank)
	require.True(w.t, ok)
	return r
}

// mended is what a person does about an account problem: the route may be used again, and
// the list goes on.
func (w *world) mended() {
	w.t.Helper()
	ctx := w.t.Context()
	_, err := w.MoveRoute(ctx, w.route(1), models.RouteUp, "", 0)
	require.NoError(w.t, err)
	_, err = w.MoveList(ctx, w.account, w.list.ID, models.ListActive, "")
	require.NoError(w.t, err)
}

// events are the kinds of what a person was told, in order.
func (w *world) events() (kinds []models.EventKind) {
	w.t.Helper()
	all, err := w.Events(w.t.Context(), w.account, 0, 100)
	require.NoError(w.t, err)
	for _, e := range all {
		require.NotContains(w.t, e.Text, "+1")
		kinds = append(kinds, e.Kind)
	}
	return kinds
}

// notBefore is when the campaign's only batch may go on; zero: now.
func (w *world) notBefore() time.Time {
	w.t.Helper()
	open, err := w.OpenBatches(w.t.Context(), w.campaign.Source())
	require.NoError(w.t, err)
	if open.Next == nil {
		return time.Time{}
	}
	require.Empty(w.t, open.Numbers)
	return *open.Next
}

// settle asks after what is unknown.
func (w *world) settle(requeue bool) (p models.Progress) {
	w.t.Helper()
	res := w.settled(requeue)
	return res.Progress
}

func (w *world) settled(requeue bool) (res activities.SettleResult) {
	w.t.Helper()
	require.NoError(w.t, as(w.t, func(ctx context.Context) (err error) {
		res, err = w.delivery.SettleUnknown(ctx, activities.SettleInput{CampaignRef: w.ref(), Requeue: requeue})
		return err
	}))
	return res
}

func (w *world) faults(f sandbox.Faults) { require.NoError(w.t, w.box.SetFaults(f)) }

func (w *world) move(next models.CampaignState) {
	w.t.Helper()
	_, err := w.MoveCampaign(w.t.Context(), w.campaign.AccountID, w.campaign.ID, next, "test", time.Now())
	require.NoError(w.t, err)
}

func (w *world) progress() models.Progress {
	w.t.Helper()
	p, err := w.Progress(w.t.Context(), w.campaign.Source())
	require.NoError(w.t, err)
	require.True(w.t, p.AddsUp(), "%+v", p)
	return p
}

func (w *world) messages() []models.Message {
	w.t.Helper()
	all, err := w.Messages(w.t.Context(), w.campaign.AccountID, w.campaign.ID, "", 0, 1000)
	require.NoError(w.t, err)
	require.Len(w.t, all, w.contacts)
	return all
}

// onceEach demands that nobody got two texts, and says how many got one.
func (w *world) onceEach() int {
	w.t.Helper()
	got := map[string]int{}
	for _, r := range w.box.Accepted() {
		got[r.To]++
		require.Equal(w.t, 1, got[r.To], "a second text")
	}
	return len(got)
}

// flying runs send in the background and returns once texts are going out.
func (w *world) flying(texts int) (landed func() (activities.SendBatchResult, error)) {
	w.t.Helper()
	var res activities.SendBatchResult
	var err error
	done := make(chan struct{})
	go func() { defer close(done); res, err = w.send() }()
	require.Eventually(w.t, func() bool { return w.box.Count() >= texts }, 20*time.Second, time.Millisecond)
	return func() (activities.SendBatchResult, error) { <-done; return res, err }
}

func always() sandbox.Spell { return sandbox.Spell{Percent: 100} }

func slow(ms int) sandbox.Faults {
	return sandbox.Faults{Latency: sandbox.Spell{Percent: 100, MinMS: ms, MaxMS: ms}}
}
