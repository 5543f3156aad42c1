package sandbox

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func FuzzCreateForm(f *testing.F) {
	f.Add("To=%2B12125550123&From=%2B15005550006&Body=hi&StatusCallback=http%3A%2F%2Fa%2F%3Fmessage%3D7")
	f.Add("To=&%zz&Body=\xff")
	f.Fuzz(func(t *testing.T, raw string) {
		rec, code := readCreate(slurp(httptest.NewRequest("POST", "/", strings.NewReader(raw)), formLimit))
		if code != 0 {
			return
		}
		require.Regexp(t, phoneForm, rec.To)
		require.LessOrEqual(t, utf8.RuneCountInString(rec.Body), 1600)
		require.True(t, json.Valid(appendMessage(nil, view{Record: rec})))
		require.GreaterOrEqual(t, segments(rec.Body), 1)
	})
}

func FuzzListQuery(f *testing.F) {
	f.Add("To=%2B1&PageSize=50&Page=1&PageToken=PA3&DateSent%3E=2026-01-01")
	f.Add("PageSize=-1&DateSent=x")
	f.Fuzz(func(t *testing.T, raw string) {
		q, ok := readListQuery(raw)
		if !ok {
			return
		}
		require.True(t, q.size >= 1 && q.size <= 1000)
		b := newBook()
		b.add([]Record{{SID: "SM1", To: "+1"}})
		page, more := b.page(q)
		require.LessOrEqual(t, len(page), q.size)
		require.False(t, more)
	})
}

func FuzzJournal(f *testing.F) {
	f.Add("{\"accepted\":{\"sid\":\"SM1\"}}\n{\"finished\":\"SM1\"}\n{\"acc")
	f.Fuzz(func(t *testing.T, raw string) {
		good, err := replayLines(strings.NewReader(raw), func(entry) {})
		require.NoError(t, err)
		require.EqualValues(t, strings.LastIndexByte(raw, '\n')+1, good)
	})
}

func TestStringsAreJSONWhateverTheyHold(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		want := rapid.String().Draw(t, "s")
		var got string
		require.NoError(t, json.Unmarshal(appendString(nil, want), &got))
		require.Equal(t, want, got)
	})
}

func TestSegmentsAreCountedAsCarriersDo(t *testing.T) {
	t.Parallel()
	for text, want := range map[string]int{
		"":                       1,
		strings.Repeat("a", 160): 1,
		strings.Repeat("a", 161): 2,
		strings.Repeat("a", 152) + "{" + strings.Repeat("a", 152): 3,
		strings.Repeat("й", 70):                                   1,
		strings.Repeat("x", 66) + "👍" + strings.Repeat("y", 66):   3,
	} {
		require.Equal(t, want, segments(text), text)
	}
}

func TestDiceAreFairAndRepeatable(t *testing.T) {
	t.Parallel()
	hits, d := 0, dice(7)
	for n := range uint64(20000) {
		if d.rollN("x", n) < 10 {
			hits++
		}
		require.InEpsilon(t, d.rollN("x", n)+1, dice(7).rollN("x", n)+1, 1e-12)
	}
	require.InDelta(t, 2000, hits, 200)
	got := d.between("x", "y", time.Second, 2*time.Second)
	require.True(t, got >= time.Second && got < 2*time.Second)
}

func TestALateStatusNeverUndoesAFinalOne(t *testing.T) {
	t.Parallel()
	b := newBook()
	tx := b.add([]Record{{SID: "SM1", To: "+1"}})[0]
	b.advance(tx, delivered, 0, time.Now())
	b.advance(tx, sent, 0, time.Now())
	require.Equal(t, delivered, tx.status)
}
