package api_test

import (
	"crypto/ed25519"
	"crypto/sha256"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/models"
)

// vendor posts to us as one provider does.
type vendor struct {
	name     string
	settings map[string]any
	ok       int // what it wants to hear for a status report
	signs    bool
	several  bool // reports of several messages in one post
	// report is a post about messages; code is the provider's own, empty when delivered.
	report func(t *testing.T, path, code string, ids ...models.MessageID) *http.Request
	// text is a post with a person's texts; their ids begin with id.
	text   func(t *testing.T, path, id, from string, bodies ...string) *http.Request
	stop   string // the code of a block
	fancy  string // a code in no table
	forged func(r *http.Request)
}

func vendors() []vendor { return []vendor{asTwilio(), asInfobip(), asCM(), asTelnyx()} }

func asTwilio() vendor {
	return vendor{
		name: "twilio", settings: map[string]any{"account_sid": "AC123", "auth_token": token}, ok: http.StatusNoContent, signs: true,
		report: func(t *testing.T, path, code string, ids ...models.MessageID) *http.Request {
			t.Helper()
			form := url.Values{
				"SmsSid": {"SM1"}, "SmsStatus": {"delivered"}, "MessageStatus": {"delivered"}, "To": {"+12125550100"}, "MessageSid": {"SM1"},
				"AccountSid": {"AC123"}, "From": {"+12025550100"}, "ApiVersion": {"2010-04-01"},
			}
			if code != "" {
				form["MessageStatus"], form["ErrorCode"] = []string{"undelivered"}, []string{code}
			}
			return signed(t, fmt.Sprintf("%s?message=%d", path, ids[0]), form, token)
		},
		text: func(t *testing.T, path, id, from string, bodies ...string) *http.Request {
			t.Helper()
			return signed(t, path, inboundForm(id, from, bodies[0]), token)
		},
		stop: "21610", fancy: "99999",
		forged: func(r *http.Request) { r.Header.Set("X-Twilio-Signature", "AAAA") },
	}
}

// posted is a JSON post.
func posted(t *testing.T, path string, body any) *http.Request {
	t.Helper()
	raw, ok := body.(string)
	if !ok {
		b, err := json.Marshal(body)
		require.NoError(t, err)
		raw = string(b)
	}
	r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, path, strings.NewReader(raw))
	r.Header.Set("Content-Type", "application/json")
	return r
}

// fields are a JSON object to be sent.
type fields = map[string]any

func asInfobip() vendor {
	return vendor{
		name: "infobip", settings: map[string]any{"auth_token": "key", "base_url": "http://i.example"}, ok: http.StatusNoContent, several: true,
		report: func(t *testing.T, path, code string, ids ...models.MessageID) *http.Request {
			t.Helper()
			var results []any
			for _, id := range ids {
				r := fields{
					"bulkId": "b", "messageId": id.String(), "callbackData": id.String(), "to": "12125550100", "sender": "12025550100",
					"sentAt": "2026-11-23T10:00:00.000+0000", "doneAt": "2026-11-23T10:00:01.000+0000", "messageCount": 1, "mccMnc": "310260",
					"price":  fields{"pricePerMessage": 0.0045, "currency": "USD"},
					"status": fields{"groupId": 3, "groupName": "DELIVERED", "id": 5, "name": "DELIVERED_TO_HANDSET"},
					"error":  fields{"groupId": 0, "groupName": "OK", "id": 0, "name": "NO_ERROR"},
				}
				if code != "" {
					n, err := strconv.Atoi(strings.TrimPrefix(code, "error-"))
					require.NoError(t, err)
					r["status"] = fields{"groupId": 2, "groupName": "UNDELIVERABLE", "id": 4, "name": "UNDELIVERABLE_REJECTED_OPERATOR"}
					r["error"] = fields{"groupId": 2, "groupName": "USER_ERRORS", "id": n, "permanent": true}
				}
				results = append(results, r)
			}
			return posted(t, path, fields{"results": results})
		},
		text: func(t *testing.T, path, id, from string, bodies ...string) *http.Request {
			t.Helper()
			var results []any
			for i, body := range bodies {
				results = append(results, fields{
					"messageId": fmt.Sprint(id, "-", i), "from": strings.TrimPrefix(from, "+"), "to": "12025550100", "text": body,
					"cleanText": "", "keyword": "", "receivedAt": "2026-11-23T10:00:00.000+0000", "smsCount": 1,
				})
			}
			return posted(t, path, fields{"results": results, "messageCount": len(results), "pendingMessageCount": 0})
		},
		stop: "error-573", fancy: "error-9999",
	}
}

