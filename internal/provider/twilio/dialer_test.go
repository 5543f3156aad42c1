package twilio_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"sync/atomic"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/provider"
	"trackly/internal/provider/twilio"
)

func TestCheckNamesEveryWrongField(t *testing.T) {
	t.Parallel()
	err := twilio.Dialer{}.Check(provider.Account{
		SID: "AC 1", Token: "se-cret", From: "Acme", BaseURL: "ftp://x", StatusURL: "https://my_host.example.com/s",
	})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
	for _, field := range []string{"sid", "token", "from", "base_url", "status_url"} {
		require.ErrorContains(t, err, field+":")
	}
	require.NotContains(t, err.Error(), "se-cret")
}

func TestAMistypedAddressNeverReachesTheRealTwilio(t *testing.T) {
	t.Parallel()
	a := account
	a.BaseURL = "localhost:9999"
	got := send(t, twilio.Dialer{}.Dial(a), provider.Outgoing{To: "+12125550123", Body: "x"})
	require.Equal(t, provider.AccountProblem, got.Class)
	_, err := twilio.Dialer{}.Dial(a).Find(t.Context(), provider.Query{})
	require.Equal(t, fault.Invalid, fault.KindOf(err))
}

func send(t *testing.T, ad provider.Adapter, out provider.Outgoing) provider.Answer {
	t.Helper()
	answers := ad.Send(t.Context(), []provider.Outgoing{out})
	require.Len(t, answers, 1)
	return answers[0]
}

// stub is a Twilio that answers as told and counts.
func stub(t *testing.T, h http.HandlerFunc) (provider.Adapter, *atomic.Int32) {
	t.Helper()
	var calls atomic.Int32
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		calls.Add(1)
		h(w, r)
	}))
	t.Cleanup(srv.Close)
	a := account
	a.BaseURL, a.StatusURL = srv.URL+"/proxy/", "https://app.example.com/status?list=7"
	return twilio.Dialer{}.Dial(a), &calls
}

func TestSendPostsOneForm(t *testing.T) {
	t.Parallel()
	var got url.Values
	ad, _ := stub(t, func(w http.ResponseWriter, r *http.Request) {
		user, token, _ := r.BasicAuth()
		if user != "AC1" || token != "secret" || r.URL.Path != "/proxy/2010-04-01/Accounts/AC1/Messages.json" || r.ParseForm() != nil {
			w.WriteHeader(http.StatusTeapot)
			return
		}
		got = r.PostForm
		w.WriteHeader(http.StatusCreated)
		_, _ = io.WriteString(w, `{"sid":"SM1"}`)
	})
	answer := send(t, ad, provider.Outgoing{MessageID: 12, To: "+12125550123", Body: "a & b"})
	require.Equal(t, provider.Answer{ProviderID: "SM1"}, answer)
	require.Equal(t, url.Values{
		"To": {"+12125550123"}, "From": {account.From}, "Body": {"a & b"},
		"StatusCallback": {"https://app.example.com/status?list=7&message=12"},
	}, got)
}

func TestASuccessWithoutASidIsUnanswered(t *testing.T) {
	t.Parallel()
	ad, _ := stub(t, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, `{}`) })
	require.Equal(t, provider.Unanswered, send(t, ad, provider.Outgoing{}).Class)
	_, err := ad.Find(t.Context(), provider.Query{})
	require.Equal(t, fault.Broken, fault.KindOf(err), "an object without a list proves no absence")
}

func TestARedirectIsNotFollowed(t *testing.T) {
	t.Parallel()
	ad, calls := stub(t, func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	})
	require.Equal(t, provider.Unanswered, send(t, ad, provider.Outgoing{}).Class)
	require.EqualValues(t, 1, calls.Load())
}

// A server that closes the reused connection after reading the request is what makes
// net/http think of resending.
func TestAReusedConnectionThatDiesIsNotTriedAgain(t *testing.T) {
	t.Parallel()
	var n atomic.Int32
	ad, calls := stub(t, func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		if n.Add(1) == 1 {
			_, _ = io.WriteString(w, `{"sid":"SM1"}`)
			return
		}
		conn, _, err := http.NewResponseController(w).Hijack()
		if err == nil {
			_ = conn.Close()
		}
	})
	require.True(t, send(t, ad, provider.Outgoing{}).Accepted())
	require.Equal(t, provider.Unanswered, send(t, ad, provider.Outgoing{}).Class)
	require.EqualValues(t, 2, calls.Load())
}

func TestFindPagesUntilTheClaimAndNoDeeperThanItSays(t *testing.T) {
	t.Parallel()
	now := time.Now()
	pages := func(last time.Time) http.HandlerFunc {
		return func(w http.ResponseWriter, r *http.Request) {
			n, _ := strconv.Atoi(r.URL.Query().Get("Page"))
			at := now
			if n == 2 {
				at = last
			}
			_, _ = io.WriteString(w, `{"messages":[{"sid":"SM`+strconv.Itoa(n)+`","to":"+12125550123","body":"other","date_created":"`+
				at.UTC().Format(time.RFC1123Z)+`"}],"next_page_uri":"/x?Page=`+strconv.Itoa(n+1)+`&PageToken=PA1"}`)
		}
	}
	q := provider.Query{To: "+12125550123", Body: "hi", ClaimedAt: now}
	ad, calls := stub(t, pages(now.Add(-time.Hour)))
	got, err := ad.Find(t.Context(), q)
	require.NoError(t, err)
	require.False(t, got.Found)
	require.EqualValues(t, 3, calls.Load())

	ad, calls = stub(t, pages(now))
	_, err = ad.Find(t.Context(), q)
	require.Equal(t, fault.Broken, fault.KindOf(err), "what was not read proves nothing")
	require.EqualValues(t, 5, calls.Load())
}
