package models_test

import (
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

func TestEveryReasonOfOursHasASentence(t *testing.T) {
	t.Parallel()
	file, err := parser.ParseFile(token.NewFileSet(), "message.go", nil, 0)
	require.NoError(t, err)
	found := 0
	ast.Inspect(file, func(n ast.Node) bool {
		v, ok := n.(*ast.ValueSpec)
		if !ok || !strings.HasPrefix(v.Names[0].Name, "Reason") {
			return true
		}
		literal, _ := v.Values[0].(*ast.BasicLit)
		word, err := strconv.Unquote(literal.Value)
		require.NoError(t, err)
		require.NotEmpty(t, models.ReasonSentence(word), "%s needs a sentence for users", word)
		found++
		return true
	})
	require.GreaterOrEqual(t, found, 10)
	require.Empty(t, models.ReasonSentence("a word nobody knows"))
}

// steps are the findings in short: "passed consent".
func steps(all []models.Finding) []string {
	var out []string
	for _, f := range all {
		out = append(out, strings.TrimSpace(f.Step+" "+f.Check))
	}
	return out
}

func after(minutes int) *time.Time {
	at := noon.Add(time.Duration(minutes) * time.Minute)
	return &at
}

// meant is a table with one code.
func meant(provider, code string) (class, sentence string) {
	if provider == "twilio" && code == "30003" {
		return "retry_later", "The phone is switched off"
	}
	return "", ""
}

func aStory() models.Story {
	return models.Story{
		Campaign: "Autumn",
		List:     models.List{Name: "L", FrequencyHours: 24, Routes: []models.Route{{Rank: 1, Provider: "twilio"}}},
		Message: models.Message{
			Kind: models.KindCampaign, State: models.MessageQueued, CampaignID: "c", QueuedAt: noon,
		},
	}
}

func TestAMessageThatWaitedAndWasDeliveredTellsItsStory(t *testing.T) {
	t.Parallel()
	s := aStory()
	s.Decisions = []models.Decision{{
		Check: models.ReasonQuietHours, Verdict: models.VerdictWait, Why: "it is 6:10 in Texas", Until: after(110), Version: "2026-11-24", At: *after(1),
	}}
	m := &s.Message
	m.State, m.Route, m.Place, m.ProviderID = models.MessageDelivered, 1, "US-TX America/Chicago 2026-11-24", "SM1"
	m.ClaimedAt, m.SentAt, m.FinishedAt = after(111), after(112), after(113)
	got := s.Why(meant)
	require.Equal(t, []string{
		"planned", "waited quiet_hours", "passed consent", "passed account_standing", "passed frequency_cap",
		"passed quiet_hours", "passed state_cap", "claimed", "handed_over", "reported",
	}, steps(got))
	require.Contains(t, got[0].Why, `"Autumn"`)
	require.Equal(t, after(110), got[1].Until)
	require.Equal(t, "2026-11-24", got[1].Version)
	require.False(t, got[1].Derived, "it was written down")
	for _, f := range got[2:7] {
		require.True(t, f.Derived, f.Check)
	}
	require.Contains(t, got[4].Why, "one text in 24 hours")
	require.Contains(t, got[5].Why, "US-TX America/Chicago 2026-11-24")
	require.Contains(t, got[8].Why, "route 1, which is at twilio now")
	require.Contains(t, got[8].Why, "SM1")
}

func TestAFailureIsExplainedByOurSentenceAndTheProvidersCode(t *testing.T) {
	t.Parallel()
	s := aStory()
	m := &s.Message
	m.State, m.Route, m.Reason, m.ProviderCode = models.MessageUndelivered, 1, "retry_later", "30003"
	m.ClaimedAt, m.SentAt, m.FinishedAt = after(1), after(2), after(3)
	last := func() models.Finding { all := s.Why(meant); return all[len(all)-1] }
	require.Equal(t, "retry_later", last().Class)
	require.Contains(t, last().Why, "code 30003 means: The phone is switched off.")
	require.Contains(t, last().Why, models.ReasonSentence("retry_later"))
	m.ProviderText, m.Reason = "What the table said then", "bad_number"
	require.Equal(t, "bad_number", last().Class, "what was written down goes before today's table")
	require.Contains(t, last().Why, "means: What the table said then.")
	m.ProviderText, m.Reason = "", "retry_later"
	m.ProviderCode = "99999"
	require.Empty(t, last().Class)
	require.Contains(t, last().Why, "in no table of ours")
	m.State, m.ProviderCode, m.Reason = models.MessageFailed, "", "filtered"
	require.Contains(t, last().Why, "refused it")
}

func TestAMessageOverACapPassedWhatCameBeforeIt(t *testing.T) {
	t.Parallel()
	s := aStory()
	m := &s.Message
	m.State, m.Route, m.ClaimedAt, m.FinishedAt = models.MessageSkipped, 1, after(1), after(1)
	m.Reason = models.ReasonFrequency
	require.Equal(t, []string{"planned", "passed consent", "passed account_standing", "skipped frequency_cap"}, steps(s.Why(meant)))
	m.Reason = models.ReasonStateCap
	require.Equal(t, "passed quiet_hours", steps(s.Why(meant))[4])
	require.NotContains(t, steps(s.Why(meant)), "claimed", "it was never taken for handing over")
	m.Reason = models.ReasonOptedOut
	require.Equal(t, []string{"claimed", "skipped opted_out"}, steps(s.Why(meant))[6:], "STOP came between the claim and the hand-over")
}

func TestASkipIsToldOnce(t *testing.T) {
	t.Parallel()
	s := aStory()
	s.Message.State, s.Message.Reason, s.Message.FinishedAt = models.MessageSkipped, models.ReasonQuietHours, after(1)
	s.Decisions = []models.Decision{{Check: models.ReasonQuietHours, Verdict: models.VerdictSkip, Why: "no opening", At: *after(1)}}
	got := s.Why(meant)
	require.Equal(t, []string{"planned", "skipped quiet_hours"}, steps(got))
	require.Contains(t, got[1].Why, "(no opening)")
	s.Decisions = nil
	require.Equal(t, []string{"planned", "skipped quiet_hours"}, steps(s.Why(meant)), "without a written decision the message itself tells")
}

func TestWhatIsNotKnownIsNotInvented(t *testing.T) {
	t.Parallel()
	s := aStory()
	m := &s.Message
	m.State, m.ClaimedAt, m.FinishedAt = models.MessageDelivered, after(1), after(1)
	got := s.Why(meant)
	require.Equal(t, []string{"planned", "claimed", "reported"}, steps(got))
	require.Contains(t, got[1].Why, "not known")

	s = aStory()
	m = &s.Message
	m.Route, m.ClaimedAt = 2, after(1)
	got = s.Why(meant)
	require.Equal(t, models.StepPutBack, got[len(got)-1].Step)
	require.Contains(t, got[len(got)-2].Why, "route 2, which the list does not have any more")

	m.State, m.UnknownAt, m.Absences = models.MessageUnknown, after(2), 2
	got = s.Why(meant)
	require.Equal(t, models.StepUnknown, got[len(got)-1].Step)
	require.Contains(t, got[len(got)-1].Why, "2 times")
}

func TestTextsSomebodyWaitsForAreSparedAndSaySo(t *testing.T) {
	t.Parallel()
	for kind, word := range map[models.Kind]string{
		models.KindAPI: "API", models.KindReply: "answered", models.KindConfirmation: "STOP", models.KindHelp: "HELP",
		models.KindPasscode: "passcode", models.KindTest: "test",
	} {
		s := aStory()
		s.Message.Kind, s.Message.Route, s.Message.State, s.Message.ClaimedAt = kind, 1, models.MessageClaimed, after(1)
		got := s.Why(meant)
		require.Contains(t, got[0].Why, word)
		require.Len(t, got, 7)
		spared := strings.Contains(got[4].Why, "do not hold")
		require.Equal(t, kind.AnyHour(), spared, kind)
		require.Equal(t, kind.Uncapped(), strings.Contains(got[5].Why, "do not hold"), kind)
	}
}