func asCM() vendor {
	return vendor{
		name: "cm", settings: map[string]any{"auth_token": "product"}, ok: http.StatusOK, several: true,
		report: func(t *testing.T, path, code string, ids ...models.MessageID) *http.Request {
			t.Helper()
			var all []any
			for _, id := range ids {
				status := fields{"code": "2", "errorCode": "", "errorDescription": "Delivered"}
				if code != "" {
					status = fields{"code": "3", "errorCode": code, "errorDescription": "Failed"}
				}
				all = append(all, fields{
					"received": "2026-11-23T10:00:00", "to": "0012125550100", "reference": id.String(), "status": status, "operator": "310260",
				})
			}
			var msg any = all
			if len(all) == 1 {
				msg = all[0]
			}
			return posted(t, path, fields{"messages": fields{"msg": msg}})
		},
		text: func(t *testing.T, path, id, from string, bodies ...string) *http.Request {
			t.Helper()
			// CM names no id: the time stands for it.
			sum := sha256.Sum256([]byte(id))
			at := time.Unix(int64(sum[0])<<16+int64(sum[1])<<8+int64(sum[2]), 0).UTC().Format("2006-01-02T15:04:05")
			return posted(t, path, fields{
				"reference": "", "messageContext": "", "from": fields{"number": "00" + strings.TrimPrefix(from, "+"), "name": ""},
				"to": fields{"number": "0012025550100"}, "message": fields{"text": bodies[0], "media": fields{"mediaUri": ""}, "custom": fields{}},
				"groupings": []string{"", "", ""}, "timeUtc": at, "timezone": "UTC", "channel": "SMS",
			})
		},
		stop: "402", fancy: "8",
	}
}

func asTelnyx() vendor {
	private := ed25519.NewKeyFromSeed([]byte("a seed for the tests' telnyx key"))
	public, _ := private.Public().(ed25519.PublicKey)
	sign := func(r *http.Request, body string) *http.Request {
		at := strconv.FormatInt(time.Now().Unix(), 10)
		r.Header.Set("Telnyx-Timestamp", at)
		r.Header.Set("Telnyx-Signature-Ed25519", base64.StdEncoding.EncodeToString(ed25519.Sign(private, []byte(at+"|"+body))))
		return r
	}
	event := func(t *testing.T, path, kind string, payload fields) *http.Request {
		t.Helper()
		raw, err := json.Marshal(fields{
			"data": fields{"record_type": "event", "event_type": kind, "id": "e", "occurred_at": "2026-11-23T10:00:00Z", "payload": payload},
			"meta": fields{"attempt": 1, "delivered_to": publicURL + path},
		})
		require.NoError(t, err)
		return sign(posted(t, path, string(raw)), string(raw))
	}
	return vendor{
		name: "telnyx", settings: map[string]any{"auth_token": "KEY1", "public_key": base64.StdEncoding.EncodeToString(public)},
		ok: http.StatusNoContent, signs: true,
		report: func(t *testing.T, path, code string, ids ...models.MessageID) *http.Request {
			t.Helper()
			to, errors := fields{"phone_number": "+12125550100", "status": "delivered"}, []any{}
			if code != "" {
				to["status"], errors = "delivery_failed", []any{fields{"code": code, "title": "x", "detail": "x"}}
			}
			return event(t, fmt.Sprintf("%s?message=%d", path, ids[0]), "message.finalized", fields{
				"record_type": "message", "direction": "outbound", "id": "40385f64-5717-4562-b3fc-2c963f66afa6", "type": "SMS",
				"from": fields{"phone_number": "+12025550100"}, "to": []any{to}, "errors": errors,
			})
		},
		text: func(t *testing.T, path, id, from string, bodies ...string) *http.Request {
			t.Helper()
			return event(t, path, "message.received", fields{
				"record_type": "message", "direction": "inbound", "id": id, "type": "SMS", "from": fields{"phone_number": from},
				"to": []any{fields{"phone_number": "+12025550100", "status": "webhook_delivered"}}, "text": bodies[0],
			})
		},
		stop: "40300", fancy: "49999",
		forged: func(r *http.Request) { r.Header.Set("Telnyx-Timestamp", "1") },
	}
}

// at makes a list at a provider, with n contacts who each have a message queued.
func (w *world) at(v vendor, n int) (models.ListID, []models.MessageID) {
	w.t.Helper()
	body := aList()
	body["provider"], body["provider_settings"] = v.name, v.settings
	list := models.ListID(w.do("POST", "/v1/lists", body).want(http.StatusCreated).str("id"))
	w.check(list)
	w.imported(list, people(n))
	ids := make([]models.MessageID, n)
	for i := range ids {
		ids[i] = idOf(w.t, w.do("POST", "/v1/messages", aText(list, phoneOf(i), "Hello")).want(http.StatusAccepted))
	}
	return list, ids
}

// statuses are those of a list's contacts.
func (w *world) statuses(l models.ListID) (out []string) {
	w.t.Helper()
	for _, c := range w.do("GET", "/v1/lists/"+string(l)+"/contacts", nil).want(http.StatusOK).items("items") {
		out = append(out, c.str("status"))
	}
	return out
}
