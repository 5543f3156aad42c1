package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider/sandbox"
)

type infobipAnswer struct {
	BulkID   string
	Messages []struct {
		MessageID, Destination string
		Status                 struct {
			GroupID, ID     int
			GroupName, Name string
		}
		Details struct{ MessageCount int }
	}
}

// infobip sends any body and reads the answer to it.
func (w *world) infobip(t *testing.T, body string) (a infobipAnswer) {
	t.Helper()
	status, raw := w.doWith(t, http.MethodPost, "/sms/3/messages", body, jsonHeader("App key"))
	require.Equal(t, http.StatusOK, status, raw)
	require.NoError(t, json.Unmarshal([]byte(raw), &a))
	return a
}

// infobipMany is one request for texts to many phones, ids from 1.
func infobipMany(w *world, phones ...string) string {
	var to []string
	for i, p := range phones {
		to = append(to, fmt.Sprintf(`{"to":%q,"messageId":"%d"}`, p, i+1))
	}
	return `{"messages":[{"sender":"15005550006","destinations":[` + strings.Join(to, ",") + `],"content":{"text":"hi"},
		"webhooks":{"delivery":{"url":"` + w.app + `/status"},"callbackData":"list=1"}}],"options":{"schedule":{"bulkId":"b1"}}}`
}

func TestInfobipAcceptsWhatItCanOfARequest(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{DeliveredPercent: 100})
	a := w.infobip(t, infobipMany(w, "12125550101", "12", "", "+12125550104"))
	require.Equal(t, "b1", a.BulkID)
	got := []string{}
	for _, m := range a.Messages {
		got = append(got, fmt.Sprint(m.MessageID, " ", m.Destination, " ", m.Status.GroupID, " ", m.Status.ID))
	}
	require.Equal(t, []string{"1 12125550101 1 26", "2 12 5 52", "3  5 51", "4 +12125550104 1 26"}, got)
	require.Equal(t, "PENDING_ACCEPTED", a.Messages[0].Status.Name)
	require.Equal(t, 1, a.Messages[0].Details.MessageCount)
	require.Equal(t, 2, w.box.Count())
	require.EqualValues(t, 2, w.box.Stats().Refused)
	w.settle(t)
	require.Len(t, w.wordsOf(t, formats()[sandbox.Infobip]), 2, "no intermediate report was asked for")
}

func TestInfobipTakesAnIdOnce(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Faults: sandbox.Faults{FailAfter: sandbox.Spell{Percent: 100}}})
	body := infobipText(w, 42, phone, "hi")
	status, _ := w.doWith(t, http.MethodPost, "/sms/3/messages", body, jsonHeader("App key"))
	require.Equal(t, http.StatusInternalServerError, status)
	require.NoError(t, w.box.SetFaults(sandbox.Faults{}))
	again := w.infobip(t, body).Messages[0].Status
	require.Equal(t, 5, again.GroupID)
	require.Equal(t, 23, again.ID)
	require.Equal(t, "REJECTED_DUPLICATE_MESSAGE_ID", again.Name)
	require.Equal(t, 1, w.box.Count())

	status, _ = w.doWith(t, http.MethodPost, "/sms/3/messages", body, jsonHeader("App other"))
	require.Equal(t, http.StatusOK, status)
	require.Equal(t, 2, w.box.Count(), "another account's ids are its own")

	twice := strings.Replace(infobipMany(w, "12125550101", "12125550102"), `"messageId":"2"`, `"messageId":"1"`, 1)
	a := w.infobip(t, twice)
	require.Equal(t, 23, a.Messages[1].Status.ID, "in one request too")
}

func TestARefusedTextDoesNotSpendItsId(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Faults: sandbox.Faults{Refusals: []sandbox.RefusalShare{{Class: sandbox.RetrySoon, Percent: 100}}}})
	body := infobipText(w, 42, phone, "hi")
	require.Equal(t, 21, w.infobip(t, body).Messages[0].Status.ID)
	require.NoError(t, w.box.SetFaults(sandbox.Faults{}))
	require.Equal(t, 26, w.infobip(t, body).Messages[0].Status.ID)
}

