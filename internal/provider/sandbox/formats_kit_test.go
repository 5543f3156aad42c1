package sandbox_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider/sandbox"
)

// format is how a test speaks one provider's API.
type format struct {
	path   string
	header http.Header
	ok     int // status of a success
	// request asks for one text with an id of ours.
	request func(w *world, id int, to, body string) string
	// refused is what an answer says of a text refused for each reason.
	refused map[string]string
	// words are the statuses in a webhook, in order.
	words func(t *testing.T, h hook) []string
	sent  string
	// ends are the words for delivered, and for each reason of being lost.
	ends map[string]string
}

func jsonHeader(authorization string) http.Header {
	return http.Header{"Content-Type": {"application/json"}, "Authorization": {authorization}}
}

func formats() map[string]format {
	return map[string]format{
		sandbox.Infobip: {
			path: "/sms/3/messages", header: jsonHeader("App key"), ok: 200, request: infobipText,
			refused: map[string]string{
				"opted_out": `"groupId":5,"groupName":"REJECTED","id":14,`, "bad_number": `"id":52,`, "filtered": `"id":87,`,
				"account_problem": `"id":12,`, "retry_soon": `"id":21,`, "unheard": `"id":999,`, "rejected": `"id":25,`,
			},
			words: infobipWords, sent: "3/2/0",
			ends: map[string]string{"": "3/5/0", "retry_later": "2/9/27", "bad_number": "2/9/1", "filtered": "2/4/607", "opted_out": "2/4/603", "unheard": "2/9/9999"},
		},
		sandbox.CM: {
			path: "/v1.0/message", header: jsonHeader(""), ok: 200, request: cmText,
			refused: map[string]string{
				"opted_out": `"messageErrorCode":402}`, "bad_number": `"messageErrorCode":303}`, "filtered": `"messageErrorCode":401}`,
				"account_problem": `"messageErrorCode":102}`, "retry_soon": `"messageErrorCode":500}`,
				"unheard": `"messageErrorCode":499}`, "rejected": `"messageErrorCode":304}`,
			},
			words: cmWords, sent: "0/",
			ends: map[string]string{"": "2/", "retry_later": "3/8", "bad_number": "3/303", "filtered": "1/401", "opted_out": "1/402", "unheard": "3/9999"},
		},
		sandbox.Telnyx: {
			path: "/v2/messages", header: jsonHeader("Bearer key"), ok: 200, request: telnyxText,
			refused: map[string]string{
				"opted_out": `"code":"40300"`, "bad_number": `"code":"40001"`, "filtered": `"code":"40003"`, "account_problem": `"code":"20012"`,
				"retry_soon": `"code":"10011"`, "unheard": `"code":"49999"`, "rejected": `"code":"40009"`,
			},
			words: telnyxWords, sent: "message.sent/sent/",
			ends: map[string]string{
				"": "message.finalized/delivered/", "retry_later": "message.finalized/delivery_failed/40006",
				"bad_number": "message.finalized/delivery_failed/40001", "filtered": "message.finalized/delivery_failed/40003",
				"opted_out": "message.finalized/delivery_failed/40300", "unheard": "message.finalized/delivery_failed/49999",
			},
		},
		sandbox.Twilio: {
			path: messages, header: http.Header{"Content-Type": {"application/x-www-form-urlencoded"}, "Authorization": {"Basic QUMxOnQ="}}, ok: 201,
			request: func(w *world, id int, to, body string) string {
				return fmt.Sprintf("To=%%2B%s&From=%%2B15005550006&Body=%s&StatusCallback=%s/status?message=%d", to[1:], body, w.app, id)
			},
			refused: map[string]string{
				"opted_out": `"code":21610`, "bad_number": `"code":21211`, "filtered": `"code":21618`, "account_problem": `"code":20003`,
				"retry_soon": `"code":20429`, "unheard": `"code":29999`, "rejected": `"code":21617`,
			},
			words: func(_ *testing.T, h hook) []string {
				return []string{h.form.Get("MessageStatus") + "/" + h.form.Get("ErrorCode")}
			},
			sent: "sent/",
			ends: map[string]string{
				"": "delivered/", "retry_later": "undelivered/30003", "bad_number": "undelivered/30005",
				"filtered": "undelivered/30007", "opted_out": "undelivered/21610", "unheard": "undelivered/39999",
			},
		},
	}
}

