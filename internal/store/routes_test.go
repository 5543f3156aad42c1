package store_test

import (
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/models"
)

// route reads the list's route of a rank again.
func (w *world) route(rank int) models.Route {
	w.t.Helper()
	l, err := w.List(w.t.Context(), w.account, w.list.ID)
	require.NoError(w.t, err)
	r, ok := models.RouteOf(l.Routes, rank)
	require.True(w.t, ok)
	return r
}

// another is a route to be set.
func (w *world) another(rank int) models.Route {
	return models.Route{
		ID: models.NewID[models.RouteID](), AccountID: w.account, ListID: w.list.ID, Rank: rank, Provider: "telnyx",
		Phone: "+14155550199", SID: "profile-2", PaceGroup: "g", CreatedAt: time.Now(),
	}
}

func TestSetRoute(t *testing.T) {
	t.Parallel()
	t.Run("a replaced route keeps its id and its birthday and loses all that was checked", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 0)
		old := w.route(1)
		require.NoError(t, old.Checked())
		w.exec(`UPDATE routes SET state = 'blocked', reason = 'unpaid', check_problem = 'x' WHERE id = $1`, old.ID)
		n := old // the same provider account, with a new token
		n.ID, n.PaceGroup, n.CreatedAt = models.NewID[models.RouteID](), "g", time.Time{}
		n.CredentialsAt, n.TextAt, n.WebhookAt = nil, nil, nil
		n.State, n.Reason, n.CheckProblem = "", "", ""
		_, err := w.SetRoute(t.Context(), n, models.Credentials{Token: "new", PublicKey: "pk"})
		require.NoError(t, err)
		got := w.route(1)
		require.Equal(t, old.ID, got.ID, "texts on their way are reported to its old address")
		require.Equal(t, "g", got.PaceGroup)
		require.Error(t, got.Checked())
		require.Nil(t, got.CredentialsAt)
		require.Nil(t, got.TextAt)
		require.Nil(t, got.WebhookAt)
		require.Equal(t, models.RouteUp, got.State)
		require.Empty(t, got.Reason+got.CheckProblem)
		require.WithinDuration(t, old.CreatedAt, got.CreatedAt, 0)
		l, r, c, err := w.WebhookRoute(t.Context(), got.ID)
		require.NoError(t, err)
		require.Equal(t, w.list.ID, l.ID)
		require.Equal(t, got.ID, r.ID)
		require.Equal(t, "new pk", c.Token+" "+c.PublicKey)
	})
	t.Run("another provider takes its place", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 0)
		_, err := w.SetRoute(t.Context(), w.another(1), token)
		require.NoError(t, err)
		got := w.route(1)
		require.Equal(t, "telnyx profile-2 +14155550199", got.Provider+" "+got.SID+" "+got.Phone)
		require.Equal(t, w.list.Routes[0].ID, got.ID)
		require.Error(t, got.Checked())
	})
	t.Run("the first route's number is the list's, the second's is not", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 0)
		second := w.another(2)
		second.Phone = "+14155550177"
		_, err := w.SetRoute(t.Context(), second, token)
		require.NoError(t, err)
		l, err := w.List(t.Context(), w.account, w.list.ID)
		require.NoError(t, err)
		require.Equal(t, w.list.Phone, l.Phone)
		require.Equal(t, []int{1, 2}, []int{l.Routes[0].Rank, l.Routes[1].Rank})
		_, err = w.SetRoute(t.Context(), w.another(1), token)
		require.NoError(t, err)
		l, err = w.List(t.Context(), w.account, w.list.ID)
		require.NoError(t, err)
		require.Equal(t, "+14155550199", l.Phone)
	})
	t.Run("another account's list is not found", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 0)
		other := addWorld(t, w.Store, 0)
		r := w.another(1)
		r.AccountID = other.account
		_, err := w.SetRoute(t.Context(), r, token)
		require.Equal(t, fault.NotFound, fault.KindOf(err))
		require.Equal(t, "twilio", w.route(1).Provider)
	})
	t.Run("two who add a second route at once leave one", func(t *testing.T) {
		t.Parallel()
		w := newWorld(t, 0)
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if _, err := w.SetRoute(t.Context(), w.another(2), token); err != nil && fault.KindOf(err) != fault.Conflict {
					t.Error(err)
				}
			})
		}
		wg.Wait()
		require.EqualValues(t, 1, w.count(`SELECT count(*) FROM routes WHERE list_id = $1 AND rank = 2`, w.list.ID))
	})
}

func TestAWebhookOfNoRouteIsNotFound(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	for _, id := range []models.RouteID{"", "x", "' OR true --", models.NewID[models.RouteID](), models.RouteID(w.list.ID)} {
		_, _, _, err := w.WebhookRoute(t.Context(), id)
		require.Equal(t, fault.NotFound, fault.KindOf(err), "%q", id)
	}
}

func TestRoutesAtAreThoseOfOneProviderServer(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	sandbox := w.addList("Acme", func(l *models.List) { l.Routes[0].BaseURL = "http://127.0.0.1:1" })
	got, err := w.RoutesAt(t.Context(), "http://127.0.0.1:1")
	require.NoError(t, err)
	require.Len(t, got, 1)
	require.Equal(t, sandbox.list.ID, got[0].ListID)
}

