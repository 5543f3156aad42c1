package e2e_test

import (
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
	enumspb "go.temporal.io/api/enums/v1"
	"go.temporal.io/sdk/client"

	"trackly/internal/network/networktest"
	"trackly/internal/testkit"
	"trackly/models"
	"trackly/rules/price"
	"trackly/workflows"
)

const networkKey = "k3yOfTheAffiliate"

// What a worker schedules does its work when it is started: a network's sale is booked and
// folded, the link domain is asked and clicks are looked at again. The histories of the
// runs must replay and name no secret.
func TestRecordedSchedules(t *testing.T) {
	t.Parallel()
	w := newWorld(t, nil)
	domain := w.linkDomain()
	w.soldByNetwork()
	w.worker()
	began := time.Now()

	var pulled models.Pulled
	w.scheduled(workflows.PullScheduleID, &pulled)
	require.EqualValues(t, 1, pulled.Rows)
	w.scheduled(workflows.FoldScheduleID, nil)
	require.Equal(t, "0 1", w.text(`SELECT (SELECT count(*) FROM tally_moves) || ' ' || (SELECT sum(conversions) FROM tallies)`))

	var found workflows.DomainsFound
	w.scheduled(workflows.DomainsScheduleID, &found)
	require.Equal(t, workflows.DomainsFound{Checked: 1}, found)
	require.Equal(t, string(models.DomainUp), w.text(`SELECT state FROM link_domains WHERE id = $1`, domain))

	w.scheduled(workflows.ReviseScheduleID, nil)
	require.Equal(t, "true", w.text(`SELECT (seen >= $1)::text FROM revisions`, began))
}

func (w *world) text(sql string, args ...any) string {
	w.t.Helper()
	return testkit.Text(w.t, w.cfg.Database.URL.Reveal(), sql, args...)
}

// linkDomain is one of the list that leads here.
func (w *world) linkDomain() models.DomainID {
	w.t.Helper()
	d, err := w.api.Store.AddLinkDomain(w.t.Context(), models.Once{}, models.LinkDomain{
		ID: models.NewID[models.DomainID](), AccountID: w.list.AccountID, ListID: w.list.ID, Rank: 1,
		URL: w.cfg.API.PublicURL, State: models.DomainNew,
	})
	require.NoError(w.t, err)
	return d.ID
}

// soldByNetwork connects the account to a network that knows of one sale.
func (w *world) soldByNetwork() {
	w.t.Helper()
	far := &networktest.TUNE{Key: networkKey, NetworkID: "acme", Zone: time.UTC}
	srv := httptest.NewServer(far)
	w.t.Cleanup(srv.Close)
	account := w.list.AccountID
	_, err := w.api.Store.AddConnection(w.t.Context(), models.Once{}, models.Connection{
		ID: models.NewID[models.ConnectionID](), AccountID: account, Network: models.NetworkTUNE, Name: "Acme Leads", NetworkID: "acme",
		BaseURL: srv.URL, Zone: "UTC", State: models.ConnectionUp,
	}, models.Credentials{Token: networkKey})
	require.NoError(w.t, err)
	exec := func(sql string, args ...any) { testkit.Exec(w.t, w.cfg.Database.URL.Reveal(), sql, args...) }
	testkit.Offer(exec, account, func(o *models.Offer) {
		o.Network, o.ExternalID, o.Payout = models.NetworkTUNE, "7", 20*price.Unit
	})
	far.Set(networktest.Conversion{
		ID: "1", Session: "s1", Offer: "7", At: time.Now().Add(-time.Hour), Payout: "12.50", Sale: "80.00", Status: "approved",
	})
}

// scheduled triggers a schedule that the worker has made, and records the run.
func (w *world) scheduled(id string, result any) {
	w.t.Helper()
	ctx, schedule := w.t.Context(), w.engine.ScheduleClient().GetHandle(w.t.Context(), id)
	var before int
	require.Eventually(w.t, func() bool {
		d, err := schedule.Describe(ctx)
		if err == nil {
			before = d.Info.NumActions
		}
		return err == nil
	}, 30*time.Second, 20*time.Millisecond, "%s is not scheduled", id)
	// The run of its own that may be on its way began before what is to be seen was there.
	all := client.ScheduleTriggerOptions{Overlap: enumspb.SCHEDULE_OVERLAP_POLICY_ALLOW_ALL}
	require.NoError(w.t, schedule.Trigger(ctx, all))
	var ran *client.ScheduleWorkflowExecution
	require.Eventually(w.t, func() bool {
		d, err := schedule.Describe(ctx)
		require.NoError(w.t, err)
		if n := len(d.Info.RecentActions); d.Info.NumActions > before && n > 0 {
			ran = d.Info.RecentActions[n-1].StartWorkflowResult
		}
		return ran != nil
	}, 30*time.Second, 20*time.Millisecond, "%s never ran", id)
	require.NoError(w.t, w.engine.GetWorkflow(ctx, ran.WorkflowID, ran.FirstExecutionRunID).Get(ctx, result))
	h := w.record(id+"_finished", ran.WorkflowID, ran.FirstExecutionRunID)
	require.NotRegexp(w.t, networkKey+`|https?://|127\.0\.0\.1`, h.String())
}
