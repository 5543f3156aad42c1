package activities_test

import (
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/activities"
	"trackly/internal/fault"
	"trackly/internal/provider/sandbox"
	"trackly/internal/testkit"
	"trackly/models"
)

// checking is a list whose only route was never checked, and its check's test text.
func checking(t *testing.T, name string, faults sandbox.Faults) (w *world, c *activities.Checks, in activities.CheckInput, nudged *started) {
	t.Helper()
	w = newWorldAt(t, name, 1, faults, func(_ *world, l *models.List) {
		r := &l.Routes[0]
		r.CredentialsAt, r.TextAt, r.WebhookAt = nil, nil, nil
	})
	nudged = &started{}
	c = &activities.Checks{Store: w.Store, Starter: nudged, Providers: w.delivery.Providers, Door: w.delivery.Door}
	r := w.route(1)
	return w, c, activities.CheckInput{
		AccountID: w.account, ListID: w.list.ID, RouteID: r.ID, MessageID: w.single(models.KindTest, phoneOf(7)),
	}, nudged
}

func TestACheckWalksItsThreeSteps(t *testing.T) {
	t.Parallel()
	for _, name := range []string{"twilio", "infobip", "cm", "telnyx"} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			w, c, in, nudged := checking(t, name, sandbox.Faults{})
			res, err := c.Login(t.Context(), in)
			require.NoError(t, err)
			require.Equal(t, activities.CheckResult{}, res)
			require.NotNil(t, w.route(1).CredentialsAt)
			require.Equal(t, []models.Source{w.outbox()}, nudged.nudged, "the test text may go")

			res, err = c.Look(t.Context(), in)
			require.NoError(t, err)
			require.Equal(t, activities.CheckResult{}, res, "it is queued")
			_, err = w.sendSingles(0)
			require.NoError(t, err)
			res, err = c.Look(t.Context(), in)
			require.NoError(t, err)
			require.Equal(t, activities.CheckResult{}, res)
			require.NotNil(t, w.route(1).TextAt)
			require.ErrorContains(t, w.route(1).Checked(), "the provider's callback")

			testkit.Exec(t, w.url, "UPDATE messages SET state = 'delivered' WHERE id = $1", int64(in.MessageID))
			res, err = c.Look(t.Context(), in)
			require.NoError(t, err)
			require.Equal(t, activities.CheckResult{Done: true}, res)
			require.NoError(t, w.route(1).Checked())
			require.Len(t, nudged.nudged, 2, "what waited for the check goes out")
		})
	}
}

func TestACheckSaysWhatToMend(t *testing.T) {
	t.Parallel()
	t.Run("wrong credentials", func(t *testing.T) {
		t.Parallel()
		w, c, in, nudged := checking(t, "twilio", sandbox.Faults{})
		_, server := newSandbox(t, sandbox.Options{Accounts: map[string]string{"AC1": "another"}})
		testkit.Exec(t, w.url, "UPDATE routes SET base_url = $1", server.URL)
		res, err := c.Login(t.Context(), in)
		require.NoError(t, err)
		require.Contains(t, res.Problem, "the credentials do not work")
		require.Equal(t, res.Problem, w.route(1).CheckProblem)
		require.Equal(t, models.ReasonCheckFailed, w.message(in.MessageID).Reason, "the test text does not go out later")
		require.Empty(t, nudged.nudged)
	})
	t.Run("nobody is there", func(t *testing.T) {
		t.Parallel()
		w, c, in, _ := checking(t, "infobip", sandbox.Faults{})
		w.server.Close()
		_, err := c.Login(t.Context(), in)
		require.False(t, fault.KindOf(err).Final(), "nothing was learnt: it is tried again")
		res, err := c.GiveUp(t.Context(), activities.GiveUpInput{CheckInput: in, Problem: "nobody answers"})
		require.NoError(t, err)
		require.Equal(t, activities.CheckResult{Done: true, Problem: "nobody answers"}, res)
		require.Equal(t, "nobody answers", w.route(1).CheckProblem)
	})
	t.Run("the text is refused", func(t *testing.T) {
		t.Parallel()
		w, c, in, _ := checking(t, "cm", sandbox.Faults{Refusals: []sandbox.RefusalShare{{Class: sandbox.AccountProblem, Percent: 100}}})
		_, err := w.sendSingles(0)
		require.NoError(t, err)
		res, err := c.Look(t.Context(), in)
		require.NoError(t, err)
		require.True(t, res.Done)
		require.Contains(t, res.Problem, "the test text did not go out: account_problem")
		require.NotContains(t, res.Problem, "+1")
	})
}

func TestACheckGivesUpForWhatIsMissing(t *testing.T) {
	t.Parallel()
	for state, says := range map[models.MessageState]string{
		models.MessageSent: "its callback never came", models.MessageQueued: "is the list paused", models.MessageUnknown: "answer to the test text never came",
	} {
		t.Run(string(state), func(t *testing.T) {
			t.Parallel()
			w, c, in, _ := checking(t, "twilio", sandbox.Faults{})
			testkit.Exec(t, w.url, "UPDATE messages SET state = $2, claimed_at = now(), unknown_at = now() WHERE id = $1", int64(in.MessageID), string(state))
			res, err := c.GiveUp(t.Context(), activities.GiveUpInput{CheckInput: in})
			require.NoError(t, err)
			require.True(t, res.Done)
			require.Contains(t, res.Problem, says)
			require.Error(t, w.route(1).Checked())
		})
	}
	t.Run("unless the callback came in the last moment", func(t *testing.T) {
		t.Parallel()
		w, c, in, _ := checking(t, "twilio", sandbox.Faults{})
		require.NoError(t, w.PassStep(t.Context(), w.account, in.RouteID, models.StepCredentials))
		testkit.Exec(t, w.url, "UPDATE messages SET state = 'delivered', claimed_at = now() WHERE id = $1", int64(in.MessageID))
		res, err := c.GiveUp(t.Context(), activities.GiveUpInput{CheckInput: in})
		require.NoError(t, err)
		require.Equal(t, activities.CheckResult{Done: true}, res)
		require.NoError(t, w.route(1).Checked())
	})
}
