package api

import (
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
)

func TestStorableKeepsWhatPostgresCanStore(t *testing.T) {
	t.Parallel()
	require.Equal(t, "abc", storable("a\x00b\xffc", 10))
	require.Equal(t, "aé", storable("aéé", 4), "half a letter is no letter")
	require.Empty(t, storable("", 4))
}

func TestHarmlessLeavesPhonesAlone(t *testing.T) {
	t.Parallel()
	require.Equal(t, "+1 (212) 555-0101", harmless("+1 (212) 555-0101"))
	require.Equal(t, "'=1+1", harmless("=1+1"))
	require.Equal(t, "'+cmd", harmless("+cmd"))
	require.Equal(t, "Ann", harmless("Ann"))
}

func FuzzWebhookForm(f *testing.F) {
	f.Add("MessageSid=SM1&MessageStatus=delivered&ErrorCode=30003")
	f.Add("Body=%00%ff&From=%zz&=&&;")
	f.Add(strings.Repeat("a=b&", 20_000))
	f.Fuzz(func(t *testing.T, body string) {
		r := httptest.NewRequestWithContext(t.Context(), http.MethodPost, "/", strings.NewReader(body))
		form, err := formOf(httptest.NewRecorder(), r)
		if (err == nil) == (form == nil) {
			t.Fatalf("a form or an error: %v, %v", form, err)
		}
		for _, values := range form {
			for _, v := range values {
				word := storable(v, maxWord)
				if len(word) > maxWord || !utf8.ValidString(word) || strings.ContainsRune(word, 0) {
					t.Fatalf("Postgres cannot store %q", word)
				}
			}
		}
	})
}

func FuzzRequestBody(f *testing.F) {
	f.Add(`{"name":"a","body":"b","links":[{"url":"https://x"}]}`)
	f.Add(`{"filter":null,"name":"\u0000"}`)
	f.Add(`{"FILTER":null,"name":"a","list_id":"b","variants":[]}`)
	s := describing(f)
	schema := schemaOf[newCampaign](s)
	f.Fuzz(func(t *testing.T, raw string) {
		body, bad, err := decode[newCampaign](s.api.OpenAPI().Components.Schemas, schema, []byte(raw), false)
		if err != nil || len(bad) > 0 {
			return
		}
		if body.Filter == nil && strings.Contains(strings.ToLower(raw), `"filter"`) {
			t.Fatalf("the filter of %q was lost: it would text everybody", raw)
		}
		if strings.ContainsRune(body.Name, 0) {
			t.Fatal("a NUL would reach the database")
		}
	})
}
