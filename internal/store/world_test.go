package store_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/store"
	"trackly/internal/testkit"
	"trackly/models"
	"trackly/rules/audience"
	"trackly/rules/price"
	"trackly/rules/segment"
)

// world is an account with a list, some contacts and two creatives.
type world struct {
	*store.Store
	t       *testing.T
	account models.AccountID
	list    models.List
}

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// everybody is the audience of no condition.
var everybody = audience.Filter{}

func newWorld(t *testing.T, contacts int) *world {
	t.Helper()
	return addWorld(t, testkit.Store(t), contacts)
}

// addWorld makes one more account in a store.
func addWorld(t *testing.T, st *store.Store, contacts int) *world {
	t.Helper()
	w := &world{Store: st, t: t}
	a, owner, err := models.NewAccount("Acme", "Ada", "ada@example.com")
	require.NoError(t, err)
	key, _ := models.NewAPIKey(a.ID, "test")
	require.NoError(t, w.AddAccount(t.Context(), a, owner, key))
	w.account = a.ID
	w.list = w.addList("Acme", nil).list
	if contacts > 0 {
		w.load(people(contacts)...)
	}
	return w
}

var token = models.Credentials{Token: "token123"} //nolint:gochecknoglobals // a constant

// addList makes one more list of the account, and gives the world as seen from it.
func (w *world) addList(brand string, change func(*models.List)) *world {
	w.t.Helper()
	l := testkit.SendingList(w.account, "twilio", "+14155550132", "")
	if l.Brand = brand; brand == "" {
		l.PrependBrand = false
	}
	if change != nil {
		change(&l)
	}
	l, err := w.AddList(w.t.Context(), models.Once{}, l, token)
	require.NoError(w.t, err)
	other := *w
	other.list = l
	return &other
}

// set changes the account's settings.
func (w *world) set(change func(*models.Settings)) {
	w.t.Helper()
	n, err := w.Settings(w.t.Context(), w.account)
	require.NoError(w.t, err)
	change(&n)
	require.NoError(w.t, w.SetSettings(w.t.Context(), w.account, n))
}

// change changes the list's settings.
func (w *world) change(change func(*models.List)) {
	w.t.Helper()
	change(&w.list)
	l, err := w.SetList(w.t.Context(), w.list)
	require.NoError(w.t, err)
	w.list = l
}

// count asks one number of the database.
func (w *world) count(sql string, args ...any) int64 {
	w.t.Helper()
	n, err := w.Count(w.t.Context(), sql, args...)
	require.NoError(w.t, err)
	return n
}

// text asks one text of the database.
func (w *world) text(sql string, args ...any) string {
	w.t.Helper()
	s, err := w.Text(w.t.Context(), sql, args...)
	require.NoError(w.t, err)
	return s
}

// exec changes rows in ways the product never does.
func (w *world) exec(sql string, args ...any) {
	w.t.Helper()
	require.NoError(w.t, w.Exec(w.t.Context(), sql, args...))
}

func people(n int) []testkit.Contact {
	rows := make([]testkit.Contact, n)
	for i := range rows {
		rows[i] = testkit.Contact{
			Phone: phoneOf(i), FirstName: fmt.Sprintf("P%d", i),
			State: []string{"TX", "CA", ""}[i%3], Fields: map[string]string{"age": fmt.Sprint(20 + i%50)},
		}
	}
	return rows
}

func phoneOf(i int) string { return fmt.Sprintf("+1212555%04d", i) }

func (w *world) load(rows ...testkit.Contact) models.Import {
	w.t.Helper()
	return testkit.Import(w.t, w.Store, w.list, testkit.File(rows...))
}

// launched makes a frozen campaign over everybody the filter means.
func (w *world) launched(f audience.Filter, percents ...int) models.Campaign {
	w.t.Helper()
	ctx := w.t.Context()
	c := models.Campaign{
		ID: models.NewID[models.CampaignID](), AccountID: w.account, ListID: w.list.ID, Name: "C",
		State: models.CampaignDraft, Filter: f, Late: models.LateWaits,
	}
	for i, p := range percents {
		creative, err := w.AddCreative(ctx, models.Once{}, models.Creative{
			ID: models.NewID[models.CreativeID](), AccountID: w.account, Name: "K", Body: "Hi {{link1}}", Status: models.CreativeActive,
		})
		require.NoError(w.t, err)
		c.Variants = append(c.Variants, models.Variant{
			CampaignID: c.ID, Number: i + 1, Name: fmt.Sprint(i + 1), CreativeID: creative.ID, Percent: p,
		})
	}
	_, err := w.AddCampaign(ctx, models.Once{}, c)
	require.NoError(w.t, err)
	_, err = w.LaunchCampaign(ctx, w.account, c.ID, nil, noon)
	require.NoError(w.t, err)
	_, _, err = w.Freeze(ctx, w.account, c.ID, noon)
	require.NoError(w.t, err)
	c, err = w.Campaign(ctx, w.account, c.ID)
	require.NoError(w.t, err)
	return c
}

