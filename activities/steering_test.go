package activities_test

import (
	"context"
	"net/http"
	"net/http/httptest"
	"net/http/httputil"
	"net/url"
	"testing"
	"time"

	"github.com/google/uuid"
	"github.com/stretchr/testify/require"
	sdkactivity "go.temporal.io/sdk/activity"
	"go.temporal.io/sdk/converter"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"trackly/activities"
	"trackly/internal/provider"
	"trackly/internal/provider/sandbox"
	"trackly/internal/provider/twilio"
	"trackly/internal/store"
	"trackly/models"
)

// quietAfter demands that no text was accepted later than a second after at.
func (w *world) quietAfter(at time.Time) {
	w.t.Helper()
	for _, r := range w.box.Accepted() {
		require.Less(w.t, r.At.Sub(at), time.Second)
	}
}

func TestAPauseStopsAFlightWithinASecond(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 400, slow(40))
	landed := w.flying(20)
	w.move(models.CampaignPaused)
	at := time.Now()
	res, err := landed()
	require.NoError(t, err)
	w.quietAfter(at)
	require.Zero(t, res.Progress.Claimed, "what was not called is put back")
	require.Equal(t, res.Progress.Planned, res.Progress.Sent+res.Progress.Queued)
	require.Positive(t, res.Progress.Queued)

	again, err := w.send()
	require.NoError(t, err)
	require.Equal(t, res.Progress, again.Progress, "a paused campaign claims nothing")
	w.move(models.CampaignSending)
	w.faults(sandbox.Faults{})
	again, err = w.send()
	require.NoError(t, err)
	require.Equal(t, models.Progress{Planned: 400, Sent: 400}, again.Progress)
	require.Equal(t, 400, w.onceEach())
}

func TestAStopOvertakesAClaimedText(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 240, slow(200))
	landed := w.flying(8)
	var stopped []string
	for i := 0; i < w.contacts && len(stopped) < 60; i++ {
		if phone := phoneOf(i); len(w.box.AcceptedTo(phone)) == 0 {
			_, err := w.RecordInbound(t.Context(), w.list, models.Inbound{
				AccountID: w.campaign.AccountID, ListID: w.list.ID, Phone: phone, ProviderID: uuid.NewString(),
				Body: "STOP", ReceivedAt: time.Now(),
			})
			require.NoError(t, err)
			stopped = append(stopped, phone)
		}
	}
	at := time.Now()
	res, err := landed()
	require.NoError(t, err)
	silent := 0
	for _, phone := range stopped {
		if got := w.box.AcceptedTo(phone); len(got) == 0 {
			silent++
		} else {
			require.Less(t, got[0].At.Sub(at), time.Second, "a text after a STOP")
		}
	}
	require.Positive(t, silent)
	require.EqualValues(t, silent, res.Progress.Skipped)
	require.EqualValues(t, w.contacts-silent, res.Progress.Sent)
	for _, m := range w.messages() {
		if m.State == models.MessageSkipped {
			require.Equal(t, models.ReasonOptedOut, m.Reason)
		}
	}
}

func TestAReplacedHolderStops(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 300, slow(40))
	landed := w.flying(20)
	_, err := w.TakeBatch(t.Context(), w.campaign.Source(), 0, uuid.NewString())
	require.NoError(t, err)
	at := time.Now()
	res, err := landed()
	require.NoError(t, err)
	w.quietAfter(at)
	require.Zero(t, res.Progress.Queued, "the messages are not its own to put back")
	require.EqualValues(t, w.box.Count(), res.Progress.Sent, "answers that came are kept")
	require.Equal(t, res.Progress.Planned, res.Progress.Sent+res.Progress.Unknown)
	require.Equal(t, w.box.Count(), w.onceEach())
}

func TestAnActivityToldToStopKeepsWhatItKnows(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 300, slow(40))
	var res error
	done := make(chan struct{})
	ctx, cancel := context.WithCancel(t.Context())
	go func() {
		defer close(done)
		res = as(t, func(inner context.Context) error {
			inner, stop := context.WithCancel(inner)
			defer stop()
			context.AfterFunc(ctx, stop)
			_, err := w.delivery.SendBatch(inner, activities.SendBatchInput{CampaignRef: w.ref()})
			return err
		})
	}()
	require.Eventually(t, func() bool { return w.box.Count() >= 20 }, 10*time.Second, time.Millisecond)
	cancel()
	at := time.Now()
	<-done
	require.Error(t, res, "else the engine believes the batch is handed over")
	w.quietAfter(at)
	p := w.progress()
	require.Zero(t, p.Claimed+p.Unknown)
	require.EqualValues(t, w.box.Count(), p.Sent)
}

