package sandbox_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider/sandbox"
)

// genuine checks a webhook the way Telnyx's own libraries do.
func genuine(t *testing.T, public string, h hook) bool {
	t.Helper()
	key, err := base64.StdEncoding.DecodeString(public)
	require.NoError(t, err)
	require.Len(t, key, ed25519.PublicKeySize)
	signature, err := base64.StdEncoding.DecodeString(h.header.Get("telnyx-signature-ed25519"))
	require.NoError(t, err)
	at, err := strconv.ParseInt(h.header.Get("telnyx-timestamp"), 10, 64)
	require.NoError(t, err)
	require.WithinDuration(t, time.Now(), time.Unix(at, 0), time.Minute)
	return ed25519.Verify(key, []byte(h.header.Get("telnyx-timestamp")+"|"+h.body), signature)
}

func TestTelnyxSignsItsWebhooks(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{Seed: 1})
	f := w.as(t, sandbox.Telnyx)
	w.send(t, f, 1, phone, "hi")
	_, err := w.box.Reply(phone, number, "hello")
	require.NoError(t, err)
	w.settle(t)
	other, err := sandbox.New(sandbox.Options{Seed: 2})
	require.NoError(t, err)
	hooks := append(w.hooksAt("/status"), w.hooksAt("/inbound")...)
	require.Len(t, hooks, 3)
	_, public := w.do(t, http.MethodGet, "/sandbox/telnyx-public-key", "")
	require.Equal(t, w.box.TelnyxPublicKey(), public)
	for _, h := range hooks {
		require.True(t, genuine(t, public, h))
		require.False(t, genuine(t, other.TelnyxPublicKey(), h), "another key")
		h.body += " "
		require.False(t, genuine(t, public, h), "another body")
	}
	again, err := sandbox.New(sandbox.Options{Seed: 1})
	require.NoError(t, err)
	require.Equal(t, public, again.TelnyxPublicKey(), "a restart keeps the key")
}

type telnyxMessage struct {
	Data struct {
		ID, Encoding string
		Parts        int
		From         struct {
			PhoneNumber string `json:"phone_number"`
		}
		To []struct {
			PhoneNumber string `json:"phone_number"`
			Status      string
		}
		SentAt      *time.Time `json:"sent_at"`
		CompletedAt *time.Time `json:"completed_at"`
	}
}

func TestTelnyxTextsAreAnsweredAndFetched(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{DeliveredPercent: 100, Callbacks: sandbox.Callbacks{Hold: true}})
	f := w.as(t, sandbox.Telnyx)
	_, raw := w.send(t, f, 1, phone, "й"+strings.Repeat("x", 70))
	var m telnyxMessage
	require.NoError(t, json.Unmarshal([]byte(raw), &m))
	require.Equal(t, "queued", m.Data.To[0].Status)
	require.Equal(t, phone, m.Data.To[0].PhoneNumber)
	require.Equal(t, number, m.Data.From.PhoneNumber)
	require.Equal(t, 2, m.Data.Parts)
	require.Equal(t, "UCS-2", m.Data.Encoding)
	require.Nil(t, m.Data.SentAt)
	require.Equal(t, w.box.Accepted()[0].SID, m.Data.ID)
	w.box.ReleaseCallbacks()
	w.settle(t)
	status, raw := w.doWith(t, http.MethodGet, "/v2/messages/"+m.Data.ID, "", f.header)
	require.Equal(t, http.StatusOK, status)
	require.NoError(t, json.Unmarshal([]byte(raw), &m))
	require.Equal(t, "delivered", m.Data.To[0].Status)
	require.NotNil(t, m.Data.CompletedAt)
	status, raw = w.doWith(t, http.MethodGet, "/v2/messages/"+m.Data.ID, "", jsonHeader("Bearer other"))
	require.Equal(t, http.StatusNotFound, status, "another account's text")
	require.Contains(t, raw, `"code":"10005"`)
}

func TestTelnyxEventsKeepTheirIdWhenTheyAreToldAgain(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{DeliveredPercent: 100, Faults: sandbox.Faults{CallbacksTwice: sandbox.Spell{Percent: 100}}})
	f := w.as(t, sandbox.Telnyx)
	w.mu.Lock()
	w.fails = 1
	w.mu.Unlock()
	w.send(t, f, 1, phone, "hi")
	w.settle(t)
	ids, attempts := map[string]int{}, []int{}
	for _, h := range w.hooksAt("/status") {
		var e struct {
			Data struct {
				ID         string
				RecordType string `json:"record_type"`
			}
			Meta struct {
				Attempt     int
				DeliveredTo string `json:"delivered_to"`
			}
		}
		require.NoError(t, json.Unmarshal([]byte(h.body), &e))
		require.Equal(t, "event", e.Data.RecordType)
		require.Equal(t, w.app+"/status?message=1", e.Meta.DeliveredTo)
		ids[e.Data.ID]++
		attempts = append(attempts, e.Meta.Attempt)
	}
	require.Len(t, ids, 2, "one for sent and one for the end")
	require.Equal(t, []int{2, 2, 1, 1}, attempts)
}

func TestTelnyxStatusesFallBackToTheNumbersAddress(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	f := w.as(t, sandbox.Telnyx)
	w.doWith(t, http.MethodPost, f.path, `{"from":"`+number+`","to":"`+phone+`","text":"hi"}`, f.header)
	w.settle(t)
	require.Len(t, w.hooksAt("/status"), 2)
}

func TestTelnyxNamesWhatIsWrong(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	f := w.as(t, sandbox.Telnyx)
	good := telnyxText(w, 1, phone, "hi")
	for _, tc := range [][3]string{
		{`"hi"`, `""`, "10004"},
		{phone, "12", "10016"},
		{w.app, "nowhere", "10003"},
		{`"hi"`, `"` + strings.Repeat("x", 1531) + `"`, "40009"},
	} {
		status, raw := w.doWith(t, http.MethodPost, f.path, strings.Replace(good, tc[0], tc[1], 1), f.header)
		require.GreaterOrEqual(t, status, 400)
		require.Contains(t, raw, `"code":"`+tc[2]+`"`)
	}
	status, raw := w.doWith(t, http.MethodPost, f.path, good, jsonHeader("App key"))
	require.Equal(t, http.StatusUnauthorized, status)
	require.Contains(t, raw, `"code":"10009"`)
}

func TestTelnyxForwardsWhatPeopleSay(t *testing.T) {
	t.Parallel()
	w := newWorld(t, sandbox.Options{})
	w.as(t, sandbox.Telnyx)
	r, err := w.box.Reply(phone, number, "“hello”")
	require.NoError(t, err)
	w.settle(t)
	var e struct {
		Data struct {
			EventType string `json:"event_type"`
			Payload   struct {
				ID, Direction, Text string
				From                struct {
					PhoneNumber string `json:"phone_number"`
				}
				To []struct {
					PhoneNumber string `json:"phone_number"`
				}
			}
		}
	}
	require.NoError(t, json.Unmarshal([]byte(w.hooksAt("/inbound")[0].body), &e))
	require.Equal(t, "message.received", e.Data.EventType)
	p := e.Data.Payload
	require.Equal(t, []string{r.SID, "inbound", "“hello”", phone, number}, []string{p.ID, p.Direction, p.Text, p.From.PhoneNumber, p.To[0].PhoneNumber})
}
