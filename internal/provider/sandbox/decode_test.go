package sandbox

import (
	"bytes"
	"encoding/json"
	"net/http/httptest"
	"path/filepath"
	"strconv"
	"strings"
	"testing"
	"time"
	"unicode/utf8"

	"github.com/stretchr/testify/require"
	"pgregory.net/rapid"
)

func fuzzBox(t *testing.T) *Sandbox {
	t.Helper()
	s, err := New(Options{Callbacks: Callbacks{Hold: true}})
	require.NoError(t, err)
	return s
}

func FuzzInfobipRequest(f *testing.F) {
	f.Add(`{"messages":[{"sender":"1","destinations":[{"to":"12125550123","messageId":"m42"},{"to":"+"}],"content":{"text":"\ud800"}}]}`)
	f.Add(`{"messages":[{"destinations":null}],"options":{"schedule":{"bulkId":"\u0000"}}}`)
	f.Fuzz(func(t *testing.T, raw string) {
		req, _, violation := readInfobip([]byte(raw))
		if violation != "" {
			return
		}
		b := infobipBatch{s: fuzzBox(t), f: &Faults{}, token: "key", bulk: req.Options.Schedule.BulkID}
		for i := range req.Messages {
			b.judge(&req.Messages[i])
		}
		require.LessOrEqual(t, len(b.items), infobipDestinations)
		require.True(t, json.Valid(b.answer()))
		checkRecords(t, b.recs)
	})
}

func FuzzCMRequest(f *testing.F) {
	f.Add(`{"messages":{"authentication":{"productToken":"k"},"msg":[{"from":"a","to":[{"number":"0012125550123"}],"body":{"content":"hi"},"reference":"m42"}]}}`)
	f.Add(`{"messages":{"msg":[{"to":[],"maximumNumberOfMessageParts":-1},{}]}}`)
	f.Fuzz(func(t *testing.T, raw string) {
		req, words := readCM([]byte(raw))
		if words != "" {
			return
		}
		b := cmBatch{s: fuzzBox(t), f: &Faults{}, token: "key"}
		for i := range req.Messages.Msg {
			b.judge(&req.Messages.Msg[i])
		}
		require.LessOrEqual(t, len(b.items), cmMessages)
		require.True(t, json.Valid(b.answer()))
		checkRecords(t, b.recs)
	})
}

func FuzzTelnyxRequest(f *testing.F) {
	f.Add(`{"from":"+1","to":"+12125550123","text":"hi","webhook_url":"http://a/?message=7"}`)
	f.Add(`{"text":7}`)
	f.Fuzz(func(t *testing.T, raw string) {
		rec, code, _ := readTelnyx([]byte(raw))
		if code != 0 {
			require.NotZero(t, telnyxTitles[code].status)
			return
		}
		require.True(t, json.Valid(appendTelnyx(nil, &rec, queued, 0, time.Now())))
		checkRecords(t, []Record{rec})
	})
}

func FuzzInfobipQuery(f *testing.F) {
	f.Add("messageId=1,2&messageId=3&limit=5&bulkId=b")
	f.Fuzz(func(t *testing.T, raw string) {
		q, property := readInfobipQuery(raw)
		if property == "" {
			require.True(t, q.limit >= 1 && q.limit <= 1000 && len(q.ids) <= 1000)
		}
	})
}

func checkRecords(t *testing.T, recs []Record) {
	t.Helper()
	for i := range recs {
		require.Regexp(t, phoneForm, recs[i].To)
		require.True(t, utf8.ValidString(recs[i].Body))
		require.NotEmpty(t, recs[i].Body)
		require.GreaterOrEqual(t, recs[i].MessageID, int64(0))
		require.True(t, json.Valid(appendReport(nil, &recs[i], delivered, 0, time.Now())))
	}
}