func infobipText(w *world, id int, to, body string) string {
	return fmt.Sprintf(`{"messages":[{"sender":"15005550006","destinations":[{"to":%q,"messageId":"%d"}],"content":{"text":%q},
		"webhooks":{"delivery":{"url":%q,"intermediateReport":true},"callbackData":"list=1"}}],"options":{"schedule":{"bulkId":"b1"}}}`,
		strings.TrimPrefix(to, "+"), id, body, w.app+"/status")
}

func cmText(_ *world, id int, to, body string) string {
	return fmt.Sprintf(`{"messages":{"authentication":{"productToken":"key"},"msg":[%s]}}`, cmMessage(id, to, body))
}

func cmMessage(id int, to, body string) string {
	return fmt.Sprintf(`{"allowedChannels":["SMS"],"from":"0015005550006","to":[{"number":%q}],"body":{"type":"auto","content":%q},"reference":"m%d"}`,
		strings.Replace(to, "+", "00", 1), body, id)
}

func telnyxText(w *world, id int, to, body string) string {
	return fmt.Sprintf(`{"from":"+15005550006","to":%q,"text":%q,"webhook_url":"%s/status?message=%d"}`, to, body, w.app, id)
}

func infobipWords(t *testing.T, h hook) []string {
	t.Helper()
	var p struct {
		Results []struct {
			Status, Error struct{ GroupID, ID int }
		}
	}
	require.NoError(t, json.Unmarshal([]byte(h.body), &p))
	out := []string{}
	for _, r := range p.Results {
		out = append(out, fmt.Sprintf("%d/%d/%d", r.Status.GroupID, r.Status.ID, r.Error.ID))
	}
	return out
}

func cmWords(t *testing.T, h hook) []string {
	t.Helper()
	var p struct {
		Messages struct {
			Msg struct {
				Status struct{ Code, ErrorCode string }
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(h.body), &p))
	return []string{p.Messages.Msg.Status.Code + "/" + p.Messages.Msg.Status.ErrorCode}
}

func telnyxWords(t *testing.T, h hook) []string {
	t.Helper()
	var p struct {
		Data struct {
			EventType string `json:"event_type"`
			Payload   struct {
				To     []struct{ Status string }
				Errors []struct{ Code string }
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(h.body), &p))
	code := ""
	if len(p.Data.Payload.Errors) > 0 {
		code = p.Data.Payload.Errors[0].Code
	}
	return []string{p.Data.EventType + "/" + p.Data.Payload.To[0].Status + "/" + code}
}

// as registers the number with a provider, so that texts of CM find their webhook.
func (w *world) as(t *testing.T, provider string) format {
	t.Helper()
	w.mu.Lock()
	w.yes = http.StatusOK
	w.mu.Unlock()
	require.NoError(t, w.box.Register(sandbox.Number{
		Provider: provider, Phone: number, AccountSID: "AC1", Token: "t", InboundURL: w.app + "/inbound", StatusURL: w.app + "/status",
	}))
	return formats()[provider]
}

func (w *world) send(t *testing.T, f format, id int, to, body string) (status int, answer string) {
	t.Helper()
	return w.doWith(t, http.MethodPost, f.path, f.request(w, id, to, body), f.header)
}

func (w *world) wordsOf(t *testing.T, f format) []string {
	t.Helper()
	out := []string{}
	for _, h := range w.hooksAt("/status") {
		out = append(out, f.words(t, h)...)
	}
	return out
}
