package postback_test

import (
	"errors"
	"fmt"
	"net/url"
	"strings"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/rules/postback"
	"trackly/rules/price"
)

const click = "0193a1b2-c3d4-7e5f-8a9b-0c1d2e3f4a5b"

func money(m price.Micros) *price.Micros { return &m }

func TestRead(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		query string
		share bool
		want  postback.Event
	}{
		"our own names": {
			"click_id=" + click + "&message_id=42&transaction_id=T1&amount=12.50&currency=eur&event=lead&at=2026-11-28T18:00:00%2B01:00", false,
			postback.Event{Kind: "lead", TransactionID: "T1", ClickID: click, MessageID: 42, Amount: money(12_500_000), Currency: "EUR", At: time.Date(2026, 11, 28, 17, 0, 0, 0, time.UTC)},
		},
		"TUNE": {
			"aff_sub=spring&aff_sub2=" + strings.ToUpper(click) + "&transaction_id=1027b&payout=8.00&sale_amount=99&goal_id=0&datetime=2026-11-28+12:00:00", false,
			postback.Event{Kind: "sale", TransactionID: "1027b", ClickID: click, Amount: money(8_000_000), At: time.Date(2026, 11, 28, 17, 0, 0, 0, time.UTC)},
		},
		"Everflow": {
			"sub1=" + click + "&transaction_id=a1&payout_amount=3&event_name=Sign+Up&timestamp=1764349200", false,
			postback.Event{Kind: "signup", TransactionID: "a1", ClickID: click, Amount: money(3_000_000), At: time.Unix(1764349200, 0).UTC()},
		},
		"Everflow, a share": {
			"sub1=" + click + "&transaction_id=a1&payout_amount=3&sale_amount=60", true,
			postback.Event{Kind: "sale", TransactionID: "a1", ClickID: click, Amount: money(60_000_000)},
		},
		"CAKE": {
			"s2=" + click + "&tid=o-1&leadid=L77&price=4.5&utcunixtime=1764349200000", false,
			postback.Event{Kind: "sale", TransactionID: "L77", ClickID: click, Amount: money(4_500_000), At: time.Unix(1764349200, 0).UTC()},
		},
		"a network's own click id and ours": {
			"click_id=1027b&aff_sub=" + click, false,
			postback.Event{Kind: "sale", TransactionID: "click:" + click, ClickID: click},
		},
		"a click nobody knows":        {"clickid=1027b", false, postback.Event{Kind: "sale", TransactionID: "click:1027b", ClickID: "1027b"}},
		"a message alone":             {"message_id=42&event=refund", false, postback.Event{Kind: "refund", TransactionID: "message:42", MessageID: 42}},
		"a message that is none":      {"message_id=x&tid=1", false, postback.Event{Kind: "sale", TransactionID: "1"}},
		"macros that stayed":          {"click_id={aff_sub}&s2=%23s2%23&transaction_id=T&payout={payout}&event=&amount=1", false, postback.Event{Kind: "sale", TransactionID: "T", Amount: money(1_000_000)}},
		"names in capitals":           {"Transaction-ID=T&AMOUNT=1", false, postback.Event{Kind: "sale", TransactionID: "T", Amount: money(1_000_000)}},
		"the first that is filled":    {"transaction_id=&transaction_id=T&transaction_id=U", false, postback.Event{Kind: "sale", TransactionID: "T"}},
		"nothing earned, and so told": {"transaction_id=T&payout=0.00", false, postback.Event{Kind: "sale", TransactionID: "T", Amount: money(0)}},
		"a share without an amount":   {"transaction_id=T&event=signup", true, postback.Event{Kind: "signup", TransactionID: "T"}},
		"what nobody asked for":       {"transaction_id=T&ip=1.2.3.4&x=" + strings.Repeat("x", 5000), false, postback.Event{Kind: "sale", TransactionID: "T"}},
		"the longest id there may be": {"transaction_id=" + strings.Repeat("é", 255), false, postback.Event{Kind: "sale", TransactionID: strings.Repeat("é", 255)}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			q, err := url.ParseQuery(tc.query)
			require.NoError(t, err)
			got, err := postback.Read(q, postback.Terms{Share: tc.share, Zone: time.FixedZone("", -5*3600)})
			require.NoError(t, err)
			require.Equal(t, tc.want, got)
		})
	}
}

