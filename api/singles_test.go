package api_test

import (
	"net/http"
	"strconv"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

func aText(l models.ListID, to, body string) map[string]any {
	return map[string]any{"list_id": l, "to": to, "body": body}
}

// idOf is the number in an answer's "id".
func idOf(t *testing.T, o object) models.MessageID {
	t.Helper()
	id, err := models.ParseMessageID(o.str("id"))
	require.NoError(t, err)
	return id
}

//nolint:thelper // a step is a test of its own
func TestSingleTexts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := w.list(3)
	w.step("a text is queued in its list's dress, and the outbox is told", func(t *testing.T) {
		a := w.do("POST", "/v1/messages", aText(list, "(212) 555-0100", "Hello {{first_name}}"))
		got := a.want(http.StatusAccepted)
		require.Equal(t, "/v1/messages/"+got.str("id"), a.Header().Get("Location"))
		require.Equal(t, "Acme: Hello {{first_name}}\nReply STOP to opt out", got["body"], "nothing is filled in")
		require.Equal(t, "api", got["kind"])
		require.Equal(t, "queued", got["state"])
		require.NotContains(t, got, "campaign_id")
		require.Equal(t, []models.ListID{list}, w.engine.nudged)
		require.Equal(t, got, w.message(idOf(t, got)))
	})
	w.step("a passcode goes as it is, also to a stranger", func(t *testing.T) {
		body := aText(list, "+12125550999", "123456 is your code")
		body["kind"] = "passcode"
		require.Equal(t, "123456 is your code", w.do("POST", "/v1/messages", body).want(http.StatusAccepted)["body"])
	})
	w.step("marketing to somebody who is not on the list needs consent, which is kept", func(t *testing.T) {
		body := aText(list, "+12125550998", "Hello")
		require.Contains(t, w.do("POST", "/v1/messages", body).want(http.StatusForbidden)["detail"], "consent")
		body["consent"] = map[string]any{"method": "web_form", "disclosure": "By signing up ...", "page_url": "https://x.example", "ip": "203.0.113.9"}
		w.do("POST", "/v1/messages", body).want(http.StatusAccepted)
		contacts := w.do("GET", "/v1/lists/"+string(list)+"/contacts", nil).want(http.StatusOK).items("items")
		require.Equal(t, "active", contacts[len(contacts)-1]["status"])
	})
	w.step("who said STOP gets nothing, whatever consent comes along", func(t *testing.T) {
		w.webhook(w.hook(list, "inbound"), inboundForm("SM1", phoneOf(1), "STOP"))
		body := aText(list, phoneOf(1), "Hello")
		body["consent"] = map[string]any{"method": "web_form"}
		w.do("POST", "/v1/messages", body).want(http.StatusForbidden)
		body["kind"] = "passcode"
		w.do("POST", "/v1/messages", body).want(http.StatusForbidden)
	})
	w.step("the same key and content are one text", func(t *testing.T) {
		first := w.do("POST", "/v1/messages", aText(list, phoneOf(0), "A"), "Idempotency-Key", "k").want(http.StatusAccepted)
		again := w.do("POST", "/v1/messages", aText(list, phoneOf(0), "A"), "Idempotency-Key", "k").want(http.StatusAccepted)
		require.Equal(t, first, again)
		w.do("POST", "/v1/messages", aText(list, phoneOf(0), "B"), "Idempotency-Key", "k").want(http.StatusConflict)
		other := w.do("POST", "/v1/messages", aText(list, phoneOf(0), "A"), "Idempotency-Key", "l").want(http.StatusAccepted)
		require.NotEqual(t, first["id"], other["id"])
	})
	w.step("everything that is wrong is told at once, and no phone is repeated", func(t *testing.T) {
		a := w.do("POST", "/v1/messages", map[string]any{
			"list_id": string(models.NewID[models.ListID]()), "to": "98765", "body": strings.Repeat("x", 1601), "kind": "campaign",
			"consent": map[string]any{"evidence": "x"},
		})
		got := a.want(422)
		for _, where := range []string{"list_id: is not a list", "to: ", "body: ", "kind: ", "consent.method: is required"} {
			require.Condition(t, func() bool { return oneBegins(got.errors(), where) }, "%s in %v", where, got.errors())
		}
		require.NotContains(t, a.Body.String(), "98765")
		// The brand and the opt-out line count.
		w.do("POST", "/v1/messages", aText(list, phoneOf(0), strings.Repeat("x", 1590))).want(422)
	})
	w.step("without an engine the text waits for the keeper", func(t *testing.T) {
		w.engine.breaks(t)
		w.do("POST", "/v1/messages", aText(list, phoneOf(0), "A")).want(http.StatusAccepted)
	})
	w.step("another account cannot text from the list", func(t *testing.T) {
		_, stranger := w.newAccount()
		got := w.as(stranger, "POST", "/v1/messages", aText(list, phoneOf(0), "A")).want(422)
		require.Equal(t, []string{"list_id: is not a list of this account"}, got.errors())
	})
}

