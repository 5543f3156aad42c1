package store_test

import (
	"fmt"
	"sync"
	"testing"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/models"
)

// domain gives the list a link domain in this state.
func (w *world) domain(rank int, limit int64, s models.DomainState) models.LinkDomain {
	w.t.Helper()
	d, err := w.AddLinkDomain(w.t.Context(), models.Once{}, models.LinkDomain{
		ID: models.NewID[models.DomainID](), AccountID: w.account, ListID: w.list.ID, Rank: rank,
		URL: fmt.Sprintf("https://d%d.example", rank), BurnLimit: limit, State: s,
	})
	require.NoError(w.t, err)
	return d
}

func (w *world) again(d models.LinkDomain) models.LinkDomain {
	w.t.Helper()
	d, err := w.LinkDomain(w.t.Context(), d.AccountID, d.ListID, d.ID)
	require.NoError(w.t, err)
	return d
}

func (w *world) eventsOf(kind models.EventKind) int64 {
	w.t.Helper()
	return w.count(`SELECT count(*) FROM events WHERE account_id = $1 AND kind = $2`, w.account, kind)
}

// claimLinked claims one batch of a campaign to everybody, every text with a link to d.
func (w *world) claimLinked(src models.Source, number int, d models.LinkDomain) (int, error) {
	ctx, holder := w.t.Context(), uuid.NewString()
	b, err := w.TakeBatch(ctx, src, number, holder)
	if err != nil {
		return 0, err
	}
	queued, err := w.QueuedMessages(ctx, b)
	if err != nil {
		return 0, err
	}
	c := models.Claim{Batch: b, Holder: holder, Route: 1, Domain: d.ID}
	for i, q := range queued {
		c.Texts = append(c.Texts, models.Text{MessageID: q.ID, Kind: q.Kind, Body: "x", Linked: i > 0})
	}
	got, err := w.ClaimMessages(ctx, c)
	return len(got) - 1, err // the first one has no link
}

func TestClaimedLinksAreCountedExactly(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 12)
	d := w.domain(1, 0, models.DomainUp)
	var claims sync.WaitGroup
	for range 8 {
		src := w.launched(everybody, 100).Source()
		claims.Go(func() {
			n, err := w.claimLinked(src, 0, d)
			if err != nil || n != 11 {
				t.Errorf("claimed %d: %v", n, err)
			}
		})
	}
	claims.Wait()
	require.EqualValues(t, 88, w.again(d).Messages)
	require.Equal(t, models.DomainUp, w.again(d).State)
}

func TestAReachedBurnLimitRetiresADomainOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 12)
	first, second := w.domain(1, 20, models.DomainUp), w.domain(2, 0, models.DomainUp)
	var claims sync.WaitGroup
	for range 4 {
		src := w.launched(everybody, 100).Source()
		claims.Go(func() {
			if _, err := w.claimLinked(src, 0, first); err != nil {
				t.Error(err)
			}
		})
	}
	claims.Wait()
	require.Equal(t, models.DomainRetired, w.again(first).State)
	require.EqualValues(t, 44, w.again(first).Messages, "what was on its way is counted past the limit")
	require.EqualValues(t, 1, w.eventsOf(models.EventDomainRetired))
	require.Zero(t, w.eventsOf(models.EventLinkFallback), "there is another one")

	all, err := w.LinkDomains(t.Context(), w.account, w.list.ID)
	require.NoError(t, err)
	next, ok := models.PickDomain(all)
	require.True(t, ok)
	require.Equal(t, second.ID, next.ID)

	_, err = w.CheckedDomain(t.Context(), second, "nobody there")
	require.NoError(t, err)
	require.EqualValues(t, 1, w.eventsOf(models.EventLinkFallback))
	got, err := w.CheckedDomain(t.Context(), first, "")
	require.NoError(t, err)
	require.Equal(t, models.DomainRetired, got.State, "a check revives no retired domain")

	first.BurnLimit = 1000
	got, err = w.SetLinkDomain(t.Context(), first)
	require.NoError(t, err)
	require.Equal(t, models.DomainNew, got.State, "a raised limit does, after a check")
	first.BurnLimit = 1
	got, err = w.SetLinkDomain(t.Context(), first)
	require.NoError(t, err)
	require.Equal(t, models.DomainRetired, got.State)
}

func TestTheLastDomainsLeavingTogetherIsToldOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 0)
	domains := []models.LinkDomain{w.domain(1, 0, models.DomainUp), w.domain(2, 0, models.DomainUp), w.domain(3, 0, models.DomainUp)}
	for range 3 { // what goes down is told of, and what comes back
		for _, problem := range []string{"no answer", ""} {
			var checks sync.WaitGroup
			for _, d := range domains {
				for range 3 {
					checks.Go(func() {
						if _, err := w.CheckedDomain(t.Context(), d, problem); err != nil {
							t.Error(err)
						}
					})
				}
			}
			checks.Wait()
		}
	}
	require.EqualValues(t, 9, w.eventsOf(models.EventDomainDown))
	require.EqualValues(t, 9, w.eventsOf(models.EventDomainUp))
	require.EqualValues(t, 3, w.eventsOf(models.EventLinkFallback))
}

func TestDomainsBelongToTheirListAndAccount(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 12)
	d := w.domain(1, 1, models.DomainUp)
	stranger := addWorld(t, w.Store, 0)
	ctx := t.Context()
	_, err := w.LinkDomain(ctx, stranger.account, d.ListID, d.ID)
	require.Equal(t, fault.NotFound, fault.KindOf(err))
	_, err = w.LinkDomain(ctx, w.account, stranger.list.ID, d.ID)
	require.Equal(t, fault.NotFound, fault.KindOf(err))
	require.Equal(t, fault.NotFound, fault.KindOf(w.DeleteLinkDomain(ctx, stranger.account, d.ListID, d.ID)))
	theirs := d
	theirs.AccountID = stranger.account
	_, err = w.SetLinkDomain(ctx, theirs)
	require.Equal(t, fault.NotFound, fault.KindOf(err))
	_, err = w.CheckedDomain(ctx, theirs, "x")
	require.Equal(t, fault.NotFound, fault.KindOf(err))
	require.Equal(t, models.DomainUp, w.again(d).State)

	_, err = w.AddLinkDomain(ctx, models.Once{}, models.LinkDomain{
		ID: models.NewID[models.DomainID](), AccountID: w.account, ListID: w.list.ID, Rank: 2, URL: d.URL, State: models.DomainNew,
	})
	require.Equal(t, fault.Conflict, fault.KindOf(err), "the same domain twice")

	require.NoError(t, w.DeleteLinkDomain(ctx, w.account, d.ListID, d.ID))
	require.EqualValues(t, 1, w.eventsOf(models.EventLinkFallback))
	n, err := w.claimLinked(w.launched(everybody, 100).Source(), 0, d)
	require.NoError(t, err, "its texts go out all the same")
	require.Equal(t, 11, n)
}
