package activities_test

import (
	"context"
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/activities"
	"trackly/internal/fault"
	"trackly/internal/network"
	"trackly/internal/network/networktest"
	"trackly/internal/provider/sandbox"
	"trackly/internal/testkit"
	"trackly/models"
	"trackly/rules/price"
)

const apiKey = "k3yOfTheAffiliate"

// affiliate is an account with an offer of a network, and the network over HTTP.
type affiliate struct {
	*world
	far   *networktest.TUNE
	pulls *activities.Pulls
	conn  models.Connection
	offer models.Offer
	click string // of the first text
	now   time.Time
}

func newAffiliate(t *testing.T, change func(*models.Offer)) *affiliate {
	t.Helper()
	zone, err := time.LoadLocation("America/Los_Angeles")
	require.NoError(t, err)
	a := &affiliate{world: newWorld(t, 1, sandbox.Faults{}), far: &networktest.TUNE{Key: apiKey, NetworkID: "acme", Zone: zone}}
	server := httptest.NewServer(a.far)
	t.Cleanup(server.Close)
	a.now = time.Now().Truncate(time.Second)
	a.pulls = &activities.Pulls{Store: a.Store, TUNE: network.TUNE{HTTP: &http.Client{Timeout: 5 * time.Second}}, Now: func() time.Time { return a.now }}
	a.conn, err = a.AddConnection(t.Context(), models.Once{}, models.Connection{
		ID: models.NewID[models.ConnectionID](), AccountID: a.account, Network: models.NetworkTUNE, Name: "Acme Leads", NetworkID: "acme",
		BaseURL: server.URL, Zone: "America/Los_Angeles", State: models.ConnectionUp,
	}, models.Credentials{Token: apiKey})
	require.NoError(t, err)
	a.offer = testkit.Offer(a.exec, a.account, func(o *models.Offer) {
		o.Network, o.ExternalID, o.Payout = models.NetworkTUNE, "7", 20*price.Unit
		if change != nil {
			change(o)
		}
	})
	_, err = a.send()
	require.NoError(t, err)
	a.click = models.NewID[string]()
	a.exec(`INSERT INTO clicks (id, account_id, message_id, link, address, user_agent, at, verdict, reason, contact_id, offer_id, own_verdict)
		SELECT $1, m.account_id, m.id, 1, '', '', $3, 'human', '', s.contact_id, $2, 'human'
		  FROM messages m JOIN subscriptions s ON s.id = m.subscription_id WHERE m.account_id = $4`, a.click, a.offer.ID, a.now.Add(-2*time.Hour), a.account)
	return a
}

func (w *world) exec(sql string, args ...any) { testkit.Exec(w.t, w.url, sql, args...) }

// conversion is one of the offer, an hour ago.
func (a *affiliate) conversion(id string, change func(*networktest.Conversion)) networktest.Conversion {
	c := networktest.Conversion{ID: id, Session: "s" + id, Offer: "7", Sub2: a.click, At: a.now.Add(-time.Hour), Payout: "12.50", Sale: "80.00", Status: "approved"}
	if change != nil {
		change(&c)
	}
	return c
}

// pull is what the workflow does for one connection; broken says how often it may be let
// down.
func (a *affiliate) pull(broken int) (sum models.Pulled, last activities.PullPagesResult) {
	a.t.Helper()
	plans, err := a.pulls.PlanPulls(a.t.Context(), activities.PlanPullsInput{AccountID: a.account, ConnectionID: a.conn.ID})
	require.NoError(a.t, err)
	require.Len(a.t, plans, 1)
	end := activities.EndPullInput{PullPlan: plans[0], Complete: true}
	for page := 1; ; {
		var res activities.PullPagesResult
		err := as(a.t, func(ctx context.Context) (err error) {
			res, err = a.pulls.PullPages(ctx, activities.PullPagesInput{PullPlan: plans[0], Page: page})
			return err
		})
		if err != nil {
			require.False(a.t, fault.KindOf(err).Final(), "%v", err)
			require.Positive(a.t, broken, "%v", err)
			broken--
			continue
		}
		sum.Add(res.Pulled)
		page, last = res.Next, res
		end.Problem, end.PendingFrom = res.Problem, res.PendingFrom
		if res.Done {
			break
		}
	}
	if !last.Blocked {
		_, err = a.pulls.EndPull(a.t.Context(), end)
		require.NoError(a.t, err)
	}
	require.Zero(a.t, broken)
	return sum, last
}

// books are all conversions and what the reports are told of them.
func (a *affiliate) books() string {
	a.t.Helper()
	return testkit.Text(a.t, a.url, `SELECT coalesce(string_agg(concat_ws(' ', transaction_id, kind, state, booked, counted, earned), E'\n' ORDER BY transaction_id, kind), '')
		|| ' = ' || (SELECT concat_ws(' ', coalesce(sum(conversions), 0), coalesce(sum(reversals), 0), coalesce(sum(revenue), 0)) FROM tally_moves WHERE offer_id = $1) FROM conversions`, a.offer.ID)
}

