package main

import (
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider/sandbox"
	"trackly/models"
)

const number = "+14155550100"

var noon = time.Date(2026, 5, 4, 12, 0, 0, 0, time.UTC)

// honest is a campaign in which everything went right: one text delivered, one sent,
// one person who said STOP in time, one phone that the provider refused.
func honest() evidence {
	message := func(id int64, phone string, state models.MessageState, reason, code string) planned {
		return planned{ID: id, Campaign: "c", Phone: phone, Number: number, State: state, Reason: reason, Code: code}
	}
	return evidence{
		Messages: []planned{
			message(1, "+12125550101", models.MessageDelivered, "", ""),
			message(2, "+12125550102", models.MessageSent, "", ""),
			message(3, "+12125550103", models.MessageSkipped, models.ReasonOptedOut, ""),
			message(4, "+12125550104", models.MessageFailed, "bad_number", "21614"),
		},
		Accepted: []sandbox.Record{text("SM1", 1, "+12125550101", noon), text("SM2", 2, "+12125550102", noon)},
		Stops:    []sandbox.Heard{{Phone: "+12125550103", Number: number, Body: "STOP", At: noon}},
		Refused:  map[string]string{"+12125550104": "21614"},
		Fates:    map[string]sandbox.Fate{"SM1": {Told: true, Delivered: true}, "SM2": {}},
		Asked:    true,
	}
}

func text(sid string, id int64, phone string, at time.Time) sandbox.Record {
	return sandbox.Record{SID: sid, MessageID: id, To: phone, From: number, At: at}
}

func TestAnHonestCampaignIsClean(t *testing.T) {
	t.Parallel()
	v := judge(honest())
	require.True(t, v.clean(), "%+v", v)
	require.Equal(t, 4, v.Planned)
	require.Equal(t, 2, v.Accepted)
	require.Zero(t, v.GreatestDelay)
}

func TestTheJudgeCountsEveryBrokenPromise(t *testing.T) {
	t.Parallel()
	type counts struct{ twice, lost, unsettled, late, doubt, never int }
	for name, tc := range map[string]struct {
		spoil func(e *evidence)
		want  counts
	}{
		"a message accepted twice": {func(e *evidence) {
			e.Accepted = append(e.Accepted, text("SM9", 1, "+12125550101", noon))
		}, counts{twice: 1}},
		"a message accepted three times": {func(e *evidence) {
			e.Accepted = append(e.Accepted, text("SM8", 1, "+12125550101", noon), text("SM9", 1, "+12125550101", noon))
		}, counts{twice: 2}},
		"a person with two messages in one campaign": {func(e *evidence) {
			e.Messages = append(e.Messages, planned{ID: 5, Phone: "+12125550101", Number: number, State: models.MessageSent})
			e.Accepted = append(e.Accepted, text("SM9", 5, "+12125550101", noon))
		}, counts{twice: 1}},
		"called sent and never accepted":      {func(e *evidence) { e.Accepted = e.Accepted[:1] }, counts{lost: 1}},
		"called delivered and never accepted": {func(e *evidence) { e.Accepted = e.Accepted[1:] }, counts{lost: 1}},
		"called failed and accepted": {func(e *evidence) {
			e.Accepted = append(e.Accepted, text("SM9", 4, "+12125550104", noon))
		}, counts{lost: 1}},
		"called skipped and accepted before the STOP": {func(e *evidence) {
			e.Accepted = append(e.Accepted, text("SM9", 3, "+12125550103", noon.Add(-time.Minute)))
		}, counts{lost: 1}},
		"skipped although nobody said STOP":           {func(e *evidence) { e.Stops = nil }, counts{lost: 1}},
		"skipped for another cause than the STOP":     {func(e *evidence) { e.Messages[2].Reason = models.ReasonCancelled }, counts{lost: 1}},
		"failed with a code the provider never used":  {func(e *evidence) { e.Messages[3].Code = "30007" }, counts{lost: 1}},
		"failed although the provider refuses nobody": {func(e *evidence) { e.Refused = nil }, counts{lost: 1}},
		"called undelivered, and it was delivered":    {func(e *evidence) { e.Messages[0].State = models.MessageUndelivered }, counts{lost: 1}},
		"called delivered, and it was not": {func(e *evidence) {
			e.Fates["SM1"] = sandbox.Fate{Undelivered: true}
		}, counts{lost: 1}},
		"a confirmation accepted twice": {func(e *evidence) {
			e.Singles = []sandbox.Record{text("SM8", 70, "+12125550103", noon), text("SM9", 70, "+12125550103", noon)}
		}, counts{twice: 1}},
		"unknown although its callback was taken": {func(e *evidence) {
			e.Messages[0].State, e.Asked = models.MessageUnknown, false
		}, counts{lost: 1}},
		"skipped for review although nobody said anything": {func(e *evidence) {
			e.Messages[2].Reason = models.ReasonNotActive
		}, counts{lost: 1}},
		"sent two seconds after a doubtful answer": {func(e *evidence) {
			e.Doubts = append(e.Doubts, sandbox.Heard{Phone: "+12125550101", Number: number, At: noon.Add(-2 * time.Second)})
		}, counts{doubt: 1}},
		"given up as never accepted": {func(e *evidence) {
			e.Messages[3].Reason, e.Messages[3].Code = models.ReasonNeverAccepted, ""
		}, counts{lost: 1, never: 1}},
		"a contact nobody planned a text for": {func(e *evidence) { e.Forgotten = []int64{77} }, counts{lost: 1}},
		"accepted, and no such message": {func(e *evidence) {
			e.Accepted = append(e.Accepted, text("SM9", 99, "+12125550199", noon))
		}, counts{lost: 1}},
		"accepted for somebody else": {func(e *evidence) { e.Accepted[0].To = "+12125550199" }, counts{lost: 1}},
		"left queued": {func(e *evidence) {
			e.Messages[0].State, e.Accepted = models.MessageQueued, e.Accepted[1:]
		}, counts{unsettled: 1}},
		"left claimed and accepted": {func(e *evidence) { e.Messages[0].State = models.MessageClaimed }, counts{unsettled: 1}},
		"left unknown":              {func(e *evidence) { e.Messages[1].State = models.MessageUnknown }, counts{unsettled: 1}},
		"sent two seconds after the STOP": {func(e *evidence) {
			e.Stops = append(e.Stops, sandbox.Heard{Phone: "+12125550101", Number: number, At: noon.Add(-2 * time.Second)})
		}, counts{late: 1}},
		"two STOPs, of which the first counts": {func(e *evidence) {
			for _, before := range []time.Duration{time.Millisecond, 2 * time.Second} {
				e.Stops = append(e.Stops, sandbox.Heard{Phone: "+12125550101", Number: number, At: noon.Add(-before)})
			}
		}, counts{late: 1}},
		"in a state nobody knows": {func(e *evidence) { e.Messages[0].State = "gone" }, counts{lost: 1}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			e := honest()
			tc.spoil(&e)
			v := judge(e)
			got := counts{len(v.Duplicates), len(v.Lost), len(v.Unsettled), len(v.AfterStop), len(v.AfterDoubt), v.NeverAccepted}
			require.Equal(t, tc.want, got, "%+v", v)
			require.False(t, v.clean())
		})
	}
}

