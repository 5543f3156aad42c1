package twilio_test

import (
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider"
	"trackly/internal/provider/sandbox"
	"trackly/internal/provider/twilio"
	"trackly/internal/provider/wire"
)

// BenchmarkSend compares the adapter with a bare client posting the same form; the
// difference is what the adapter costs.
func BenchmarkSend(b *testing.B) {
	box, err := sandbox.New(sandbox.Options{Callbacks: sandbox.Callbacks{Hold: true}})
	require.NoError(b, err)
	srv := httptest.NewServer(box.Handler())
	defer srv.Close()
	a := account
	a.BaseURL, a.StatusURL = srv.URL, "http://127.0.0.1:1/status"
	hc := wire.NewClient()
	out := provider.Outgoing{MessageID: 12, To: "+12125550123", Body: "Fresh deals: https://go.example.com/abc1234"}

	b.Run("adapter", func(b *testing.B) {
		b.ReportAllocs()
		ad := twilio.Dialer{HTTP: hc}.Dial(a)
		for b.Loop() {
			if got := ad.Send(b.Context(), []provider.Outgoing{out}); !got[0].Accepted() {
				b.Fatal(got)
			}
		}
	})
	b.Run("bare", func(b *testing.B) {
		b.ReportAllocs()
		form := url.Values{"To": {out.To}, "From": {a.From}, "Body": {out.Body}, "StatusCallback": {a.StatusURL + "?message=12"}}
		u, err := url.Parse(srv.URL + "/2010-04-01/Accounts/AC1/Messages.json")
		require.NoError(b, err)
		u.User = url.UserPassword(a.SID, a.Token)
		for b.Loop() {
			res, err := hc.PostForm(u.String(), form)
			if err != nil || res.StatusCode != http.StatusCreated {
				b.Fatal(res, err)
			}
			_ = drainAll(res)
		}
	})
}

func drainAll(res *http.Response) error {
	defer res.Body.Close()
	_, err := io.Copy(io.Discard, res.Body)
	return err
}
