package workflows_test

import (
	"context"
	"log/slog"
	"sync"
	"testing"
	"time"

	"github.com/stretchr/testify/mock"
	"github.com/stretchr/testify/require"
	sdklog "go.temporal.io/sdk/log"
	"go.temporal.io/sdk/temporal"
	"go.temporal.io/sdk/testsuite"
	"go.temporal.io/sdk/workflow"

	"trackly/activities"
	"trackly/models"
	"trackly/workflows"
)

// post is a list's single texts: what is queued, by batch, and what became of it.
type post struct {
	t   *testing.T
	env *testsuite.TestWorkflowEnvironment

	mu      sync.Mutex
	queued  []int64
	opening map[int]time.Time
	p       models.Progress
	sentAt  []time.Time
	opened  int // how often it was asked what is open
	asked   []time.Time

	refuse func() (string, error)                  // instead of handing over
	lose   func() bool                             // answers are lost
	settle func() (activities.SettleResult, error) // what a question brings
}

func newPost(t *testing.T, queued ...int64) *post {
	t.Helper()
	var suite testsuite.WorkflowTestSuite
	suite.SetLogger(sdklog.NewStructuredLogger(slog.New(slog.DiscardHandler)))
	w := &post{t: t, env: suite.NewTestWorkflowEnvironment(), opening: map[int]time.Time{}}
	for _, n := range queued {
		w.add(n)
	}
	w.refuse = func() (string, error) { return "", nil }
	w.lose = func() bool { return false }
	w.settle = func() (activities.SettleResult, error) { return activities.SettleResult{Progress: w.p}, nil }
	w.env.SetTestTimeout(30 * time.Second)
	w.env.RegisterWorkflow(workflows.Outbox)
	w.env.RegisterActivity(&activities.Campaigns{})
	w.env.RegisterActivity(&activities.Delivery{})
	var c *activities.Campaigns
	var d *activities.Delivery
	w.env.OnActivity(c.Open, mock.Anything, mock.Anything).After(10 * time.Millisecond).Return(w.open).Maybe()
	w.env.OnActivity(d.SendBatch, mock.Anything, mock.Anything).After(time.Second).Return(w.send).Maybe()
	w.env.OnActivity(d.SettleUnknown, mock.Anything, mock.Anything).After(time.Second).Return(w.ask).Maybe()
	return w
}

func (w *post) add(n int64) {
	w.queued = append(w.queued, n)
	w.p.Planned, w.p.Queued = w.p.Planned+n, w.p.Queued+n
}

func (w *post) open(_ context.Context, in activities.OpenInput) (activities.OpenResult, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	w.opened++
	require.Equal(w.t, models.ListID("l"), in.ListID)
	require.Empty(w.t, in.CampaignID)
	res := activities.OpenResult{Progress: w.p}
	for i, n := range w.queued {
		switch at := w.opening[i]; {
		case n == 0:
		case !at.After(w.env.Now()):
			res.Numbers = append(res.Numbers, i)
		case res.Next == nil || at.Before(*res.Next):
			res.Next = &at
		}
	}
	return res, nil
}

func (w *post) send(_ context.Context, in activities.SendBatchInput) (activities.SendBatchResult, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	require.Equal(w.t, models.ListID("l"), in.ListID)
	if halt, err := w.refuse(); halt != "" || err != nil {
		return activities.SendBatchResult{Progress: w.p, Halt: halt}, err
	}
	n := w.queued[in.Number]
	w.queued[in.Number], w.p.Queued = 0, w.p.Queued-n
	if w.lose() {
		w.p.Unknown += n
	} else {
		w.p.Sent += n
		w.sentAt = append(w.sentAt, w.env.Now())
	}
	return activities.SendBatchResult{Progress: w.p}, nil
}

func (w *post) ask(_ context.Context, in activities.SettleInput) (activities.SettleResult, error) {
	w.mu.Lock()
	defer w.mu.Unlock()
	require.True(w.t, in.Requeue)
	w.asked = append(w.asked, w.env.Now())
	return w.settle()
}

// queue adds a text later, with or without a nudge.
func (w *post) queue(d time.Duration, nudge bool) {
	w.env.RegisterDelayedCallback(func() {
		if w.env.IsWorkflowCompleted() {
			return // the nudge would start another one
		}
		w.mu.Lock()
		w.add(1)
		w.mu.Unlock()
		if nudge {
			w.env.SignalWorkflow(workflows.Nudge.Name, workflows.Nudged{})
		}
	}, d)
}

func (w *post) run() time.Duration {
	w.t.Helper()
	began := w.env.Now()
	w.env.ExecuteWorkflow(workflows.Outbox, workflows.OutboxInput{AccountID: "a", ListID: "l"})
	require.True(w.t, w.env.IsWorkflowCompleted(), "the outbox hangs")
	require.NoError(w.t, w.env.GetWorkflowError())
	return w.env.Now().Sub(began)
}

func TestAnOutboxSendsAndEnds(t *testing.T) {
	t.Parallel()
	w := newPost(t, 3, 500)
	took := w.run()
	require.Equal(t, models.Progress{Planned: 503, Sent: 503}, w.p)
	require.Less(t, took, time.Minute, "it does not run for ever")
}

