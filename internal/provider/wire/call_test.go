package wire

import (
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"

	"trackly/internal/provider"
)

func call(t *testing.T, ctx context.Context, h http.HandlerFunc) Reply {
	t.Helper()
	srv := httptest.NewServer(h)
	t.Cleanup(srv.Close)
	return Call{Method: http.MethodPost, URL: Base(srv.URL), Header: http.Header{}, Body: []byte("text")}.Do(ctx, Client(nil))
}

func TestAnAnswerIsReadWhole(t *testing.T) {
	t.Parallel()
	got := call(t, t.Context(), func(w http.ResponseWriter, r *http.Request) {
		w.Header().Set("Retry-After", "7")
		w.WriteHeader(http.StatusTooManyRequests)
		_, _ = io.Copy(w, r.Body)
	})
	require.NoError(t, got.Err)
	require.Equal(t, "text", string(got.Body))
	require.InDelta(t, 7, got.RetryAfter().Seconds(), 0)
	require.False(t, got.OK())
}

func TestAnEndlessAnswerIsNone(t *testing.T) {
	t.Parallel()
	got := call(t, t.Context(), func(w http.ResponseWriter, _ *http.Request) {
		_, _ = io.WriteString(w, strings.Repeat(" ", answerLimit+1))
	})
	require.ErrorIs(t, got.Err, errTooLong)
	require.False(t, got.OK())
	require.Equal(t, provider.Unanswered, got.Lost("Acme").Class)
}

func TestWhetherARequestLeftIsKnown(t *testing.T) {
	t.Parallel()
	hangUp := func(w http.ResponseWriter, _ *http.Request) {
		if conn, _, err := http.NewResponseController(w).Hijack(); err == nil {
			_ = conn.Close()
		}
	}
	require.Equal(t, provider.Unanswered, call(t, t.Context(), hangUp).Lost("Acme").Class)

	done, cancel := context.WithCancel(t.Context())
	cancel()
	require.Equal(t, provider.RetrySoon, call(t, done, hangUp).Lost("Acme").Class)

	nobody, err := url.Parse("http://127.0.0.1:1/?to=12125550123")
	require.NoError(t, err)
	got := Call{Method: http.MethodGet, URL: nobody, Header: http.Header{}}.Do(t.Context(), Client(nil))
	require.Equal(t, provider.RetrySoon, got.Lost("Acme").Class)
	require.NotContains(t, got.Err.Error(), "12125550123", "errors are logged; phones are not")
}

func TestARedirectIsTheAnswer(t *testing.T) {
	t.Parallel()
	got := call(t, t.Context(), func(w http.ResponseWriter, r *http.Request) {
		http.Redirect(w, r, "/elsewhere", http.StatusTemporaryRedirect)
	})
	require.Equal(t, http.StatusTemporaryRedirect, got.Status)
	lent := Client(&http.Client{})
	require.ErrorIs(t, lent.CheckRedirect(nil, nil), http.ErrUseLastResponse, "also with a client from elsewhere")
}

func TestAStringIsWrittenAsJSONReadsIt(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		s := rapid.OneOf(rapid.String(), rapid.Just("a\"\\\n\x00\x7f\u2028<&>👍\xff")).Draw(t, "s")
		var back string
		require.NoError(t, json.Unmarshal(AppendString(nil, s), &back))
		require.Equal(t, strings.ToValidUTF8(strings.Join(strings.Split(s, "\xff"), "\ufffd"), "\ufffd"), back)
	})
}

func TestAddressesNobodyCanCallAreNone(t *testing.T) {
	t.Parallel()
	for _, raw := range []string{"", "localhost:9999", "ftp://x", "http://", "://"} {
		require.Nil(t, Base(raw), raw)
	}
	require.Equal(t, "https://x.example.com/api", Base("https://x.example.com/api/").String())
}

func TestOurIDTravelsInTheCallbacksAddress(t *testing.T) {
	t.Parallel()
	require.Empty(t, CallbackPrefix(""))
	for _, base := range []string{"https://x.example.com/s", "https://x.example.com/s?list=7"} {
		id, err := MessageIn(CallbackPrefix(base) + "12")
		require.NoError(t, err)
		require.EqualValues(t, 12, id)
	}
	for _, bad := range []string{"?message=x", "?message=-1", ":"} {
		_, err := MessageIn(bad)
		require.Error(t, err, bad)
	}
}
