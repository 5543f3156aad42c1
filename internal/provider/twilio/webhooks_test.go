package twilio

import (
	"net/http"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"github.com/twilio/twilio-go/client"

	"trackly/internal/fault"
	"trackly/internal/provider"
)

// The signature is a known one for the token 12345.
func TestTwiliosOwnSignatureIsAccepted(t *testing.T) {
	t.Parallel()
	a := &adapter{validator: client.NewRequestValidator("12345")}
	form := url.Values{
		"CallSid": {"CA1234567890ABCDE"}, "Caller": {"+12349013030"}, "Digits": {"1234"},
		"From": {"+12349013030"}, "To": {"+18005551212"},
	}
	w := provider.Webhook{
		URL:    "https://mycompany.com/myapp.php?foo=1&bar=2",
		Header: http.Header{"X-Twilio-Signature": {"0/KCTR6DLpKmkAf8muzZqo1nDgQ="}},
		Body:   []byte(form.Encode()),
	}
	got, err := a.verified(w)
	require.NoError(t, err)
	require.Equal(t, form, got)
	w.URL += "3"
	_, err = a.verified(w)
	require.Equal(t, fault.Forbidden, fault.KindOf(err))
}

// signed is a form with a true signature, and an adapter that knows the secret.
func signed(address string, form url.Values) (*adapter, provider.Webhook) {
	return &adapter{validator: client.NewRequestValidator("secret")}, provider.Webhook{
		URL: address, Body: []byte(form.Encode()),
		Header: http.Header{"X-Twilio-Signature": {signFor(address, form)}},
	}
}

func TestStatusWordsAreTranslated(t *testing.T) {
	t.Parallel()
	for word, want := range map[string]provider.Report{
		"sent":        {Status: provider.StatusAccepted},
		"read":        {Status: provider.StatusDelivered},
		"undelivered": {Status: provider.StatusUndelivered, Code: "30006", Class: provider.BadNumber, Text: codes["30006"].Sentence},
		"failed":      {Status: provider.StatusFailed, Code: "12", Class: provider.RetryLater, Unheard: true},
		"canceled":    {Status: provider.StatusFailed, Class: provider.RetryLater},
		"teleported":  {Status: provider.StatusUnknown, Unheard: true},
	} {
		const address = "https://app.example.com/hooks/twilio/7?message=12"
		form := url.Values{"MessageSid": {"SM1"}, "MessageStatus": {word}}
		if want.Code != "" {
			form.Set("ErrorCode", want.Code)
		}
		want.MessageID, want.ProviderID, want.Raw = 12, "SM1", word
		a, w := signed(address, form)
		got, err := a.Status(w)
		require.NoError(t, err)
		require.Equal(t, []provider.Report{want}, got)
	}
}

func TestSignedNonsenseIsInvalid(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		query string
		form  url.Values
	}{
		"no sid":       {"?message=1", url.Values{"MessageStatus": {"sent"}}},
		"no status":    {"?message=1", url.Values{"MessageSid": {"SM1"}}},
		"no number id": {"?message=x", url.Values{"MessageSid": {"SM1"}, "MessageStatus": {"sent"}}},
		"negative id":  {"?message=-1", url.Values{"MessageSid": {"SM1"}, "MessageStatus": {"sent"}}},
	} {
		address := "https://app.example.com/status" + tc.query
		a, w := signed(address, tc.form)
		_, err := a.Status(w)
		require.Equal(t, fault.Invalid, fault.KindOf(err), name)
	}
}

func TestInboundTextsHaveALimit(t *testing.T) {
	t.Parallel()
	const address = "https://app.example.com/inbound"
	for n, want := range map[int]bool{0: true, 1600: true, 1601: false} {
		form := url.Values{"MessageSid": {"SM1"}, "From": {"+1"}, "To": {"+2"}, "Body": {strings.Repeat("é", n)}}
		a, w := signed(address, form)
		_, err := a.Inbound(w)
		require.Equal(t, want, err == nil, n)
	}
}

func FuzzWebhooks(f *testing.F) {
	f.Add("https://a.example.com/s?message=1", "MessageSid=SM1&MessageStatus=sent&From=%2B1&To=%2B2&Body=STOP")
	f.Add("http://[::1]:80/?message=", "SmsSid=1&SmsStatus=&ErrorCode=x")
	f.Fuzz(func(t *testing.T, address, raw string) {
		form, err := url.ParseQuery(raw)
		if err != nil {
			return
		}
		a, w := signed(address, form)
		w.Body = []byte(raw)
		if got, err := a.Status(w); err == nil {
			require.Len(t, got, 1)
			require.NotEmpty(t, got[0].ProviderID)
			require.GreaterOrEqual(t, got[0].MessageID, int64(0))
		}
		if got, err := a.Inbound(w); err == nil {
			require.NotEmpty(t, got[0].From)
		}
		w.Header = nil
		_, err = a.Inbound(w)
		require.Equal(t, fault.Forbidden, fault.KindOf(err))
	})
}
