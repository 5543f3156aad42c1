package linkcheck_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/linkcheck"
)

func server(t *testing.T, secure bool, h http.HandlerFunc) string {
	t.Helper()
	s := httptest.NewUnstartedServer(h)
	s.Config.ErrorLog = nil
	if secure {
		s.StartTLS()
	} else {
		s.Start()
	}
	t.Cleanup(s.Close)
	return s.URL
}

// at answers like an installation with this key.
func at(key string) http.HandlerFunc {
	c := linkcheck.New([]byte(key), true)
	return func(w http.ResponseWriter, r *http.Request) {
		answer, ok := c.Answer(r.URL.Query().Get("ask"))
		if r.URL.Path != linkcheck.Path || !ok {
			http.NotFound(w, r)
			return
		}
		_, _ = io.WriteString(w, answer)
	}
}

func TestADomainMustLeadToThisInstallation(t *testing.T) {
	t.Parallel()
	silent, err := net.Listen("tcp", "127.0.0.1:0")
	require.NoError(t, err)
	closed := "http://" + silent.Addr().String()
	require.NoError(t, silent.Close())
	fails := 0
	for name, tc := range map[string]struct{ url, want string }{
		"ours":                   {server(t, false, at("ours")), ""},
		"another installation's": {server(t, false, at("theirs")), "another server answers there"},
		"a parking page":         {server(t, false, func(w http.ResponseWriter, _ *http.Request) { _, _ = io.WriteString(w, "buy me") }), "another server answers there"},
		"a server that fails":    {server(t, false, func(w http.ResponseWriter, _ *http.Request) { w.WriteHeader(502) }), "it answered 502"},
		"a redirect":             {server(t, false, func(w http.ResponseWriter, r *http.Request) { http.Redirect(w, r, "/", http.StatusFound) }), "redirects"},
		"a foreign certificate":  {server(t, true, at("ours")), "certificate there is not one that phones accept"},
		"no HTTPS":               {"https" + strings.TrimPrefix(server(t, false, at("ours")), "http"), "does not speak HTTPS"},
		"nobody":                 {closed, "nothing listens"},
		"no name":                {"https://no-such-name.invalid", "DNS"},
		"an endless answer": {server(t, false, func(w http.ResponseWriter, r *http.Request) {
			for r.Context().Err() == nil {
				if _, err := w.Write(make([]byte, 4096)); err != nil {
					return
				}
			}
		}), "another server answers there"},
		"one that failed once": {server(t, false, func(w http.ResponseWriter, r *http.Request) {
			if fails++; fails == 1 {
				w.WriteHeader(503)
				return
			}
			at("ours")(w, r)
		}), ""},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			got := linkcheck.New([]byte("ours"), true).Check(t.Context(), tc.url)
			if tc.want == "" {
				require.Empty(t, got)
				return
			}
			require.Contains(t, got, tc.want)
		})
	}
}

func TestPrivateNetworksAreNotAsked(t *testing.T) {
	t.Parallel()
	asked := false
	url := server(t, false, func(http.ResponseWriter, *http.Request) { asked = true })
	require.Contains(t, linkcheck.New([]byte("ours"), false).Check(t.Context(), url), "private network")
	require.False(t, asked)
}

func TestACancelledCheckEnds(t *testing.T) {
	t.Parallel()
	ctx, cancel := context.WithCancel(t.Context())
	url := server(t, false, func(w http.ResponseWriter, r *http.Request) { cancel(); <-r.Context().Done() })
	require.NotEmpty(t, linkcheck.New([]byte("ours"), true).Check(ctx, url))
}

func FuzzOnlyOurOwnQuestionsAreAnswered(f *testing.F) {
	c := linkcheck.New([]byte("ours"), true)
	ask := c.Ask()
	if _, ok := c.Answer(ask); !ok {
		f.Fatal("our own question is not answered")
	}
	f.Add("")
	f.Add("x." + strings.Repeat("0", 64))
	f.Add(ask[:len(ask)-1])
	f.Fuzz(func(t *testing.T, s string) {
		if _, ok := c.Answer(s); ok {
			t.Fatalf("%q was answered", s)
		}
	})
}
