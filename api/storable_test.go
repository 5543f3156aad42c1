package api

import (
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

func FuzzStorable(f *testing.F) {
	f.Add("SM1\x00\xff")
	f.Add(strings.Repeat("é", 200))
	f.Fuzz(func(t *testing.T, word string) {
		kept := storable(word, maxWord)
		if len(kept) > maxWord || !utf8.ValidString(kept) || strings.ContainsRune(kept, 0) {
			t.Fatalf("Postgres cannot store %q", kept)
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
