package infobip_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/internal/provider/infobip"
)

// stub is an Infobip that answers as told and counts.
func stub(t *testing.T, h http.HandlerFunc) (provider.Adapter, *atomic.Int32) {
	t.Helper()
	var calls atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		h(w, r)
	}))
	t.Cleanup(srv.Close)
	a := account
	a.BaseURL, a.StatusURL = srv.URL+"/proxy/", "https://app.example.com/hooks/s3cret/status"
	return infobip.Dialer{}.Dial(a), &calls
}

// says answers every request with a status and a body.
func says(status int, body string) http.HandlerFunc {
	return func(w http.ResponseWriter, _ *http.Request) {
		w.WriteHeader(status)
		_, _ = io.WriteString(w, body)
	}
}

func texts(ids ...int64) []provider.Outgoing {
	outs := make([]provider.Outgoing, len(ids))
	for i, id := range ids {
		outs[i] = provider.Outgoing{MessageID: id, To: "+12125550123", Body: "hi"}
	}
	return outs
}

func TestCheckNamesEveryWrongField(t *testing.T) {
	t.Parallel()
	err := infobip.Dialer{}.Check(provider.Account{Token: "se cret", From: "Acme", StatusURL: "x"})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	for _, field := range []string{"token", "from", "base_url", "status_url"} {
		require.ErrorContains(t, err, field+":")
	}
	require.NotContains(t, err.Error(), "se cret")
}

func TestAnAccountWithoutAnAddressTextsNobody(t *testing.T) {
	t.Parallel()
	ad := infobip.Dialer{}.Dial(account)
	for _, got := range ad.Send(t.Context(), texts(1, 2)) {
		require.Equal(t, provider.AccountProblem, got.Class)
	}
	_, err := ad.Find(t.Context(), provider.Query{})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
}

func TestSendPostsOneMessageForEveryText(t *testing.T) {
	t.Parallel()
	var got string
	ad, calls := stub(t, func(w http.ResponseWriter, r *http.Request) {
		if r.Header.Get("Authorization") != "App key-1" || r.Header.Get("Content-Type") != "application/json" || r.URL.Path != "/proxy/sms/3/messages" {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		body, _ := io.ReadAll(r.Body)
		got = string(body)
		_, _ = io.WriteString(w, `{"messages":[
			{"messageId":"2","status":{"groupId":3,"id":5}},
			{"messageId":"1","status":{"groupId":1,"groupName":"PENDING","id":26}}]}`)
	})
	answers := ad.Send(t.Context(), []provider.Outgoing{
		{MessageID: 1, To: "+12125550123", Body: "say \"hi\"\n👍"}, {MessageID: 2, To: "+442079460000", Body: "b"},
	})
	require.Equal(t, []provider.Answer{{ProviderID: "1"}, {ProviderID: "2"}}, answers)
	require.EqualValues(t, 1, calls.Load())
	message := `{"sender":"15005550006","destinations":[{"to":%q,"messageId":%q}],"content":{"text":%s},"webhooks":{
		"delivery":{"url":"https://app.example.com/hooks/s3cret/status"},"contentType":"application/json","callbackData":%q}}`
	require.JSONEq(t, `{"messages":[`+
		fmt.Sprintf(message, "12125550123", "1", `"say \"hi\"\n👍"`, "1")+`,`+
		fmt.Sprintf(message, "442079460000", "2", `"b"`, "2")+`]}`, got)
}

func TestEveryTextHasItsOwnAnswer(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status string // of the text, in Infobip's JSON
		want   provider.Answer
	}{
		"pending":       {`{"groupId":1,"id":7}`, provider.Answer{ProviderID: "7"}},
		"accepted":      {`{"groupId":0,"groupName":"ACCEPTED","id":0}`, provider.Answer{ProviderID: "7"}},
		"sent before":   {`{"groupId":5,"groupName":"REJECTED","id":23}`, provider.Answer{ProviderID: "7"}},
		"block list":    {`{"groupId":5,"id":14}`, provider.Answer{Class: provider.OptedOut, Code: "status-14"}},
		"no credit":     {`{"groupId":5,"id":12}`, provider.Answer{Class: provider.AccountProblem, Code: "status-12"}},
		"undeliverable": {`{"groupId":2,"id":9}`, provider.Answer{Class: provider.RetryLater, Code: "status-9"}},
		"expired":       {`{"groupId":4,"id":15}`, provider.Answer{Class: provider.RetryLater, Code: "status-15"}},
		"a new reason":  {`{"groupId":5,"id":777}`, provider.Answer{Class: provider.RetryLater, Code: "status-777", Unheard: true}},
		"a new group":   {`{"groupId":9,"id":777}`, provider.Answer{Class: provider.Unanswered, Code: "status-777", Unheard: true}},
		"no group":      {`{"id":0}`, provider.Answer{Class: provider.Unanswered, Code: "status-0", Unheard: true}},
		"no status":     {`null`, provider.Answer{Class: provider.Unanswered}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ad, _ := stub(t, says(200, `{"messages":[{"messageId":"7","status":`+tc.status+`}]}`))
			got := ad.Send(t.Context(), texts(7))[0]
			require.Equal(t, got.Accepted(), got.Text == "")
			got.Text = ""
			require.Equal(t, tc.want, got)
		})
	}
}