func TestInfobipReportsTravelTogether(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{DeliveredPercent: 100, Callbacks: sandbox.Callbacks{Hold: true, MaxDelay: 1}})
	phones := make([]string, 250)
	for i := range phones {
		phones[i] = fmt.Sprintf("1212555%04d", i)
	}
	w.infobip(t, infobipMany(w, phones...))
	w.mu.Lock()
	w.fails = 1
	w.mu.Unlock()
	w.box.ReleaseCallbacks()
	w.settle(t)
	hooks, told := w.hooksAt("/status"), map[string]bool{}
	require.Less(t, len(hooks), 20)
	for _, h := range hooks {
		var p struct{ Results []struct{ MessageID string } }
		require.NoError(t, json.Unmarshal([]byte(h.body), &p))
		require.LessOrEqual(t, len(p.Results), 100)
		for _, r := range p.Results {
			told[r.MessageID] = true
		}
	}
	require.Len(t, told, 250)
	require.EqualValues(t, 250, w.box.Stats().Callbacks)
}

func TestEarlyInfobipReportsTravelTogetherToo(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{DeliveredPercent: 100, Faults: sandbox.Faults{CallbacksEarly: sandbox.Spell{Percent: 100}}})
	phones := make([]string, 150)
	for i := range phones {
		phones[i] = fmt.Sprintf("1212555%04d", i)
	}
	w.infobip(t, infobipMany(w, phones...))
	require.Len(t, w.hooksAt("/status"), 2)
	require.Len(t, w.wordsOf(t, formats()[sandbox.Infobip]), 150)
}

func TestInfobipReportsHaveTheDocumentedShape(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{DeliveredPercent: 100})
	w.infobip(t, infobipMany(w, "12125550123"))
	w.settle(t)
	h := w.hooksAt("/status")[0]
	require.Equal(t, "application/json", h.header.Get("Content-Type"))
	var p struct{ Results []map[string]any }
	require.NoError(t, json.Unmarshal([]byte(h.body), &p))
	r := p.Results[0]
	for _, moment := range []string{"sentAt", "doneAt"} {
		_, err := time.Parse("2006-01-02T15:04:05.000-0700", r[moment].(string))
		require.NoError(t, err)
		delete(r, moment)
	}
	raw, err := json.Marshal(r)
	require.NoError(t, err)
	require.JSONEq(t, `{"bulkId":"b1","messageId":"1","to":"12125550123","sender":"15005550006","messageCount":1,"mccMnc":"310260",
		"price":{"pricePerMessage":0.0045,"currency":"USD"},
		"status":{"groupId":3,"groupName":"DELIVERED","id":5,"name":"DELIVERED_TO_HANDSET","description":"DELIVERED_TO_HANDSET"},
		"error":{"groupId":0,"groupName":"OK","id":0,"name":"NO_ERROR","description":"NO_ERROR","permanent":false},
		"callbackData":"list=1","platform":{}}`, string(raw))
}

