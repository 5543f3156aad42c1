package telnyx_test

import (
	"crypto/ed25519"
	"encoding/base64"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"
	"time"

	"trackly/internal/provider"
	"trackly/internal/provider/telnyx"
)

// stub is a Telnyx that answers as told.
func stub(t *testing.T, h http.HandlerFunc) provider.Adapter {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	a := account
	a.BaseURL, a.StatusURL, a.SID = srv.URL+"/proxy/", "https://app.example.com/status?list=7", "profile-1"
	return telnyx.Dialer{}.Dial(a)
}

func send(t *testing.T, ad provider.Adapter, out provider.Outgoing) provider.Answer {
	t.Helper()
	return ad.Send(t.Context(), []provider.Outgoing{out})[0]
}

// sign signs as Telnyx's documentation says.
func sign(key ed25519.PrivateKey, at time.Time, body []byte) http.Header {
	stamp := strconv.FormatInt(at.Unix(), 10)
	signature := ed25519.Sign(key, append([]byte(stamp+"|"), body...))
	h := http.Header{}
	h.Set("telnyx-timestamp", stamp) // the spelling Telnyx uses; Set makes it canonical, as a server does
	h.Set("telnyx-signature-ed25519", base64.StdEncoding.EncodeToString(signature))
	return h
}
