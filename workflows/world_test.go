package workflows_test

import (
	"context"
	"log/slog"
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"

	"trackly/activities"
	"trackly/internal/fault"
	"trackly/models"
	"trackly/workflows"
)

const batchTime = time.Minute

// world is a database and a provider in memory: it refuses illegal moves, hands over
// only while the row says sending, and counts every text.
type world struct {
	t   *testing.T
	env *testsuite.TestWorkflowEnvironment

	mu      sync.Mutex
	row     models.Campaign
	queued  []int64 // by batch
	sizes   []int64
	unknown []int64 // by batch
	p       models.Progress
	states  []models.CampaignState // the row's, in order
	texts   []int64                // handed over, by batch
	asked   []time.Time            // when the provider was asked about unknown messages
	sends   int                    // batches asked for

	// What a test changes. Each gives the default when left alone.
	lose    func(batch int) bool            // its answers are lost once: unknown
	refuse  func(batch int) (string, error) // instead of handing over
	settle  func() (learns bool, err error) // what a question to the provider brings
	absent  bool                            // the provider has no record of the unknown
	giveUp  func() bool                     // whether nobody waits for the unknown any more
	opening map[int]time.Time               // batches that may not go out before
	paced   bool                            // the list has a pace
}

// newWorld plans batches of the given sizes for a scheduled campaign.
func newWorld(t *testing.T, sizes ...int64) *world {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	w := &world{t: t, env: suite.NewTestWorkflowEnvironment(), sizes: sizes, texts: make([]int64, len(sizes)), unknown: make([]int64, len(sizes))}
	w.row = models.Campaign{ID: "c", AccountID: "a", State: models.CampaignScheduled}
	w.lose = func(int) bool { return false }
	w.refuse = func(int) (string, error) { return "", nil }
	w.settle = func() (bool, error) { return true, nil }
	w.giveUp = func() bool { return false }
	w.env.SetTestTimeout(30 * time.Second)
	w.env.RegisterWorkflow(workflows.Campaign)
	w.env.RegisterActivity(&activities.Campaigns{})
	w.env.RegisterActivity(&activities.Delivery{})
	w.serve()
	return w
}

func (w *world) serve() {
	var c *activities.Campaigns
	var d *activities.Delivery
	w.env.OnActivity(c.Freeze, mock.Anything, mock.Anything).After(5 * time.Second).Return(w.freeze).Maybe()
	w.env.OnActivity(c.Open, mock.Anything, mock.Anything).After(10 * time.Millisecond).Return(w.open).Maybe()
	toSent := mock.MatchedBy(func(in activities.MoveInput) bool { return in.State == models.CampaignSent })
	w.env.OnActivity(c.Move, mock.Anything, toSent).After(time.Second).Return(w.move).Maybe()
	w.env.OnActivity(c.Move, mock.Anything, mock.Anything).After(20 * time.Millisecond).Return(w.move).Maybe()
	w.env.OnActivity(c.SkipQueued, mock.Anything, mock.Anything).After(time.Second).Return(w.skip).Maybe()
	w.env.OnActivity(d.SendBatch, mock.Anything, mock.Anything).After(batchTime).Return(w.sendBatch).Maybe()
	w.env.OnActivity(d.SettleUnknown, mock.Anything, mock.Anything).After(time.Second).Return(w.settleUnknown).Maybe()
}

func (w *world) enter(next models.CampaignState) error {
	if w.row.State == next {
		return nil
	}
	if err := w.row.MoveTo(next, time.Time{}); err != nil {
		return temporal.NewNonRetryableApplicationError(err.Error(), string(fault.KindOf(err)), nil)
	}
	w.states = append(w.states, next)
	return nil
}

func (w *world) freeze(context.Context, activities.CampaignRef) (activities.FreezeResult, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.enter(models.CampaignSending); err != nil {
		return activities.FreezeResult{}, err
	}
	w.queued = slices.Clone(w.sizes)
	w.p = models.Progress{}
	for _, n := range w.sizes {
		w.p.Planned, w.p.Queued = w.p.Planned+n, w.p.Queued+n
	}
	return activities.FreezeResult{Planned: w.p.Planned, Batches: len(w.sizes)}, nil
}