func TestWhatNobodyCanBeAskedAboutMayStayUnknown(t *testing.T) {
	t.Parallel()
	e := honest()
	e.Asked = false
	e.Messages[0].State, e.Messages[1].State = models.MessageUnknown, models.MessageUnknown
	e.Fates["SM1"] = sandbox.Fate{Delivered: true} // its callbacks were lost
	e.Accepted = e.Accepted[:1]
	v := judge(e)
	require.True(t, v.clean(), "%+v", v)
	require.Equal(t, 2, v.Waiting)
	require.Equal(t, 1, v.WaitingSent)
}

func TestTheProviderMayRejectWhatItHadAccepted(t *testing.T) {
	t.Parallel()
	e := honest()
	e.Messages[0].State, e.Messages[0].Reason = models.MessageFailed, "filtered"
	e.Fates["SM1"] = sandbox.Fate{Told: true, Undelivered: true}
	v := judge(e)
	require.True(t, v.clean(), "%+v", v)
}

func TestADoubtfulAnswerHoldsTextsBackToo(t *testing.T) {
	t.Parallel()
	e := honest()
	e.Messages[2].Reason = models.ReasonNotActive
	e.Doubts, e.Stops = e.Stops, nil
	v := judge(e)
	require.True(t, v.clean(), "%+v", v)
}

func TestConfirmationsAreInNoCampaignsBook(t *testing.T) {
	t.Parallel()
	e := honest()
	e.Singles = []sandbox.Record{text("SM9", 70, "+12125550103", noon.Add(time.Minute))}
	v := judge(e)
	require.True(t, v.clean(), "%+v", v)
	require.Equal(t, 2, v.Accepted)
	require.Equal(t, 1, v.Singles)
}

func TestATextOnItsWayIsForgivenButItsDelayIsShown(t *testing.T) {
	t.Parallel()
	e := honest()
	e.Stops = append(e.Stops,
		sandbox.Heard{Phone: "+12125550101", Number: number, At: noon.Add(-300 * time.Millisecond)},
		sandbox.Heard{Phone: "+12125550102", Number: number, At: noon.Add(time.Second)},
		sandbox.Heard{Phone: "+12125550102", Number: "+14155550199", At: noon.Add(-time.Hour)})
	v := judge(e)
	require.True(t, v.clean(), "%+v", v)
	require.Equal(t, 300*time.Millisecond, v.GreatestDelay, "a STOP to another number is another matter")
}

func TestFindingsNameNoPhones(t *testing.T) {
	t.Parallel()
	e := honest()
	e.Accepted = append(e.Accepted, text("SM9", 1, "+12125550101", noon.Add(time.Hour)), text("SM7", 98, "+12125550198", noon))
	e.Stops = append(e.Stops, sandbox.Heard{Phone: "+12125550101", Number: number, At: noon})
	lines := outcome{round: round{Number: 3}, campaign: "c", verdict: judge(e)}.findings()
	require.Len(t, lines, 3, "twice, lost and after the STOP")
	for _, line := range lines {
		require.NotContains(t, line, "+1")
		require.Contains(t, line, "round 3, campaign c")
	}
}

func TestCountersThatDisagreeWithTheMessagesAreTrouble(t *testing.T) {
	t.Parallel()
	messages := honest().Messages
	right := where{state: models.CampaignSent, stored: 4, p: models.Progress{Planned: 4, Sent: 2, Skipped: 1, Failed: 1}}
	require.Empty(t, right.trouble(messages))
	wrong := right
	wrong.p.Sent, wrong.p.Queued = 1, 1
	require.Len(t, wrong.trouble(messages), 1)
	paused := right
	paused.state, paused.stored = models.CampaignPaused, 5
	require.Len(t, paused.trouble(messages), 2)
}