func (a *affiliate) connection() models.Connection {
	a.t.Helper()
	c, err := a.Connection(a.t.Context(), a.account, a.conn.ID)
	require.NoError(a.t, err)
	return c
}

func TestPullingTheSameDaysAgainChangesNothing(t *testing.T) {
	t.Parallel()
	a := newAffiliate(t, nil)
	a.far.Set(a.conversion("1", nil), a.conversion("2", func(c *networktest.Conversion) { c.Sub2, c.Payout = "", "3" }),
		a.conversion("3", func(c *networktest.Conversion) { c.Offer = "8" }), a.conversion("4", func(c *networktest.Conversion) { c.Status = "rejected" }),
		a.conversion("5", func(c *networktest.Conversion) { c.Goal = "2" }))
	sum, _ := a.pull(0)
	require.Equal(t, models.Pulled{Rows: 5, New: 3, Foreign: 1, Rejected: 1}, sum)
	want := "s1 sale credited 12500000 1 12500000\ns2 sale unmatched 3000000 1 3000000\ns5/goal:2 sale credited 12500000 1 12500000 = 3 0 28000000"
	require.Equal(t, want, a.books())
	for range 2 {
		sum, _ = a.pull(0)
		require.Equal(t, models.Pulled{Rows: 5, Known: 3, Foreign: 1, Rejected: 1}, sum)
		require.Equal(t, want, a.books())
	}
	require.Empty(t, a.connection().Problem)
	require.Equal(t, a.now.UTC(), a.connection().PulledAt.UTC())
}

func TestALateRejectionIsTakenBack(t *testing.T) {
	t.Parallel()
	a := newAffiliate(t, nil)
	a.far.Set(a.conversion("1", nil), a.conversion("2", nil))
	a.pull(0)
	a.far.Set(a.conversion("1", func(c *networktest.Conversion) { c.Status = "rejected" }), a.conversion("2", func(c *networktest.Conversion) { c.Payout = "10.00" }))
	sum, _ := a.pull(0)
	require.Equal(t, models.Pulled{Rows: 2, TakenBack: 2}, sum)
	want := "s1 refund credited -12500000 -1 0\ns1 sale credited 12500000 1 12500000\ns2 refund credited -2500000 0 2500000\ns2 sale credited 12500000 1 12500000 = 2 1 10000000"
	require.Equal(t, want, a.books())
	a.now = a.now.Add(time.Hour)
	sum, _ = a.pull(0)
	require.Equal(t, models.Pulled{Rows: 2, Known: 2}, sum)
	require.Equal(t, want, a.books())

	// What was lowered is rejected as a whole.
	a.far.Set(a.conversion("2", func(c *networktest.Conversion) { c.At, c.Status = a.now.Add(-2*time.Hour), "rejected" }))
	a.pull(0)
	require.Contains(t, a.books(), "s2 chargeback credited -10000000 -1 0")
	require.Contains(t, a.books(), " = 2 2 0")

	// What the network takes back of that is for a person.
	a.far.Set(a.conversion("1", func(c *networktest.Conversion) { c.At = a.now.Add(-2 * time.Hour) }))
	sum, _ = a.pull(0)
	require.EqualValues(t, 1, sum.Differs)
	require.Contains(t, a.connection().Problem, "by hand")
	require.Contains(t, a.events(), models.EventPullFailed)
	require.Contains(t, a.books(), " = 2 2 0")
}

func TestSeveralConversionsOfOneClickAreSeveral(t *testing.T) {
	t.Parallel()
	a := newAffiliate(t, nil)
	same := func(minutes int, payout string) func(*networktest.Conversion) {
		return func(c *networktest.Conversion) {
			c.Session, c.At, c.Payout = "s", c.At.Add(time.Duration(minutes)*time.Minute), payout
		}
	}
	a.far.Set(a.conversion("9", same(0, "12.50")), a.conversion("5", same(1, "4.00")))
	a.pull(0)
	want := "s sale credited 12500000 1 12500000\ns/5 sale credited 4000000 1 4000000 = 2 0 16500000"
	require.Equal(t, want, a.books())
	a.pull(0)
	require.Equal(t, want, a.books(), "the second one is no lower price of the first")
	a.far.Set(a.conversion("9", func(c *networktest.Conversion) { c.Session, c.At = "s", a.now.AddDate(0, 0, -30) }))
	a.pull(0)
	require.Equal(t, want, a.books(), "nor the first one when that is seen no more")
}

