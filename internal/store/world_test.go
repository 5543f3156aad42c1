package store_test

import (
	"fmt"
	"io"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/store"
	"trackly/internal/testkit"
	"trackly/models"
	"trackly/rules/audience"
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
	w.list, err = w.AddList(t.Context(), models.Once{}, models.List{
		ID: models.NewID[models.ListID](), AccountID: a.ID, Name: "L", Brand: "Acme", Phone: "+14155550132",
		Provider: "twilio", ProviderSID: "AC1", State: models.ListActive,
	}, "token123")
	require.NoError(t, err)
	if contacts > 0 {
		w.load(people(contacts)...)
	}
	return w
}

func people(n int) []models.ContactRow {
	rows := make([]models.ContactRow, n)
	for i := range rows {
		rows[i] = models.ContactRow{
			Line: int64(i + 2), Phone: phoneOf(i), Region: "US", FirstName: fmt.Sprintf("P%d", i),
			State: []string{"TX", "CA", ""}[i%3], Fields: map[string]string{"age": fmt.Sprint(20 + i%50)},
		}
	}
	return rows
}

func phoneOf(i int) string { return fmt.Sprintf("+1212555%04d", i) }

// file is a contact file in memory.
type file struct {
	rows []models.ContactRow
	bad  error // instead of the end
}

func (f *file) Next() (models.ContactRow, error) {
	if len(f.rows) == 0 {
		if f.bad != nil {
			return models.ContactRow{}, f.bad
		}
		return models.ContactRow{}, io.EOF
	}
	r := f.rows[0]
	f.rows = f.rows[1:]
	return r, nil
}

func (f *file) Hash() []byte { return []byte("hash") }

func (w *world) load(rows ...models.ContactRow) models.Import {
	w.t.Helper()
	imp, err := w.ImportContacts(w.t.Context(), models.Once{}, models.Import{
		ID: models.NewID[models.ImportID](), AccountID: w.account, ListID: w.list.ID,
	}, &file{rows: rows})
	require.NoError(w.t, err)
	return imp
}

// launched makes a frozen campaign over everybody the filter means.
func (w *world) launched(f audience.Filter, percents ...int) models.Campaign {
	w.t.Helper()
	ctx := w.t.Context()
	c := models.Campaign{
		ID: models.NewID[models.CampaignID](), AccountID: w.account, ListID: w.list.ID, Name: "C",
		State: models.CampaignDraft, Filter: f,
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

// take makes holder the holder of the campaign's first batch.
func (w *world) take(c models.Campaign, holder string) models.Batch {
	w.t.Helper()
	b, err := w.TakeBatch(w.t.Context(), w.account, c.ID, 0, holder)
	require.NoError(w.t, err)
	return b
}

// claim claims everything that is queued in a batch.
func (w *world) claim(b models.Batch, holder string) []models.MessageID {
	w.t.Helper()
	queued, err := w.QueuedMessages(w.t.Context(), w.account, b.ID)
	require.NoError(w.t, err)
	var texts []models.Text
	for _, q := range queued {
		texts = append(texts, models.Text{MessageID: q.ID, Phone: q.Phone, Body: "hello", Count: segment.Of("hello")})
	}
	ids, err := w.ClaimMessages(w.t.Context(), b, holder, texts)
	require.NoError(w.t, err)
	return ids
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
	p, err := w.Progress(w.t.Context(), w.account, c.ID)
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
