package store_test

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/models"
	"trackly/rules/audience"
	"trackly/rules/optout"
)

// hear stores a text from a phone.
func (w *world) hear(phone, id, body string) models.InboundEffect {
	w.t.Helper()
	e, err := w.RecordInbound(w.t.Context(), w.list, models.Inbound{
		AccountID: w.account, ListID: w.list.ID, ProviderID: id, Phone: phone, Body: body, ReceivedAt: time.Now(),
	})
	require.NoError(w.t, err)
	return e
}

func (w *world) stop(phone string) models.InboundEffect {
	w.t.Helper()
	return w.hear(phone, "SM-stop-"+phone, "STOP")
}

// deactivate ends a subscription by hand, behind the messages' back.
func (w *world) deactivate(phone string) {
	w.t.Helper()
	w.exec(`UPDATE subscriptions s SET status = 'suppressed' FROM contacts c WHERE c.id = s.contact_id AND c.phone = $1 AND s.account_id = $2`, phone, w.account)
}

func TestRecordInbound(t *testing.T) {
	t.Parallel()
	t.Run("a STOP ends the subscription and its queued messages, once", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 5)
		c := w.launched(audience.Filter{}, 100)
		e := w.stop(phoneOf(3))
		require.Equal(t, models.InboundEffect{New: true, Verdict: optout.Stop, OptedOut: true, Skipped: 1, Campaigns: []models.CampaignID{c.ID}}, e)
		require.Equal(t, models.InboundEffect{}, w.stop(phoneOf(3)), "the same webhook again changes nothing")
		require.Equal(t, models.Progress{Planned: 5, Queued: 4, Skipped: 1}, w.progress(c))
	})
	t.Run("a stranger's STOP keeps a later import silent", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 0)
		w.stop(phoneOf(1))
		imp := w.load(people(3)...)
		require.EqualValues(t, 1, imp.OptedOut)
		require.EqualValues(t, 2, imp.Added)
		require.EqualValues(t, 2, *w.launched(audience.Filter{}, 100).Planned)
	})
	t.Run("START opens it again", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 2)
		w.stop(phoneOf(1))
		w.hear(phoneOf(1), "SM9", "START")
		require.EqualValues(t, 2, *w.launched(audience.Filter{}, 100).Planned)
	})
	t.Run("other accounts' subscriptions of the same phone stay", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 3)
		other := addWorld(t, w.Store, 3)
		w.stop(phoneOf(1))
		require.EqualValues(t, 3, *other.launched(audience.Filter{}, 100).Planned)
	})
}

func TestOptOutByProvider(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 3)
	c := w.launched(audience.Filter{}, 100)
	ids := w.claim(w.take(c, first), first)
	require.NoError(t, w.OptOutByProvider(t.Context(), w.account, ids[:1]))
	require.NoError(t, w.OptOutByProvider(t.Context(), w.account, ids[:1]))
	require.EqualValues(t, 2, *w.launched(audience.Filter{}, 100).Planned)
}