func TestATextWithoutAnAnswerIsUnanswered(t *testing.T) {
	t.Parallel()
	ad, _ := stub(t, says(200, `{"messages":[{"messageId":"2","status":{"groupId":1}},{"messageId":"99","status":{"groupId":1}}]}`))
	got := ad.Send(t.Context(), texts(1, 2, 3))
	require.Equal(t, []provider.Class{provider.Unanswered, provider.None, provider.Unanswered}, classes(got))
}

func TestARefusedRequestIsRefusedForAllItsTexts(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		status int
		body   string
		want   provider.Class
		code   string
	}{
		"a wrong key":            {401, `{"errorCode":"E401"}`, provider.AccountProblem, "E401"},
		"a wrong key, of old":    {401, `{"requestError":{"serviceException":{"messageId":"UNAUTHORIZED"}}}`, provider.AccountProblem, "UNAUTHORIZED"},
		"a key without rights":   {403, ``, provider.AccountProblem, ""},
		"too many":               {429, `{"errorCode":"E429"}`, provider.RetrySoon, "E429"},
		"a bad request":          {400, `{"errorCode":"E400"}`, provider.RetryLater, "E400"},
		"a failure":              {500, `{"errorCode":"E500"}`, provider.Unanswered, "E500"},
		"a proxy":                {502, `<html>`, provider.Unanswered, ""},
		"a redirect":             {307, ``, provider.Unanswered, ""},
		"a page that looks fine": {200, `<html>`, provider.Unanswered, ""},
		"a code like a phone":    {400, `{"errorCode":"+1 212 555 0123"}`, provider.RetryLater, ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			ad, calls := stub(t, says(tc.status, tc.body))
			for _, got := range ad.Send(t.Context(), texts(1, 2)) {
				require.Equal(t, tc.want, got.Class)
				require.Equal(t, tc.code, got.Code)
				require.NotEmpty(t, got.Text)
			}
			require.EqualValues(t, 1, calls.Load())
		})
	}
}

func classes(answers []provider.Answer) (out []provider.Class) {
	for _, a := range answers {
		out = append(out, a.Class)
	}
	return out
}

// A server that closes the reused connection after reading the request is what makes
// net/http think of resending.
func TestAReusedConnectionThatDiesIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	var n atomic.Int32
	ad, calls := stub(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if n.Add(1) == 1 {
			_, _ = io.WriteString(w, `{"messages":[{"messageId":"1","status":{"groupId":1}}]}`)
			return
		}
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = conn.Close()
		}
	})
	require.Equal(t, []provider.Class{provider.None}, classes(ad.Send(t.Context(), texts(1))))
	require.Equal(t, []provider.Class{provider.Unanswered}, classes(ad.Send(t.Context(), texts(1))))
	require.EqualValues(t, 2, calls.Load())
}

func TestNothingOfATextIsInItsAnswer(t *testing.T) {
	t.Parallel()
	ad, _ := stub(t, says(200, `{"messages":[{"messageId":"1","status":{"groupId":5,"id":52,"name":"+12125550123","description":"+12125550123 hi"}}]}`))
	got := fmt.Sprint(ad.Send(t.Context(), texts(1)))
	require.NotContains(t, got, "2125550123")
	require.NotContains(t, got, " hi")
}