func TestAPostbackAndAPullOfItAreOneConversion(t *testing.T) {
	t.Parallel()
	a := newAffiliate(t, nil)
	_, err := a.Convert(t.Context(), a.account, []models.Told{{
		OfferID: a.offer.ID, Kind: models.Lead, TransactionID: "s1", Source: models.ByPostback, At: a.now.Add(-59 * time.Minute), ClickID: a.click,
	}})
	require.NoError(t, err)
	a.far.Set(a.conversion("1", nil))
	sum, _ := a.pull(0)
	require.Equal(t, models.Pulled{Rows: 1, Known: 1}, sum)
	require.Equal(t, "s1 lead credited 20000000 1 20000000 = 1 0 20000000", a.books())
	a.far.Set(a.conversion("1", func(c *networktest.Conversion) { c.Status = "rejected" }))
	a.pull(0)
	require.Contains(t, a.books(), " = 1 1 0")
}

func TestPagesAreReadAcrossTroubleAndDeath(t *testing.T) {
	t.Parallel()
	a := newAffiliate(t, nil)
	a.far.Most = 3
	for i := range 10 {
		a.far.Set(a.conversion(fmt.Sprint(i), func(c *networktest.Conversion) { c.Payout = "1" }))
	}
	fine := networktest.Fault{}
	// The first try dies behind its first page, the second is told to wait behind its second,
	// and all of them begin anew.
	a.far.Fail(fine, networktest.Fault{Status: 503}, fine, fine, networktest.Fault{Status: 429, RetryAfter: "1"})
	sum, last := a.pull(2)
	require.EqualValues(t, 10, sum.New+sum.Known)
	require.EqualValues(t, 10, sum.Rows)
	require.True(t, last.Done)
	require.Equal(t, 5, last.Next)
	require.Contains(t, a.books(), " = 10 0 10000000")
}

func TestWhatIsPendingWaitsForItsNetwork(t *testing.T) {
	t.Parallel()
	a := newAffiliate(t, nil)
	at := a.now.Add(-time.Hour)
	a.far.Set(a.conversion("1", func(c *networktest.Conversion) { c.Status = "pending" }))
	sum, _ := a.pull(0)
	require.Equal(t, models.Pulled{Rows: 1, Pending: 1}, sum)
	require.Equal(t, " = 0 0 0", a.books())
	require.Equal(t, at.UTC(), a.connection().PendingFrom.UTC())
	a.now = a.now.AddDate(0, 0, 20)
	a.far.Set(a.conversion("1", func(c *networktest.Conversion) { c.At = at }))
	sum, _ = a.pull(0)
	require.EqualValues(t, 1, sum.New, "decided long after the days that every pull reads")
	require.Nil(t, a.connection().PendingFrom)
}

func TestAWrongKeyBlocksTheConnectionUntilAPersonActs(t *testing.T) {
	t.Parallel()
	a := newAffiliate(t, nil)
	a.far.Key = "another one"
	for range 2 {
		_, last := a.pull(0)
		require.True(t, last.Blocked)
	}
	require.Equal(t, models.ConnectionBlocked, a.connection().State)
	require.Equal(t, "the network refuses the API key", a.connection().Problem)
	require.Equal(t, []models.EventKind{models.EventPullBlocked}, a.events(), "told once")
	plans, err := a.pulls.PlanPulls(t.Context(), activities.PlanPullsInput{})
	require.NoError(t, err)
	require.Empty(t, plans, "the schedule leaves it alone")
	a.far.Key = apiKey
	a.pull(0)
	require.Equal(t, models.ConnectionUp, a.connection().State)
	require.Empty(t, a.connection().Problem)
}

func TestWhatCannotBeBookedIsSaid(t *testing.T) {
	t.Parallel()
	a := newAffiliate(t, nil)
	a.far.Set(a.conversion("1", func(c *networktest.Conversion) { c.Currency = "NZD" }), a.conversion("2", func(c *networktest.Conversion) { c.Payout = "a lot" }),
		a.conversion("3", func(c *networktest.Conversion) { c.Status = "perhaps" }), a.conversion("4", nil))
	for range 2 {
		sum, _ := a.pull(0)
		require.EqualValues(t, 3, sum.Refused)
		require.Contains(t, a.connection().Problem, "NZD")
	}
	require.Equal(t, []models.EventKind{models.EventPullFailed}, a.events(), "told once")
	require.Contains(t, a.books(), " = 1 0 12500000")
}

func TestAShareIsOfTheSale(t *testing.T) {
	t.Parallel()
	a := newAffiliate(t, func(o *models.Offer) { o.PayoutType, o.Payout, o.Share = models.PaysShare, 0, 2500 })
	a.far.Set(a.conversion("1", nil))
	a.pull(0)
	require.Equal(t, "s1 sale credited 20000000 1 20000000 = 1 0 20000000", a.books())
}