//nolint:thelper // a step is a test of its own
func TestAQuestionIsAnsweredByYes(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := w.list(2)
	body := aText(list, phoneOf(0), "Shall we keep texting you?")
	body["asks"] = true
	w.do("POST", "/v1/messages", body).want(http.StatusAccepted)
	said := func(sid string, i int) any {
		w.webhook(w.hook(list, "inbound"), inboundForm(sid, phoneOf(i), "yes"))
		all := w.do("GET", "/v1/inbound", nil).want(http.StatusOK).items("items")
		return all[len(all)-1]["verdict"]
	}
	w.step("of the person who was asked, once", func(t *testing.T) {
		require.Equal(t, "none", said("SM1", 1), "nobody asked this one")
		require.Equal(t, "start", said("SM2", 0))
		require.Equal(t, "none", said("SM3", 0), "the question is answered")
	})
}

//nolint:thelper // a step is a test of its own
func TestWhy(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list, _, ids := w.sending(2)
	why := func(id models.MessageID) object {
		return w.do("GET", "/v1/messages/"+strconv.FormatInt(int64(id), 10)+"/why", nil).want(http.StatusOK)
	}
	short := func(o object) (out []string) {
		for _, s := range o.items("steps") {
			out = append(out, strings.TrimSpace(s.str("step")+" "+s.str("check")))
		}
		return out
	}
	w.step("a queued message was planned by its campaign", func(t *testing.T) {
		got := why(ids[0])
		require.Equal(t, []string{"planned"}, short(got))
		require.Contains(t, got.items("steps")[0]["why"], `"Autumn"`)
		require.Equal(t, "queued", got["state"])
	})
	w.step("a provider's code is told with our meaning", func(t *testing.T) {
		form := statusForm("undelivered")
		form.Set("ErrorCode", "30003")
		w.webhook(w.statusPath(list, ids[0]), form).want(http.StatusNoContent)
		steps := why(ids[0]).items("steps")
		last := steps[len(steps)-1]
		require.Equal(t, "30003", last["code"])
		require.Equal(t, "retry_later", last["class"])
		require.Contains(t, last["why"], "switched off")
	})
	w.step("a claim tells the checks in their order", func(t *testing.T) {
		source := models.Source{AccountID: w.account, ListID: list}
		id := idOf(t, w.do("POST", "/v1/messages", aText(list, phoneOf(1), "A")).want(http.StatusAccepted))
		b, err := w.store.TakeBatch(t.Context(), source, 0, "01a20a95-5865-7af5-8805-7e8f7159fc70")
		require.NoError(t, err)
		got, err := w.store.ClaimMessages(t.Context(), models.Claim{
			Batch: b, Holder: "01a20a95-5865-7af5-8805-7e8f7159fc70", Route: 1,
			Texts: []models.Text{{MessageID: id, Kind: models.KindAPI, Body: "A", Place: "US-NY America/New_York 2026-11-24"}},
		})
		require.NoError(t, err)
		require.Equal(t, []models.MessageID{id}, got)
		require.NoError(t, w.store.SettleMessages(t.Context(), w.account, []models.Outcome{{MessageID: id, State: models.MessageSent, ProviderID: "SM9"}}))
		story := why(id)
		require.Equal(t, []string{
			"planned", "passed consent", "passed account_standing", "passed frequency_cap", "passed quiet_hours", "passed state_cap",
			"claimed", "handed_over",
		}, short(story))
		require.Contains(t, story.items("steps")[4]["why"], "America/New_York 2026-11-24")
		require.Equal(t, true, story.items("steps")[4]["derived"])
		require.Contains(t, story.items("steps")[7]["why"], "twilio")
	})
	w.step("an opt-out tells that it was one", func(t *testing.T) {
		w.webhook(w.hook(list, "inbound"), inboundForm("SM1", phoneOf(1), "STOP"))
		story := why(ids[1])
		require.Equal(t, []string{"planned", "skipped opted_out"}, short(story))
		require.Contains(t, story.items("steps")[1]["why"], "said STOP")
	})
}

// What is not checked refuses with the reason, and does not keep a text for later. A request
// that was taken before is answered as then: its text may be on its way.
func TestAnUncheckedListTakesNoTexts(t *testing.T) {
	t.Parallel()
	w := newWorld(t)
	list := w.list(1)
	taken := w.do("POST", "/v1/messages", aText(list, phoneOf(0), "A"), "Idempotency-Key", "k").want(http.StatusAccepted)
	require.NoError(t, w.store.FailCheck(t.Context(), w.account, w.stored(list).Routes[0].ID, 0, "unpaid"))
	got := w.do("POST", "/v1/messages", aText(list, phoneOf(0), "B")).want(http.StatusConflict)
	require.Contains(t, got["detail"], "not checked")
	require.Contains(t, got["detail"], "unpaid")
	again := w.do("POST", "/v1/messages", aText(list, phoneOf(0), "A"), "Idempotency-Key", "k").want(http.StatusAccepted)
	require.Equal(t, taken["id"], again["id"])
	w.webhook(w.hook(list, "inbound"), inboundForm("SM1", phoneOf(0), "Is it still on?"))
	in := w.do("GET", "/v1/inbound", nil).want(http.StatusOK).items("items")
	w.do("POST", "/v1/inbound/"+in[0]["id"].(string)+"/reply", map[string]any{"body": "Yes"}).want(http.StatusConflict)
}