func TestWhatIsRefusedSaysWhy(t *testing.T) {
	t.Parallel()
	many := url.Values{"transaction_id": {"T"}}
	for i := range 64 {
		many.Add(fmt.Sprint("p", i), "x")
	}
	for name, tc := range map[string]struct {
		params map[string][]string
		share  bool
		where  []string
	}{
		"nothing":                      {url.Values{}, false, []string{"transaction_id"}},
		"a negative amount":            {url.Values{"transaction_id": {"T"}, "amount": {"-1"}}, false, []string{"amount"}},
		"an amount to guess":           {url.Values{"transaction_id": {"T"}, "payout": {"1,50"}}, false, []string{"payout"}},
		"a currency that is none":      {url.Values{"transaction_id": {"T"}, "currency": {"US$"}}, false, []string{"currency"}},
		"an event nobody knows":        {url.Values{"transaction_id": {"T"}, "event": {"deposit"}}, false, []string{"event"}},
		"a day or a month":             {url.Values{"transaction_id": {"T"}, "at": {"02/03/2026"}}, false, []string{"at"}},
		"a conversion that is none":    {url.Values{"transaction_id": {"T"}, "status": {"pending"}}, false, []string{"status"}},
		"an id that is too long":       {url.Values{"transaction_id": {strings.Repeat("x", 256)}}, false, []string{"transaction_id"}},
		"a click that is too long":     {url.Values{"click_id": {strings.Repeat("x", 255)}}, false, []string{"click_id"}},
		"a value that is far too long": {url.Values{"transaction_id": {strings.Repeat("x", 513)}}, false, []string{"transaction_id"}},
		"no text":                      {url.Values{"transaction_id": {"T\x00"}, "click_id": {"\xff"}}, false, []string{"click_id", "transaction_id"}},
		"too many parameters":          {many, false, []string{""}},
		"one parameter too often":      {url.Values{"transaction_id": strings.Split(strings.Repeat("x,", 70), ",")}, false, []string{""}},
		"a name that is too long":      {url.Values{strings.Repeat("x", 65): {"1"}}, false, []string{""}},
		"a payout where a share pays":  {url.Values{"transaction_id": {"T"}, "payout": {"5"}}, true, []string{"payout"}},
		"everything at once":           {url.Values{"amount": {"x"}, "currency": {"x"}, "event": {"x"}, "at": {"x"}, "status": {"x"}}, false, []string{"event", "amount", "currency", "at", "status", "transaction_id"}},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			_, err := postback.Read(tc.params, postback.Terms{Share: tc.share})
			f, ok := errors.AsType[*fault.Fault](err)
			require.True(t, ok, "%v", err)
			require.Equal(t, fault.Invalid, f.Kind)
			var where []string
			for _, p := range f.Problems {
				where = append(where, p.Where)
			}
			require.Equal(t, tc.where, where)
		})
	}
}

func TestJSONIsReadAsItIsWritten(t *testing.T) {
	t.Parallel()
	got, err := postback.Object([]byte(`{"transaction_id": 900719925474099312, "amount": 12.10, "at": null, "meta": {"a": 1}, "ok": true}`))
	require.NoError(t, err)
	require.Equal(t, map[string][]string{"transaction_id": {"900719925474099312"}, "amount": {"12.10"}, "ok": {"true"}}, got)
	for _, raw := range []string{"", "null", "[]", "1", `{"a":1}{"b":2}`, `{"transaction_id":["T"]}`, `{"a"`} {
		_, err := postback.Object([]byte(raw))
		require.Equal(t, fault.Invalid, fault.KindOf(err), raw)
		require.Error(t, err, raw)
	}
}

// FuzzRead holds what the books rely on, whatever a stranger sends.
func FuzzRead(f *testing.F) {
	f.Add("click_id=x&transaction_id=%00&amount=1e9&event=sale", false)
	f.Add("s2="+click+"&price=#price#&tid={tid}&status=1", true)
	f.Fuzz(func(t *testing.T, query string, share bool) {
		q, err := url.ParseQuery(query)
		if err != nil {
			return
		}
		hold(t, q, share)
	})
}

// FuzzObject does the same for JSON.
func FuzzObject(f *testing.F) {
	f.Add([]byte(`{"transaction_id":"T","amount":1e400}`))
	f.Add([]byte(`{"click_id":"\u0000","amount":-0}`))
	f.Fuzz(func(t *testing.T, raw []byte) {
		if p, err := postback.Object(raw); err == nil {
			hold(t, p, false)
		}
	})
}

func hold(t *testing.T, p map[string][]string, share bool) {
	t.Helper()
	e, err := postback.Read(p, postback.Terms{Share: share})
	if err != nil {
		if fault.KindOf(err) != fault.Invalid {
			t.Fatal(err)
		}
		return
	}
	if n := len([]rune(e.TransactionID)); n < 1 || n > 255 || strings.ContainsRune(e.TransactionID, 0) {
		t.Fatalf("transaction %q", e.TransactionID)
	}
	if e.Amount != nil && *e.Amount < 0 || e.MessageID < 0 || len(e.Currency) != 0 && len(e.Currency) != 3 {
		t.Fatalf("%+v", e)
	}
	if again, err := postback.Read(p, postback.Terms{Share: share}); err != nil || again.TransactionID != e.TransactionID || again.Kind != e.Kind {
		t.Fatalf("told again it is another one: %+v, %+v", e, again)
	}
}