func TestInfobipTellsWhatBecameOfAnId(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{DeliveredPercent: 100, Callbacks: sandbox.Callbacks{Hold: true}})
	w.infobip(t, infobipMany(w, "12125550101", "12125550102", "12125550103"))
	ask := func(path, key string) (ids, states []string) {
		status, raw := w.doWith(t, http.MethodGet, path, "", jsonHeader("App "+key))
		require.Equal(t, http.StatusOK, status, raw)
		var p struct {
			Results []struct {
				MessageID, DoneAt string
				Status            struct{ Name string }
			}
		}
		require.NoError(t, json.Unmarshal([]byte(raw), &p))
		ids, states = []string{}, []string{}
		for _, r := range p.Results {
			ids, states = append(ids, r.MessageID), append(states, r.Status.Name)
		}
		return ids, states
	}
	ids, states := ask("/sms/3/logs?messageId=1,9&messageId=3", "key")
	require.Equal(t, []string{"1", "3"}, ids)
	require.Equal(t, []string{"PENDING_ACCEPTED", "PENDING_ACCEPTED"}, states)
	ids, _ = ask("/sms/3/reports?messageId=1", "key")
	require.Empty(t, ids, "it has not ended")
	ids, _ = ask("/sms/3/logs?messageId=1", "other")
	require.Empty(t, ids, "another account's text")
	ids, _ = ask("/sms/3/logs", "other")
	require.Empty(t, ids, "another account's texts")
	w.box.ReleaseCallbacks()
	w.settle(t)
	_, states = ask("/sms/3/logs?messageId=2", "key")
	require.Equal(t, []string{"DELIVERED_TO_HANDSET"}, states)
	ids, _ = ask("/sms/3/logs?bulkId=b1&limit=2", "key")
	require.Equal(t, []string{"3", "2"}, ids, "newest first")
	ids, _ = ask("/sms/3/reports?messageId=1", "key")
	require.Equal(t, []string{"1"}, ids)
	ids, _ = ask("/sms/3/reports", "key")
	require.Equal(t, []string{"3", "2"}, ids, "a report is given once")
	status, raw := w.doWith(t, http.MethodGet, "/sms/3/logs?from=x", "", jsonHeader("App key"))
	require.Equal(t, http.StatusBadRequest, status)
	require.Contains(t, raw, `"property":"from"`)
}

func TestInfobipNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	good := infobipMany(w, "12125550101")
	for _, tc := range [][3]string{
		{`"sender"`, `"from"`, "messages[0].sender"},
		{`"hi"`, `""`, "messages[0].content.text"},
		{`"to":"12125550101"`, `"to":"1","messageId":"` + strings.Repeat("x", 201) + `","x":""`, "messages[0].destinations[0].messageId"},
		{w.app + "/status", "nowhere", "messages[0].webhooks.delivery.url"},
		{`"bulkId":"b1"`, `"sendAt":"2026-07-01T16:00:00.000+0000"`, "options.schedule.sendAt"},
		{`"list=1"`, `"` + strings.Repeat("x", 4001) + `"`, "messages[0].webhooks.callbackData"},
	} {
		body := strings.Replace(good, tc[0], tc[1], 1)
		if strings.Contains(tc[1], "xxx") && strings.Contains(tc[2], "messageId") {
			body = strings.Replace(body, `"messageId":"1"`, `"y":""`, 1)
		}
		status, raw := w.doWith(t, http.MethodPost, "/sms/3/messages", body, jsonHeader("App key"))
		require.Equal(t, http.StatusBadRequest, status, tc[2])
		require.Contains(t, raw, `"errorCode":"E400"`)
		require.Contains(t, raw, `"property":"`+tc[2]+`"`)
	}
	status, raw := w.doWith(t, http.MethodPost, "/sms/3/messages", good, jsonHeader("Bearer key"))
	require.Equal(t, http.StatusUnauthorized, status)
	require.Contains(t, raw, "E401")
	require.Zero(t, w.box.Count())
}

func TestTooLongATextIsRejectedByInfobip(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	a := w.infobip(t, infobipText(w, 1, phone, strings.Repeat("x", 153*25+1)))
	require.Equal(t, 25, a.Messages[0].Status.ID)
}

func TestInfobipForwardsWhatPeopleSay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	w.as(t, sandbox.Infobip)
	r, err := w.box.Reply(phone, number, "Stop texting")
	require.NoError(t, err)
	w.settle(t)
	require.JSONEq(t, `{"results":[{"messageId":"`+r.SID+`","from":"12125550123","to":"15005550006","text":"Stop texting","cleanText":"texting",
		"keyword":"STOP","receivedAt":"`+r.At.Format("2006-01-02T15:04:05.000-0700")+`","smsCount":1,
		"price":{"pricePerMessage":0,"currency":"USD"},"callbackData":""}],"messageCount":1,"pendingMessageCount":0}`, w.hooksAt("/inbound")[0].body)
	require.Empty(t, w.box.Stops(), "more than a keyword")
}
