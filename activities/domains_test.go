package activities_test

import (
	"context"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/activities"
	"trackly/internal/provider/sandbox"
	"trackly/models"
)

// internet is what link domains answer: a problem each.
type internet struct {
	mu    sync.Mutex
	wrong map[string]string
	asked int
}

func (n *internet) Check(_ context.Context, url string) string {
	n.mu.Lock()
	defer n.mu.Unlock()
	n.asked++
	return n.wrong[url]
}

func (w *world) domain(rank int, limit int64) models.LinkDomain {
	w.t.Helper()
	d, err := w.AddLinkDomain(w.t.Context(), models.Once{}, models.LinkDomain{
		ID: models.NewID[models.DomainID](), AccountID: w.account, ListID: w.list.ID, Rank: rank,
		URL: "https://d" + string(rune('0'+rank)) + ".example", BurnLimit: limit, State: models.DomainNew,
	})
	require.NoError(w.t, err)
	return d
}

func (w *world) checkDomains(n *internet) (res activities.CheckDomainsResult) {
	w.t.Helper()
	d := &activities.Domains{Store: w.Store, Links: n, Now: time.Now}
	require.NoError(w.t, as(w.t, func(ctx context.Context) (err error) {
		res, err = d.CheckDomains(ctx, activities.CheckDomainsInput{})
		return err
	}))
	require.True(w.t, res.Done)
	return res
}

// hosts counts the texts by what their links begin with.
func (w *world) hosts() map[string]int {
	w.t.Helper()
	got := map[string]int{}
	for _, m := range w.messages() {
		_, rest, ok := strings.Cut(m.Body, "news: ")
		require.True(w.t, ok, m.Body)
		got[rest[:strings.LastIndex(rest, "/")]]++
	}
	return got
}

func TestTextsLeadToTheNextDomainWhenOneIsUsedUp(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 30, sandbox.Faults{}, pacedAt(20)) // some texts a leg
	w.domain(1, 5)
	w.domain(2, 0)
	require.Equal(t, int64(2), w.checkDomains(&internet{}).Checked)
	_, err := w.send()
	require.NoError(t, err)
	got := w.hosts()
	require.Len(t, got, 2, got)
	require.GreaterOrEqual(t, got["https://d1.example"], 5)
	require.Equal(t, 30, got["https://d1.example"]+got["https://d2.example"])
	all, err := w.LinkDomains(t.Context(), w.account, w.list.ID)
	require.NoError(t, err)
	require.Equal(t, models.DomainRetired, all[0].State)
	for _, d := range all {
		require.EqualValues(t, got[d.URL], d.Messages, d.URL)
	}
	require.Equal(t, []models.EventKind{models.EventDomainRetired}, w.events())
}

func TestWithoutALiveDomainTextsFallBackAndAreToldOf(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 4, sandbox.Faults{})
	d := w.domain(1, 0)
	net := &internet{}
	w.checkDomains(net)
	net.wrong = map[string]string{d.URL: "the domain's DNS does not answer"}
	require.Equal(t, activities.CheckDomainsResult{Checked: 1, Down: 1, After: d.ID, Done: true}, w.checkDomains(net))
	w.checkDomains(net)
	require.Equal(t, []models.EventKind{models.EventDomainDown, models.EventLinkFallback}, w.events(), "once")
	_, err := w.send()
	require.NoError(t, err)
	require.Equal(t, map[string]int{"http://127.0.0.1:1": 4}, w.hosts())
	net.wrong = nil
	w.checkDomains(net)
	require.Equal(t, models.EventDomainUp, w.events()[2])
	require.Equal(t, 4, net.asked)
}

func TestDomainsAreCheckedInPages(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, sandbox.Faults{})
	for i := range 20 {
		_, err := w.AddLinkDomain(t.Context(), models.Once{}, models.LinkDomain{
			ID: models.NewID[models.DomainID](), AccountID: w.account, ListID: w.list.ID, Rank: i + 1,
			URL: "https://d" + strings.Repeat("x", i) + ".example", State: models.DomainNew,
		})
		require.NoError(t, err)
	}
	net := &internet{}
	require.EqualValues(t, 20, w.checkDomains(net).Checked)
	require.Equal(t, 20, net.asked)
}
