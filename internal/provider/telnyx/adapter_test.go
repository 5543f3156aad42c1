package telnyx_test

import (
	"encoding/json"
	"io"
	"net/http"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/internal/provider/telnyx"
)

func TestCheckNamesEveryWrongField(t *testing.T) {
	t.Parallel()
	err := telnyx.Dialer{}.Check(provider.Account{
		SID: "a/b", Token: "se cret", PublicKey: "c2hvcnQ=", From: "Acme", BaseURL: "ftp://x", StatusURL: "/s",
	})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	for _, field := range []string{"sid", "token", "public_key", "from", "base_url", "status_url"} {
		require.ErrorContains(t, err, field+":")
	}
	require.NotContains(t, err.Error(), "se cret")
}

func TestAMistypedAddressNeverReachesTheRealTelnyx(t *testing.T) {
	t.Parallel()
	a := account
	a.BaseURL = "localhost:9999"
	ad := telnyx.Dialer{}.Dial(a)
	require.Equal(t, provider.AccountProblem, send(t, ad, provider.Outgoing{To: "+12125550123", Body: "x"}).Class)
	_, err := ad.Find(t.Context(), provider.Query{ProviderID: "1"})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
}

func TestSendPostsOneOrder(t *testing.T) {
	t.Parallel()
	orders := make(chan map[string]any, 2)
	ad := stub(t, func(w http.ResponseWriter, r *http.Request) {
		var order map[string]any
		if json.NewDecoder(r.Body).Decode(&order) == nil {
			order["request"] = r.Method + " " + r.URL.Path + " " + r.Header.Get("Authorization")
			orders <- order
		}
		_, _ = io.WriteString(w, `{"data":{"id":"m-1"}}`)
	})
	const text = "a <b> & \"c\"\n👍"
	require.Equal(t, provider.Answer{ProviderID: "m-1"}, send(t, ad, provider.Outgoing{MessageID: 12, To: "+12125550123", Body: text}))
	require.Equal(t, map[string]any{
		"request": "POST /proxy/v2/messages Bearer KEY_1",
		"from":    account.From, "to": "+12125550123", "text": text, "messaging_profile_id": "profile-1",
		"webhook_url": "https://app.example.com/status?list=7&message=12", "use_profile_webhooks": false,
	}, <-orders)
	require.Empty(t, orders, "one text is one request")
}

func TestASuccessWithoutAnIDIsUnanswered(t *testing.T) {
	t.Parallel()
	for _, said := range []string{`{}`, `{"data":{}}`, `{"data":{"id":"+12125550123"}}`, `[]`, ``} {
		ad := stub(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, said) })
		require.Equal(t, provider.Unanswered, send(t, ad, provider.Outgoing{}).Class, said)
		_, err := ad.Find(t.Context(), provider.Query{ProviderID: "m-1"})
		require.Equal(t, fault.Broken, fault.KindOf(err), said)
	}
}

func TestTheCodeBeatsTheStatus(t *testing.T) {
	t.Parallel()
	for _, status := range []int{400, 401, 403, 422, 429} {
		ad := stub(t, func(w http.ResponseWriter, _ *http.Request) {
			w.WriteHeader(status)
			_, _ = io.WriteString(w, `{"errors":[{"code":"40300","title":"Blocked due to STOP message","detail":"To +12125550123"}]}`)
		})
		require.Equal(t, provider.Answer{
			Class: provider.OptedOut, Code: "40300", Text: telnyx.Dialer{}.Codes()["40300"].Sentence, Whole: true,
		}, send(t, ad, provider.Outgoing{}), status)
	}
}

func TestFindAsksByTelnyxsIDOnly(t *testing.T) {
	t.Parallel()
	ad := stub(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Method+r.URL.Path != "GET/proxy/v2/messages/m-1" {
			w.WriteHeader(http.StatusNotFound)
			_, _ = io.WriteString(w, `{"errors":[{"code":"10005"}]}`)
			return
		}
		_, _ = io.WriteString(w, `{"data":{"id":"m-1","to":[{"status":"delivery_failed"}],"errors":[{"code":"40001"}]}}`)
	})
	got, err := ad.Find(t.Context(), provider.Query{ProviderID: "m-1"})
	require.NoError(t, err)
	no := telnyx.Dialer{}.Codes()["40001"]
	require.Equal(t, provider.Finding{Found: true, Report: provider.Report{
		ProviderID: "m-1", Status: provider.StatusUndelivered, Raw: "delivery_failed", Code: "40001", Class: no.Class, Text: no.Sentence,
	}}, got)

	for id, want := range map[string]fault.Kind{"": fault.Invalid, "../profiles": fault.Invalid, "m-2": fault.Broken} {
		_, err := ad.Find(t.Context(), provider.Query{ProviderID: id, To: "+12125550123"})
		require.Equal(t, want, fault.KindOf(err), "%q proves no absence", id)
	}
}
