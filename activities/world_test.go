package activities_test

import (
	"context"
	"fmt"
	"io"
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
	"trackly/internal/provider"
	"trackly/internal/provider/sandbox"
	"trackly/internal/provider/twilio"
	"trackly/internal/provider/wire"
	"trackly/internal/store"
	"trackly/internal/testkit"
	"trackly/models"
	"trackly/rules/shortcode"
)

// world is an account with a list, contacts and a frozen campaign on a real Postgres,
// and a stand-in of Twilio over HTTP.
type world struct {
	*store.Store
	t        *testing.T
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

func newWorld(t *testing.T, contacts int, faults sandbox.Faults) *world {
	t.Helper()
	w := &world{Store: testkit.Store(t), t: t, contacts: contacts, tally: &counts{of: map[string]int{}}}
	w.openSandbox(faults)
	codes, err := shortcode.New([]byte("a key of sixteen bytes or more"))
	require.NoError(t, err)
	w.delivery = &activities.Delivery{
		Store: w.Store, Providers: provider.NewRegistry(twilio.Dialer{HTTP: wire.NewClient()}), Codes: codes,
		PublicURL: "http://127.0.0.1:1", Tally: w.tally, Air: activities.NewAir(8), Now: time.Now,
	}
	w.openAccount()
	w.campaign = w.launch()
	return w
}

func (w *world) openSandbox(faults sandbox.Faults) {
	box, err := sandbox.New(sandbox.Options{Faults: faults, DeliveredPercent: 100, Callbacks: sandbox.Callbacks{Hold: true}})
	require.NoError(w.t, err)
	box.Start(w.t.Context())
	w.box, w.server = box, httptest.NewServer(box.Handler())
	w.t.Cleanup(func() { w.server.Close(); require.NoError(w.t, box.Close()) })
}

func (w *world) openAccount() {
	ctx := w.t.Context()
	a, owner, err := models.NewAccount("Acme", "Ada", "ada@example.com")
	require.NoError(w.t, err)
	key, _ := models.NewAPIKey(a.ID, "test")
	require.NoError(w.t, w.AddAccount(ctx, a, owner, key))
	w.list, err = w.AddList(ctx, models.Once{}, models.List{
		ID: models.NewID[models.ListID](), AccountID: a.ID, Name: "L", Brand: "Acme", Phone: "+14155550132",
		Provider: "twilio", ProviderSID: "AC1", BaseURL: w.server.URL, PrependBrand: true,
		OptOutLine: "Reply STOP to opt out", State: models.ListActive,
	}, token)
	require.NoError(w.t, err)
	_, err = w.ImportContacts(ctx, models.Once{}, models.Import{
		ID: models.NewID[models.ImportID](), AccountID: a.ID, ListID: w.list.ID,
	}, &people{left: w.contacts})
	require.NoError(w.t, err)
}

// people is a contact file in memory.
type people struct{ left int }

func (p *people) Next() (models.ContactRow, error) {
	if p.left == 0 {
		return models.ContactRow{}, io.EOF
	}
	p.left--
	return models.ContactRow{Line: int64(p.left + 2), Phone: phoneOf(p.left), Region: "US", FirstName: fmt.Sprintf("P%d", p.left)}, nil
}

func (p *people) Hash() []byte { return []byte("hash") }

func phoneOf(i int) string { return fmt.Sprintf("+1212555%04d", i) }

// launch makes and freezes a campaign to everybody.
func (w *world) launch() models.Campaign {
	w.t.Helper()
	ctx, c := w.t.Context(), w.draft()
	_, err := w.LaunchCampaign(ctx, c.AccountID, c.ID, nil, time.Now())
	require.NoError(w.t, err)
	_, _, err = w.Freeze(ctx, c.AccountID, c.ID, time.Now())
	require.NoError(w.t, err)
	return c
}

func (w *world) draft() models.Campaign {
	w.t.Helper()
	creativeID := models.NewID[models.CreativeID]()
	creative, err := w.AddCreative(w.t.Context(), models.Once{}, models.Creative{
		ID: creativeID, AccountID: w.list.AccountID, Name: "K", Body: body,
		Status: models.CreativeActive, Links: []models.CreativeLink{{CreativeID: creativeID, Number: 1, URL: "https://example.com/"}},
	})
	require.NoError(w.t, err)
	id := models.NewID[models.CampaignID]()
	c, err := w.AddCampaign(w.t.Context(), models.Once{}, models.Campaign{
		ID: id, AccountID: w.list.AccountID, ListID: w.list.ID, Name: "C", State: models.CampaignDraft,
		Variants: []models.Variant{{CampaignID: id, Number: 1, Name: "A", CreativeID: creative.ID, Percent: 100}},
	})
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
func (w *world) send() (res activities.SendBatchResult, err error) {
	err = as(w.t, func(ctx context.Context) (err error) {
		res, err = w.delivery.SendBatch(ctx, activities.SendBatchInput{CampaignRef: w.ref()})
		return err
	})
	return res, err
}

// settle asks after what is unknown.
func (w *world) settle(requeue bool) (p models.Progress) {
	w.t.Helper()
	require.NoError(w.t, as(w.t, func(ctx context.Context) (err error) {
		p, err = w.delivery.SettleUnknown(ctx, activities.SettleInput{CampaignRef: w.ref(), Requeue: requeue})
		return err
	}))
	return p
}

func (w *world) faults(f sandbox.Faults) { require.NoError(w.t, w.box.SetFaults(f)) }

func (w *world) move(next models.CampaignState) {
	w.t.Helper()
	_, err := w.MoveCampaign(w.t.Context(), w.campaign.AccountID, w.campaign.ID, next, "test", time.Now())
	require.NoError(w.t, err)
}

func (w *world) progress() models.Progress {
	w.t.Helper()
	p, err := w.Progress(w.t.Context(), w.campaign.AccountID, w.campaign.ID)
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