func TestAbsencesAreBounded(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 1, sandbox.Faults{FailBefore: always()})
	for range 3 {
		_, err := w.send()
		require.NoError(t, err)
		require.EqualValues(t, 1, w.settle(true).Queued)
	}
	_, err := w.send()
	require.NoError(t, err)
	require.EqualValues(t, 1, w.settle(true).Failed)
	require.Equal(t, models.ReasonNeverAccepted, w.messages()[0].Reason)
	require.Zero(t, w.box.Count())
}

func TestACancelledCampaignsAbsentMessagesAreSkipped(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 10, sandbox.Faults{DropBefore: sandbox.Spell{Percent: 50}})
	_, err := w.send()
	require.NoError(t, err)
	unknown := w.progress().Unknown
	require.Positive(t, unknown)
	w.move(models.CampaignCancelled)
	p := w.settle(false)
	require.Equal(t, unknown, p.Skipped)
	require.True(t, p.Done())
}

func TestAYoungUnknownMessageIsNotAskedAfter(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 5, sandbox.Faults{DropBefore: always()})
	w.delivery.SettleAfter = time.Minute
	_, err := w.send()
	require.NoError(t, err)
	require.EqualValues(t, 5, w.settle(true).Unknown, "its request may still be alive")
}

// A page of questions lasts longer than the engine waits between two signs of life.
func TestAskingGivesSignsOfLife(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 20, sandbox.Faults{DropBefore: always()})
	_, err := w.send()
	require.NoError(t, err)
	w.slowLookUps(400 * time.Millisecond)
	var suite testsuite.WorkflowTestSuite
	env := suite.NewTestWorkflowEnvironment()
	beats := 0
	env.SetOnActivityHeartbeatListener(func(*sdkactivity.Info, converter.EncodedValues) { beats++ })
	env.RegisterActivity(w.delivery)
	env.ExecuteWorkflow(func(ctx workflow.Context) error {
		ctx = workflow.WithActivityOptions(ctx, workflow.ActivityOptions{StartToCloseTimeout: time.Minute, HeartbeatTimeout: 3 * time.Second})
		return workflow.ExecuteActivity(ctx, w.delivery.SettleUnknown, activities.SettleInput{CampaignRef: w.ref(), Requeue: true}).Get(ctx, nil)
	})
	require.NoError(t, env.GetWorkflowError())
	require.Positive(t, beats)
}

// slowLookUps puts time between the questions to the provider and their answers.
func (w *world) slowLookUps(d time.Duration) {
	w.t.Helper()
	target, err := url.Parse(w.server.URL)
	require.NoError(w.t, err)
	through := httputil.NewSingleHostReverseProxy(target)
	front := httptest.NewServer(http.HandlerFunc(func(rw http.ResponseWriter, r *http.Request) {
		time.Sleep(d)
		through.ServeHTTP(rw, r)
	}))
	w.t.Cleanup(front.Close)
	w.delivery.Providers = provider.Registry{"twilio": elsewhere{front.URL}}
}

// elsewhere dials every account at another address.
type elsewhere struct{ url string }

func (elsewhere) Capabilities() provider.Capabilities { return twilio.Dialer{}.Capabilities() }
func (elsewhere) Codes() map[string]provider.Meaning  { return nil }
func (elsewhere) Check(provider.Account) error        { return nil }
func (e elsewhere) Dial(a provider.Account) provider.Adapter {
	a.BaseURL = e.url
	return twilio.Dialer{}.Dial(a)
}

// slowClaim is a database whose claim waits for a lock after it has read consent.
type slowClaim struct {
	*store.Store
	meanwhile func()
}

func (s slowClaim) ClaimMessages(ctx context.Context, c models.Claim) ([]models.MessageID, error) {
	got, err := s.Store.ClaimMessages(ctx, c)
	s.meanwhile()
	return got, err
}

func TestAStopDuringAClaimThatWaitsIsHeard(t *testing.T) {
	t.Parallel()
	w := newWorld(t, 20, sandbox.Faults{})
	w.delivery.Store = slowClaim{w.Store, func() {
		_, err := w.RecordInbound(t.Context(), w.list, models.Inbound{
			AccountID: w.campaign.AccountID, ListID: w.list.ID, Phone: phoneOf(0), ProviderID: uuid.NewString(),
			Body: "STOP", ReceivedAt: time.Now(),
		})
		require.NoError(t, err)
		time.Sleep(time.Second)
	}}
	res, err := w.send()
	require.NoError(t, err)
	require.Empty(t, w.box.AcceptedTo(phoneOf(0)), "the STOP was a second old")
	require.Equal(t, models.Progress{Planned: 20, Sent: 19, Skipped: 1}, res.Progress)
}
