package store_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/testkit"
	"trackly/models"
)

func kinds() []models.Kind {
	return []models.Kind{
		models.KindCampaign, models.KindAPI, models.KindReply, models.KindConfirmation, models.KindHelp, models.KindPasscode, models.KindTest,
	}
}

// queuedKind gives the batch of one queued message of a kind to the first contact.
func (w *world) queuedKind(kind models.Kind, phone string) (models.Batch, models.MessageID) {
	w.t.Helper()
	if kind != models.KindCampaign {
		id := w.single(kind, phone)
		return w.takeOf(w.outbox(), 0, first), id
	}
	c := w.launched(everybody, 100)
	b := w.take(c, first)
	queued, err := w.QueuedMessages(w.t.Context(), b)
	require.NoError(w.t, err)
	require.Len(w.t, queued, 1)
	return b, queued[0].ID
}

// Whatever changes between the planning of a message and its claim counts. The answer to a
// STOP and to HELP is owed to everybody; who is waited for need not be active.
func TestConsentAtTheClaim(t *testing.T) {
	t.Parallel()
	marketing := func(k models.Kind) bool { return k == models.KindCampaign || k == models.KindAPI }
	answer := func(k models.Kind) bool { return k == models.KindConfirmation || k == models.KindHelp }
	all := func(models.Kind) bool { return true }
	status := func(to string) func(w *world) {
		return func(w *world) {
			w.exec(`UPDATE subscriptions SET status = $1, opted_out_at = CASE WHEN $1 = 'opted_out' THEN now() END WHERE account_id = $2`, to, w.account)
		}
	}
	silence := func(s models.Scope) func(w *world) { return func(w *world) { w.silence(phoneOf(0), s) } }
	for name, tc := range map[string]struct {
		change func(w *world)
		goes   func(models.Kind) bool
		reason string
	}{
		"nothing changed":             {func(*world) {}, all, ""},
		"opted out":                   {status("opted_out"), answer, models.ReasonOptedOut},
		"invalid":                     {status("invalid"), answer, models.ReasonNotActive},
		"suppressed by hand":          {status("suppressed"), func(k models.Kind) bool { return !marketing(k) }, models.ReasonNotActive},
		"active, but silenced: list":  {silence(models.ScopeList), answer, models.ReasonOptedOut},
		"active, but silenced: brand": {silence(models.ScopeBrand), answer, models.ReasonOptedOut},
		"active, but silenced: all":   {silence(models.ScopeAccount), answer, models.ReasonOptedOut},
		"silenced, and lifted": {func(w *world) {
			w.silence(phoneOf(0), models.ScopeAccount)
			w.exec(`UPDATE suppressions SET lifted_at = now()`)
		}, all, ""},
		"another list is silent": {func(w *world) {
			other := w.addList("Other", nil)
			other.silence(phoneOf(0), models.ScopeList)
			other.silence(phoneOf(0), models.ScopeBrand)
		}, all, ""},
		"another account is silent": {func(w *world) { addWorld(w.t, w.Store, 1).silence(phoneOf(0), models.ScopeAccount) }, all, ""},
		"another list of the brand, in other letters": {func(w *world) {
			w.addList("ACME", nil).silence(phoneOf(0), models.ScopeBrand)
		}, answer, models.ReasonOptedOut},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			st := testkit.Store(t)
			for _, kind := range kinds() {
				w := addWorld(t, st, 1) // an account for each kind; the contact is the same
				b, id := w.queuedKind(kind, phoneOf(0))
				tc.change(w)
				want := tc.goes(kind)
				got := w.claim(b, first)
				require.Equal(t, want, len(got) == 1, "%s", kind)
				m, err := w.Message(t.Context(), w.account, id)
				require.NoError(t, err)
				if want {
					require.Equal(t, models.MessageClaimed, m.State, "%s", kind)
				} else {
					require.Equal(t, models.MessageSkipped, m.State, "%s", kind)
					require.Equal(t, tc.reason, m.Reason, "%s", kind)
				}
			}
		})
	}
}

// The same, for what changes between the claim and the handing over.
func TestASuppressionAfterTheClaimIsSeenInTheHoldersRights(t *testing.T) {
	t.Parallel()
	for _, scope := range []models.Scope{models.ScopeList, models.ScopeBrand, models.ScopeAccount} {
		t.Run(string(scope), func(t *testing.T) {
			t.Parallel()
			st := testkit.Store(t)
			for _, kind := range kinds() {
				w := addWorld(t, st, 1)
				b, id := w.queuedKind(kind, phoneOf(0))
				require.Len(t, w.claim(b, first), 1)
				r, err := w.RightsOf(t.Context(), b, first, []models.MessageID{id})
				require.NoError(t, err)
				require.True(t, r.Holder && r.Sending && len(r.Inactive) == 0, "%s: %+v", kind, r)
				w.silence(phoneOf(0), scope)
				r, err = w.RightsOf(t.Context(), b, first, []models.MessageID{id})
				require.NoError(t, err)
				owed := kind == models.KindConfirmation || kind == models.KindHelp
				require.Equal(t, owed, len(r.Inactive) == 0, "%s", kind)
			}
		})
	}
}

func TestAClaimNotesRouteAndPlace(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	id := w.claim(w.take(w.launched(everybody, 100), first), first)[0]
	m, err := w.Message(t.Context(), w.account, id)
	require.NoError(t, err)
	require.Equal(t, "US-TX v1", m.Place)
	require.Equal(t, 1, m.Route)
	require.Equal(t, 1, m.Segments)
	require.Equal(t, models.KindCampaign, m.Kind)
}

func TestSingleTextsGoWhileTheirListIsActive(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1)
	w.single(models.KindAPI, phoneOf(0))
	b := w.takeOf(w.outbox(), 0, first)
	_, err := w.MoveList(t.Context(), w.account, w.list.ID, models.ListPaused, "unpaid")
	require.NoError(t, err)
	require.Empty(t, w.claim(b, first))
	r, err := w.RightsOf(t.Context(), b, first, nil)
	require.NoError(t, err)
	require.False(t, r.Sending)
	_, err = w.MoveList(t.Context(), w.account, w.list.ID, models.ListActive, "")
	require.NoError(t, err)
	require.Len(t, w.claim(b, first), 1)
}