func TestANudgeIsHeardAtOnce(t *testing.T) {
	t.Parallel()
	t.Run("while it waits for one", func(t *testing.T) {
		t.Parallel()
		w := newPost(t, 1)
		began := w.env.Now()
		w.queue(10*time.Second, true)
		w.run()
		require.EqualValues(t, 2, w.p.Sent)
		require.Less(t, w.sentAt[1].Sub(began), 12*time.Second)
	})
	t.Run("while a batch is on its way", func(t *testing.T) {
		t.Parallel()
		w := newPost(t, 1)
		w.queue(500*time.Millisecond, true)
		w.run()
		require.EqualValues(t, 2, w.p.Sent)
	})
	t.Run("in its last moment", func(t *testing.T) {
		t.Parallel()
		// The last look lasts ten milliseconds; then it waits for twenty seconds and ends.
		// What comes while it ends makes the server ask again what to do.
		for ms := range 20 {
			w := newPost(t)
			w.queue(19_990*time.Millisecond+time.Duration(ms)*time.Millisecond, true)
			w.run()
			require.EqualValues(t, 1, w.p.Sent, "after %d ms", ms)
		}
	})
	t.Run("while it waits for the morning", func(t *testing.T) {
		t.Parallel()
		w := newPost(t, 1)
		began := w.env.Now()
		w.opening[0] = began.Add(9 * time.Hour)
		w.queue(time.Hour, true)
		took := w.run()
		require.Less(t, w.sentAt[0].Sub(began), time.Hour+time.Minute, "a reply does not wait for it")
		require.EqualValues(t, 2, w.p.Sent)
		require.GreaterOrEqual(t, took, 9*time.Hour)
	})
}

func TestAHaltedOutboxWaitsForAPerson(t *testing.T) {
	t.Parallel()
	for name, refusal := range map[string]error{
		"a refusal": nil,
		"a fault":   temporal.NewNonRetryableApplicationError("no provider is called \"x\"", "invalid", nil),
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w := newPost(t, 1, 1, 1)
			tries := 0
			w.refuse = func() (string, error) {
				if tries++; tries > 20 {
					return "", nil
				}
				if refusal != nil {
					return "", refusal
				}
				return "the list is paused", nil
			}
			took := w.run()
			require.EqualValues(t, 3, w.p.Sent)
			require.Greater(t, took, 9*time.Minute, "it looks once a minute")
		})
	}
	t.Run("and a nudge makes it look at once", func(t *testing.T) {
		t.Parallel()
		w := newPost(t, 1)
		began := w.env.Now()
		w.refuse = func() (string, error) {
			if w.env.Now().Sub(began) < 10*time.Second {
				return "the list is paused", nil
			}
			return "", nil
		}
		w.queue(15*time.Second, true)
		w.run()
		require.Less(t, w.sentAt[0].Sub(began), 20*time.Second)
	})
}

func TestUnknownSingleTexts(t *testing.T) {
	t.Parallel()
	t.Run("are asked after until they are known", func(t *testing.T) {
		t.Parallel()
		w := newPost(t, 2)
		w.lose = func() bool { return true }
		w.settle = func() (activities.SettleResult, error) {
			if len(w.asked) == 5 {
				w.p.Unknown, w.p.Sent = 0, 2
			}
			return activities.SettleResult{Progress: w.p}, nil
		}
		w.run()
		require.Equal(t, models.Progress{Planned: 2, Sent: 2}, w.p)
		require.Len(t, w.asked, 5)
	})
	t.Run("and do not hold up the next text", func(t *testing.T) {
		t.Parallel()
		w := newPost(t, 2)
		began := w.env.Now()
		first := true
		w.lose = func() bool { l := first; first = false; return l }
		w.settle = func() (activities.SettleResult, error) {
			res := activities.SettleResult{Progress: w.p}
			if w.env.Now().Sub(began) > 24*time.Hour {
				res.GivenUp = w.p.Unknown
			}
			return res, nil
		}
		w.queue(2*time.Hour, true)
		took := w.run()
		require.Less(t, w.sentAt[0].Sub(began), 2*time.Hour+5*time.Second)
		require.GreaterOrEqual(t, took, 24*time.Hour)
		require.Less(t, took, 25*time.Hour, "what is given up is not waited for")
	})
	t.Run("given up, do not hold up the morning", func(t *testing.T) {
		t.Parallel()
		w := newPost(t, 2, 3)
		began := w.env.Now()
		w.opening[1] = began.Add(9 * time.Hour)
		w.lose = func() bool { return w.p.Unknown == 0 }
		w.settle = func() (activities.SettleResult, error) {
			return activities.SettleResult{Progress: w.p, GivenUp: w.p.Unknown}, nil
		}
		w.run()
		require.Len(t, w.sentAt, 1)
		require.WithinDuration(t, began.Add(9*time.Hour), w.sentAt[0], time.Minute)
		require.Less(t, len(w.asked), 150)
	})
	t.Run("that nobody may look up are asked after in a minute", func(t *testing.T) {
		t.Parallel()
		w := newPost(t, 2)
		w.lose = func() bool { return true }
		w.settle = func() (activities.SettleResult, error) {
			if len(w.asked) < 4 {
				return activities.SettleResult{}, temporal.NewNonRetryableApplicationError("not allowed", "forbidden", nil)
			}
			w.p.Unknown, w.p.Sent = 0, 2
			return activities.SettleResult{Progress: w.p}, nil
		}
		took := w.run()
		require.GreaterOrEqual(t, took, 3*time.Minute)
		require.EqualValues(t, 2, w.p.Sent)
	})
}

func TestALongOutboxGoesOnInANewRun(t *testing.T) {
	t.Parallel()
	w := newPost(t, 1)
	w.opening[0] = w.env.Now().Add(2 * time.Hour)
	w.env.RegisterDelayedCallback(func() { w.env.SetContinueAsNewSuggested(true) }, time.Hour)
	w.env.ExecuteWorkflow(workflows.Outbox, workflows.OutboxInput{AccountID: "a", ListID: "l"})
	var again *workflow.ContinueAsNewError
	require.ErrorAs(t, w.env.GetWorkflowError(), &again)
	require.Equal(t, "Outbox", again.WorkflowType.Name)
}