// winners counts to how many of eight at once something was granted.
func winners(t *testing.T, do func() (bool, error)) int32 {
	t.Helper()
	var won atomic.Int32
	var wg sync.WaitGroup
	for range 8 {
		wg.Go(func() {
			ok, err := do()
			if err != nil {
				t.Error(err)
			}
			if ok {
				won.Add(1)
			}
		})
	}
	wg.Wait()
	return won.Load()
}

func TestOneOfManyMovesARoute(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	move := func(next models.RouteState, reason string) int32 {
		r := w.route(1)
		return winners(t, func() (bool, error) { return w.MoveRoute(t.Context(), r, next, reason, time.Minute) })
	}
	require.EqualValues(t, 1, move(models.RouteDown, "timeouts"))
	r := w.route(1)
	require.Equal(t, models.RouteDown, r.State)
	require.Equal(t, "timeouts", r.Reason)
	require.WithinDuration(t, time.Now().Add(time.Minute), *r.ProbeAt, 20*time.Second)
	require.EqualValues(t, 0, move(models.RouteDown, "timeouts"), "nothing new")
	require.EqualValues(t, 1, move(models.RouteBlocked, "unpaid"))
	require.Nil(t, w.route(1).ProbeAt)
	require.EqualValues(t, 1, move(models.RouteBlocked, "suspended"), "another reason is news")
	require.EqualValues(t, 1, move(models.RouteUp, ""))
	stale := r // was read while it was down
	moved, err := w.MoveRoute(t.Context(), stale, models.RouteBlocked, "old news", 0)
	require.NoError(t, err)
	require.False(t, moved, "what was found out of another state says nothing of this one")
	foreign := w.route(1)
	foreign.AccountID = addWorld(t, w.Store, 0).account
	moved, err = w.MoveRoute(t.Context(), foreign, models.RouteBlocked, "x", 0)
	require.NoError(t, err)
	require.False(t, moved)
}

func TestOneOfManyProbes(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	probe := func() int32 {
		r := w.route(1)
		return winners(t, func() (bool, error) { return w.TakeProbe(t.Context(), r, time.Minute) })
	}
	require.EqualValues(t, 0, probe(), "it is up")
	_, err := w.MoveRoute(t.Context(), w.route(1), models.RouteDown, "timeouts", time.Hour)
	require.NoError(t, err)
	require.EqualValues(t, 0, probe(), "not yet")
	w.exec(`UPDATE routes SET probe_at = now() - interval '1 second'`)
	require.EqualValues(t, 1, probe())
	require.EqualValues(t, 0, probe(), "the next one in a minute")
}

func TestTheStepsOfACheck(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	id := w.route(1).ID
	_, err := w.MoveRoute(t.Context(), w.route(1), models.RouteBlocked, "unpaid", 0)
	require.NoError(t, err)
	begin := func(account models.AccountID) error {
		_, _, err := w.BeginCheck(t.Context(), models.Once{}, models.Single{
			AccountID: account, ListID: w.list.ID, Phone: phoneOf(2), Body: "test", Kind: models.KindTest, Route: 1,
		})
		return err
	}
	require.NoError(t, begin(w.account))
	r := w.route(1)
	require.Equal(t, models.RouteUp, r.State, "who mended the account checks it")
	require.Empty(t, r.Reason)
	require.Nil(t, r.CredentialsAt)

	require.NoError(t, w.FailCheck(t.Context(), w.account, id, 0, "wrong token"))
	require.Equal(t, "wrong token", w.route(1).CheckProblem)
	require.NoError(t, w.PassStep(t.Context(), w.account, id, models.StepCredentials))
	r = w.route(1)
	require.NotNil(t, r.CredentialsAt)
	require.Nil(t, r.TextAt)
	require.Empty(t, r.CheckProblem)
	before := *r.CredentialsAt
	require.NoError(t, w.PassStep(t.Context(), w.account, id, models.StepCredentials, models.StepText, models.StepWebhook))
	r = w.route(1)
	require.NoError(t, r.Checked())
	require.True(t, before.Equal(*r.CredentialsAt), "a step is passed once")

	text := w.single(models.KindTest, phoneOf(1))
	require.NoError(t, w.FailCheck(t.Context(), w.account, id, text, "no callback came"))
	require.Error(t, w.route(1).Checked(), "what was passed before does not count any more")
	m, err := w.Message(t.Context(), w.account, text)
	require.NoError(t, err)
	require.Equal(t, models.MessageSkipped, m.State, "its test text does not go out later")
	require.Equal(t, models.ReasonCheckFailed, m.Reason)

	other := addWorld(t, w.Store, 0)
	require.NoError(t, w.PassStep(t.Context(), other.account, id, models.StepCredentials))
	require.Equal(t, fault.NotFound, fault.KindOf(begin(other.account)))
	require.Equal(t, "no callback came", w.route(1).CheckProblem, "another account's check changes nothing")
	require.Nil(t, w.route(1).CredentialsAt)
}