func (w *world) open(_ context.Context, in activities.OpenInput) (activities.OpenResult, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	res := activities.OpenResult{Progress: w.p}
	for i, n := range w.queued {
		at := w.opening[i]
		switch {
		case n == 0:
		case at.After(w.env.Now()):
			if res.Next == nil || at.Before(*res.Next) {
				res.Next = &at
			}
		case len(res.Numbers) < in.Limit:
			res.Numbers = append(res.Numbers, i)
		}
	}
	return res, nil
}

func (w *world) move(_ context.Context, in activities.MoveInput) (models.Progress, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	if err := w.enter(in.State); err != nil {
		return models.Progress{}, err
	}
	w.row.Reason = in.Reason
	return w.p, nil
}

func (w *world) skip(context.Context, activities.CampaignRef) (models.Progress, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.p.Skipped, w.p.Queued = w.p.Skipped+w.p.Queued, 0
	clear(w.queued)
	return w.p, nil
}

func (w *world) sendBatch(_ context.Context, in activities.SendBatchInput) (activities.SendBatchResult, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.sends++
	if w.row.State != models.CampaignSending {
		return activities.SendBatchResult{Progress: w.p, Paced: w.paced}, nil
	}
	if halt, err := w.refuse(in.Number); halt != "" || err != nil {
		return activities.SendBatchResult{Progress: w.p, Halt: halt}, err
	}
	n := w.queued[in.Number]
	w.queued[in.Number] = 0
	w.p.Queued -= n
	if n > 0 && w.lose(in.Number) {
		w.p.Unknown, w.unknown[in.Number] = w.p.Unknown+n, n
	} else {
		w.p.Sent, w.texts[in.Number] = w.p.Sent+n, w.texts[in.Number]+n
	}
	return activities.SendBatchResult{Progress: w.p, Paced: w.paced}, nil
}

func (w *world) settleUnknown(_ context.Context, in activities.SettleInput) (activities.SettleResult, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.asked = append(w.asked, w.env.Now())
	if w.giveUp() {
		return activities.SettleResult{Progress: w.p, GivenUp: w.p.Unknown}, nil
	}
	learns, err := w.settle()
	if !learns || err != nil {
		return activities.SettleResult{Progress: w.p}, err
	}
	for i, n := range w.unknown {
		w.unknown[i] = 0
		w.p.Unknown -= n
		switch {
		case !w.absent:
			w.p.Sent, w.texts[i] = w.p.Sent+n, w.texts[i]+n
		case in.Requeue:
			w.p.Queued, w.queued[i] = w.p.Queued+n, w.queued[i]+n
		default:
			w.p.Skipped += n
		}
	}
	return activities.SettleResult{Progress: w.p}, nil
}

// after gives the campaign a command when it has run so long.
func (w *world) after(d time.Duration, cmd workflows.Command) {
	w.env.RegisterDelayedCallback(func() { w.env.SignalWorkflow(workflows.Steer.Name, cmd) }, d)
}

func (w *world) query() workflows.CampaignStatus {
	v, err := w.env.QueryWorkflow(workflows.ProgressQuery)
	require.NoError(w.t, err)
	var s workflows.CampaignStatus
	require.NoError(w.t, v.Get(&s))
	return s
}

func input() workflows.CampaignInput {
	return workflows.CampaignInput{AccountID: "a", CampaignID: "c", ListID: "l", State: models.CampaignScheduled}
}

// run runs the campaign to its end and says how long that took.
func (w *world) run(in workflows.CampaignInput) (workflows.CampaignStatus, time.Duration) {
	w.t.Helper()
	began := w.env.Now()
	w.env.ExecuteWorkflow(workflows.Campaign, in)
	require.True(w.t, w.env.IsWorkflowCompleted(), "the campaign hangs")
	require.NoError(w.t, w.env.GetWorkflowError())
	var s workflows.CampaignStatus
	require.NoError(w.t, w.env.GetWorkflowResult(&s))
	return s, w.env.Now().Sub(began)
}

func total(texts []int64) (n int64) {
	for _, t := range texts {
		n += t
	}
	return n
}