func TestJournalLinesAreWhatTheyWouldBeByReflection(t *testing.T) {
	t.Parallel()
	rapid.Check(t, func(t *rapid.T) {
		word := func(name string) string { return rapid.String().Draw(t, name) }
		r := Record{
			Provider: word("provider"), SID: word("sid"), Account: word("account"), Token: word("token"),
			MessageID: rapid.Int64().Draw(t, "id"), Reference: word("reference"), From: word("from"), To: word("to"),
			Body: word("body"), Segments: rapid.Int().Draw(t, "segments"), At: time.Unix(rapid.Int64Range(0, 1<<33).Draw(t, "at"), 123456789).UTC(),
			StatusURL: word("url"), BulkID: word("bulk"), CallbackData: word("data"), Intermediate: rapid.Bool().Draw(t, "intermediate"),
		}
		want, err := json.Marshal(entry{Accepted: &r, Token: r.Token})
		require.NoError(t, err)
		got := appendAccepted(nil, &r)
		require.JSONEq(t, string(want), string(got))
		require.Equal(t, len(got)-1, bytes.IndexByte(got, '\n'), "one line")
	})
}

func TestAnIdIsNotSpentWhenTheJournalFails(t *testing.T) {
	t.Parallel()
	s, err := New(Options{Callbacks: Callbacks{Hold: true}, Journal: filepath.Join(t.TempDir(), "journal")})
	require.NoError(t, err)
	require.NoError(t, s.Close())
	send := func() *httptest.ResponseRecorder {
		r := httptest.NewRequest("POST", "/sms/3/messages", strings.NewReader(
			`{"messages":[{"sender":"A","destinations":[{"to":"12125550123","messageId":"42"}],"content":{"text":"hi"}}]}`))
		r.Header.Set("Authorization", "App key")
		w := httptest.NewRecorder()
		s.Handler().ServeHTTP(w, r)
		return w
	}
	require.Equal(t, 500, send().Code)
	require.Zero(t, s.Count())
	s.journal = nil // it can be written again
	require.Contains(t, send().Body.String(), "PENDING_ACCEPTED")
}

func TestReferencesEndWithOurNumber(t *testing.T) {
	t.Parallel()
	for reference, want := range map[string]int64{
		"42": 42, "m42": 42, "trk-0042": 42, "": 0, "m": 0, "42m": 0,
		"999999999999999999": 999999999999999999, "9999999999999999999": 0,
	} {
		require.Equal(t, want, trailingNumber(reference), reference)
	}
	rapid.Check(t, func(t *rapid.T) {
		n := rapid.Int64Range(0, 999999999999999999).Draw(t, "n")
		require.Equal(t, n, trailingNumber("m"+strconv.FormatInt(n, 10)))
	})
}

func TestNumbersOfAllFormsAreOneNumber(t *testing.T) {
	t.Parallel()
	for raw, want := range map[string]string{
		"12125550123": "+12125550123", "0012125550123": "+12125550123", "+12125550123": "+12125550123",
		"12345": "12345", "ACME": "ACME", "": "", "1234567890123456": "1234567890123456",
	} {
		require.Equal(t, want, international(raw), raw)
	}
	require.Equal(t, "0012125550123", zeroed("+12125550123"))
	require.Equal(t, "12345", zeroed("12345"))
	require.Equal(t, "12125550123", plain("+12125550123"))
}

func TestOnlyTheRightAnswersAreAYes(t *testing.T) {
	t.Parallel()
	for _, tc := range []struct {
		parcel parcel
		status int
		want   error
	}{
		{parcel{}, 204, nil},
		{parcel{}, 302, errRefused},
		{parcel{}, 404, errRefused},
		{parcel{}, 503, errUnwell},
		{parcel{stubborn: true}, 204, nil},
		{parcel{stubborn: true}, 404, errUnwell},
		{parcel{stubborn: true, strict: true}, 204, errUnwell},
		{parcel{stubborn: true, strict: true}, 200, nil},
	} {
		require.Equal(t, tc.want, tc.parcel.judge(tc.status), "%+v", tc)
	}
}