// campaign names the campaign as a source of batches.
func (w *world) campaign(c models.Campaign) models.Source {
	return models.Source{AccountID: w.account, CampaignID: c.ID}
}

// outbox names the single texts of the list.
func (w *world) outbox() models.Source {
	return models.Source{AccountID: w.account, ListID: w.list.ID}
}

// take makes holder the holder of the campaign's first batch.
func (w *world) take(c models.Campaign, holder string) models.Batch {
	w.t.Helper()
	return w.takeOf(w.campaign(c), 0, holder)
}

func (w *world) takeOf(src models.Source, number int, holder string) models.Batch {
	w.t.Helper()
	b, err := w.TakeBatch(w.t.Context(), src, number, holder)
	require.NoError(w.t, err)
	return b
}

// claim claims everything that is queued in a batch.
func (w *world) claim(b models.Batch, holder string) []models.MessageID {
	w.t.Helper()
	return w.claimUnder(b, holder, models.Caps{}, 0)
}

// claimUnder claims under frequency caps, and a cap of texts a day by the contacts' state.
func (w *world) claimUnder(b models.Batch, holder string, caps models.Caps, perDay int) []models.MessageID {
	w.t.Helper()
	return w.claimAs(models.Claim{Batch: b, Holder: holder, Route: 1, Caps: caps}, perDay)
}

// claimOver claims everything that is queued in a batch for one of the list's routes.
func (w *world) claimOver(route int, b models.Batch, holder string) []models.MessageID {
	w.t.Helper()
	return w.claimAs(models.Claim{Batch: b, Holder: holder, Route: route}, 0)
}

func (w *world) claimAs(c models.Claim, perDay int) []models.MessageID {
	w.t.Helper()
	ids, err := w.ClaimMessages(w.t.Context(), w.claimOf(c, perDay))
	require.NoError(w.t, err)
	return ids
}

// claimOf gives a claim the texts of everything that is queued in its batch.
func (w *world) claimOf(c models.Claim, perDay int) models.Claim {
	w.t.Helper()
	queued, err := w.QueuedMessages(w.t.Context(), c.Batch)
	require.NoError(w.t, err)
	var texts []models.Text
	for _, q := range queued {
		texts = append(texts, models.Text{
			MessageID: q.ID, Kind: q.Kind, Phone: q.Phone, Body: "hello", Count: segment.Of("hello"), Place: "US-TX v1", Cap: perDay,
			Carrier: q.Carrier, AtState: q.AtState, Reserved: q.Segments,
		})
	}
	c.Texts, c.Prices = texts, price.DefaultBook()
	return c
}

func (w *world) settle(state models.MessageState, ids ...models.MessageID) {
	w.t.Helper()
	var out []models.Outcome
	for _, id := range ids {
		out = append(out, models.Outcome{MessageID: id, State: state, ProviderID: fmt.Sprintf("SM%d", id)})
	}
	require.NoError(w.t, w.SettleMessages(w.t.Context(), w.account, out))
}

func (w *world) state(id models.MessageID) models.MessageState {
	w.t.Helper()
	m, err := w.Message(w.t.Context(), w.account, id)
	require.NoError(w.t, err)
	return m.State
}

// progress also checks that the numbers add up and agree with the rows themselves.
func (w *world) progress(c models.Campaign) models.Progress {
	w.t.Helper()
	p, err := w.Progress(w.t.Context(), w.campaign(c))
	require.NoError(w.t, err)
	require.True(w.t, p.AddsUp(), "%+v", p)
	var counted models.Progress
	var after models.MessageID
	for {
		page, err := w.Messages(w.t.Context(), w.account, c.ID, "", after, 500)
		require.NoError(w.t, err)
		for _, m := range page {
			counted.Count(m.State)
		}
		if len(page) < 500 {
			break
		}
		after = page[len(page)-1].ID
	}
	require.Equal(w.t, counted, p, "the counters disagree with the rows")
	return p
}
