package telnyx_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/internal/provider/telnyx"
)

var noon = time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)

// signed is an adapter and a way to post it true webhooks.
func signed(tb testing.TB) (provider.Adapter, func(query, body string) provider.Webhook) {
	tb.Helper()
	public, private, err := ed25519.GenerateKey(nil)
	require.NoError(tb, err)
	a := account
	a.PublicKey = base64.StdEncoding.EncodeToString(public)
	return telnyx.Dialer{}.Dial(a), func(query, body string) provider.Webhook {
		return provider.Webhook{
			URL: "https://app.example.com/hooks/telnyx/7" + query, Header: sign(private, noon, []byte(body)), Body: []byte(body), Now: noon,
		}
	}
}

func event(kind, payload string) string {
	return fmt.Sprintf(`{"data":{"event_type":%q,"payload":%s},"meta":{}}`, kind, payload)
}

func TestStatusWordsAreTranslated(t *testing.T) {
	t.Parallel()
	bad := telnyx.Dialer{}.Codes()["40012"]
	for word, want := range map[string]provider.Report{
		"queued":               {Status: provider.StatusAccepted},
		"sent":                 {Status: provider.StatusAccepted},
		"delivered":            {Status: provider.StatusDelivered},
		"delivery_unconfirmed": {Status: provider.StatusUnknown},
		"expired":              {Status: provider.StatusUndelivered, Class: provider.RetryLater},
		"delivery_failed":      {Status: provider.StatusUndelivered, Code: "40012", Class: bad.Class, Text: bad.Sentence},
		"sending_failed":       {Status: provider.StatusFailed, Code: "49999", Class: provider.RetryLater, Unheard: true},
		"teleported":           {Status: provider.StatusUnknown, Unheard: true},
	} {
		ad, post := signed(t)
		want.MessageID, want.ProviderID, want.Raw = 12, "m-1", word
		errors := `null`
		if want.Code != "" {
			errors = fmt.Sprintf(`[{"code":%q,"title":"+12125550123"}]`, want.Code)
		}
		got, err := ad.Status(post("?message=12", event("message.finalized",
			fmt.Sprintf(`{"id":"m-1","to":[{"status":%q}],"errors":%s}`, word, errors))))
		require.NoError(t, err)
		require.Equal(t, []provider.Report{want}, got)
	}
}

func TestACodeThatIsNoneIsNotKept(t *testing.T) {
	t.Parallel()
	ad, post := signed(t)
	for raw, want := range map[string]string{`40012`: "40012", `"+12125550123"`: "", `"12125550123"`: "", `{}`: "", `null`: ""} {
		got, err := ad.Status(post("?message=12", event("message.finalized",
			fmt.Sprintf(`{"id":"m-1","to":[{"status":"delivery_failed"}],"errors":[{"code":%s}]}`, raw))))
		require.NoError(t, err, raw)
		require.Equal(t, want, got[0].Code, raw)
	}
}

func TestOtherEventsAreOfNoInterest(t *testing.T) {
	t.Parallel()
	ad, post := signed(t)
	for _, body := range []string{event("call.hangup", `{"to":"+12125550123"}`), event("message.received", `{"id":"m-1"}`)} {
		got, err := ad.Status(post("", body))
		require.NoError(t, err)
		require.Empty(t, got)
	}
	got, err := ad.Inbound(post("", event("message.sent", `{"id":"m-1"}`)))
	require.NoError(t, err)
	require.Empty(t, got)
}

func TestSignedNonsenseIsInvalid(t *testing.T) {
	t.Parallel()
	ad, post := signed(t)
	for name, w := range map[string]provider.Webhook{
		"not JSON":     post("?message=1", `{`),
		"no event":     post("?message=1", `{"data":{}}`),
		"no payload":   post("?message=1", `{"data":{"event_type":"message.sent"}}`),
		"no id":        post("?message=1", event("message.sent", `{"to":[{"status":"sent"}]}`)),
		"no recipient": post("?message=1", event("message.sent", `{"id":"m-1","to":[]}`)),
		"no number id": post("?message=x", event("message.sent", `{"id":"m-1","to":[{"status":"sent"}]}`)),
	} {
		_, err := ad.Status(w)
		require.Equal(t, fault.Invalid, fault.KindOf(err), name)
	}
	_, err := ad.Inbound(post("", event("message.received", `{"id":"m-1","to":[],"from":{}}`)))
	require.Equal(t, fault.Invalid, fault.KindOf(err))
}

func TestSignaturesGrowOldAndCannotComeFromTheFuture(t *testing.T) {
	t.Parallel()
	ad, post := signed(t)
	for off, want := range map[time.Duration]bool{
		0: true, 5 * time.Minute: true, -5 * time.Minute: true, 6 * time.Minute: false, -6 * time.Minute: false,
	} {
		w := post("?message=12", event("message.sent", `{"id":"m-1","to":[{"status":"sent"}]}`))
		w.Now = noon.Add(off)
		_, err := ad.Status(w)
		require.Equal(t, want, err == nil, off)
		require.Equal(t, !want, fault.KindOf(err) == fault.Forbidden, off)
	}
}

func TestWithoutAKeyEveryWebhookIsForged(t *testing.T) {
	t.Parallel()
	_, post := signed(t)
	for _, key := range []string{"", "c2hvcnQ=", "not base64"} {
		a := account
		a.PublicKey = key
		_, err := telnyx.Dialer{}.Dial(a).Status(post("", event("message.sent", `{}`)))
		require.Equal(t, fault.Forbidden, fault.KindOf(err), key)
	}
}

func TestInboundTextsHaveALimit(t *testing.T) {
	t.Parallel()
	ad, post := signed(t)
	for n, want := range map[int]bool{0: true, 1600: true, 1601: false} {
		text, err := json.Marshal(strings.Repeat("é", n))
		require.NoError(t, err)
		_, err = ad.Inbound(post("", event("message.received",
			fmt.Sprintf(`{"id":"m-1","from":{"phone_number":"+1"},"to":[{"phone_number":"+2"}],"text":%s}`, text))))
		require.Equal(t, want, err == nil, n)
	}
}

func FuzzWebhooks(f *testing.F) {
	f.Add("?message=1", event("message.sent", `{"id":"m-1","to":[{"status":"sent"}],"errors":[{"code":40012}]}`))
	f.Add("?message=", event("message.received", `{"id":"m-1","from":{"phone_number":"+1"},"to":[{"phone_number":"+2"}],"text":"STOP"}`))
	f.Add("", `{"data":{"event_type":"message.finalized","payload":null}}`)
	ad, post := signed(f)
	f.Fuzz(func(t *testing.T, query, body string) {
		w := post(query, body)
		if got, err := ad.Status(w); err == nil && len(got) > 0 {
			require.NotEmpty(t, got[0].ProviderID)
			require.NotEmpty(t, got[0].Raw)
			require.GreaterOrEqual(t, got[0].MessageID, int64(0))
			require.LessOrEqual(t, len(got[0].Code), 6)
		}
		if got, err := ad.Inbound(w); err == nil && len(got) > 0 {
			require.NotEmpty(t, got[0].From)
			require.NotEmpty(t, got[0].To)
		}
		w.Header = nil
		_, err := ad.Inbound(w)
		require.Equal(t, fault.Forbidden, fault.KindOf(err))
	})
}
