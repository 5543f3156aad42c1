package api_test

import (
	"fmt"
	"net/http"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/api"
	"trackly/models"
)

//nolint:thelper // a step is a test of its own
func TestConversionsByFile(t *testing.T) {
	t.Parallel()
	m := newMarket(t, nil)
	send := func(file, more string) answer {
		return m.do("POST", "/v1/conversions/csv?offer_id="+m.offer.str("id")+more, file, "Content-Type", "text/csv")
	}
	file := "Transaction-ID;click_id;payout;event;datetime\n" +
		"A;" + m.click + ";8.25;;\n" +
		"B;;-1;;\n" +
		"A;;;;\n" +
		";;;;\n" +
		"C;;1;theft;yesterday\n" +
		"D;;1;rebill;2026-11-01 00:30:00\n"
	counts := func(o object) []any { return []any{o["rows"], o["recorded"], o["repeated"], o["refused"]} }
	m.step("a dry run says what would happen, and nothing does", func(t *testing.T) {
		got := send(file, "&dry_run=true").want(http.StatusOK)
		require.Equal(t, []any{6.0, 2.0, 1.0, 3.0}, counts(got))
		require.Empty(t, m.rows("id"))
		require.Empty(t, m.counted())
	})
	m.step("lines are recorded, and those that are refused are named", func(t *testing.T) {
		got := send(file, "").want(http.StatusOK)
		require.Equal(t, []any{6.0, 2.0, 1.0, 3.0}, counts(got))
		refusals := got.items("refusals")
		require.Equal(t, []any{3.0, 5.0, 6.0}, []any{refusals[0]["line"], refusals[1]["line"], refusals[2]["line"]})
		require.Equal(t, "payout", refusals[0].items("problems")[0]["location"])
		require.Len(t, refusals[2].items("problems"), 2, "all that is wrong with a line")
		require.Equal(t, []string{"A sale csv credited 8250000", "D rebill csv unmatched 1000000"}, m.rows("transaction_id, kind, source, state, booked"))
		require.Equal(t, []string{"2026-11-01 04:30:00"}, m.rows("CASE WHEN kind = 'rebill' THEN (at AT TIME ZONE 'UTC')::text ELSE '' END")[1:], "by the network's clock")
	})
	m.step("sent again it changes nothing, and a dry run knows", func(t *testing.T) {
		require.Equal(t, []any{6.0, 0.0, 3.0, 3.0}, counts(send(file, "&dry_run=true").want(http.StatusOK)))
		require.Equal(t, []any{6.0, 0.0, 3.0, 3.0}, counts(send(file, "").want(http.StatusOK)))
		require.Len(t, m.rows("id"), 2)
	})
	m.step("a currency without a rate is refused in both", func(t *testing.T) {
		for _, more := range []string{"", "&dry_run=true"} {
			got := send("tid,amount,currency\nE,1,EUR\nF,1,usd\n", more).want(http.StatusOK)
			require.EqualValues(t, 1, got["refused"], more)
			require.Equal(t, "currency", got.items("refusals")[0].items("problems")[0]["location"])
		}
	})
	m.step("what is no file of conversions is refused", func(t *testing.T) {
		for _, text := range []string{"", "phone\n1\n", "\x1f\x8bnonsense"} {
			send(text, "").want(422)
		}
		m.do("POST", "/v1/conversions/csv", file).want(422)
		m.do("POST", "/v1/conversions/csv?offer_id=x", file).want(http.StatusNotFound)
		_, stranger := m.newAccount()
		m.as(stranger, "POST", "/v1/conversions/csv?offer_id="+m.offer.str("id"), file).want(http.StatusNotFound)
	})
	m.step("a file that is too large, or breaks off, says what became of its beginning", func(t *testing.T) {
		send("tid\n"+strings.Repeat("x", 70<<10), "").want(http.StatusRequestEntityTooLarge)
	})
}

// Of 2,400 lines, told in many parts, a dry run answers all that the file then does.
func TestADryRunAnswersWhatTheConversionsFileThenDoes(t *testing.T) {
	t.Parallel()
	m := newMarket(t, nil)
	w := newWorldWith(t, func(o *api.Options) { o.Store, o.ImportLimit = m.store, 8<<20 })
	var text strings.Builder
	text.WriteString("transaction_id,click_id,amount,currency,event\n")
	for i := range 300 {
		fmt.Fprintf(&text, "R%d,,,,refund\n", i) // before its original
	}
	for i := range 300 {
		fmt.Fprintf(&text, "R%d,%s,8.25,,\n", i, m.click)
		fmt.Fprintf(&text, "U%d,%s,,,\n", i, models.NewID[string]()) // a click that nobody made
		fmt.Fprintf(&text, "N%d,,-1,,\n", i)
		fmt.Fprintf(&text, "C%d,,1,EUR,\n", i)  // there is no rate for it
		fmt.Fprintf(&text, "C%d,,1,,\n", i%200) // again after 1,200 lines
		fmt.Fprintf(&text, "N%d,,1,,sale\n", i)
	}
	for i := range 300 {
		fmt.Fprintf(&text, "R%d,,,,refund\n", i)
	}
	send := func(more string) object {
		return w.as(m.key, "POST", "/v1/conversions/csv?offer_id="+m.offer.str("id")+more, text.String()).want(http.StatusOK)
	}
	dry := send("&dry_run=true")
	require.Empty(t, m.rows("id"))
	require.Equal(t, []any{true, 2400.0, 1400.0, 400.0, 600.0}, []any{dry["dry_run"], dry["rows"], dry["recorded"], dry["repeated"], dry["refused"]})
	dry["dry_run"] = false
	require.Equal(t, dry, send(""))
	require.Len(t, m.rows("id"), 1400)
	last := 0.0
	for _, r := range dry.items("refusals") {
		line, _ := r["line"].(float64)
		require.Greater(t, line, last, "in the order of the file")
		last = line
	}
}

func TestAFileHasAHundredThousandLinesAtMost(t *testing.T) {
	t.Parallel()
	m := newMarket(t, nil)
	w := newWorldWith(t, func(o *api.Options) { o.Store, o.ImportLimit = m.store, 8<<20 })
	var text strings.Builder
	text.WriteString("tid,amount\n")
	for i := range 100_001 {
		fmt.Fprintf(&text, "%d,-1\n", i)
	}
	path := "/v1/conversions/csv?offer_id=" + m.offer.str("id")
	got := w.as(m.key, "POST", path, text.String()).want(422)
	require.Contains(t, got["detail"], "more than 100000 lines; the lines before it are kept")
	got = w.as(m.key, "POST", path+"&dry_run=true", text.String()).want(422)
	require.Equal(t, "the file has more than 100000 lines", got["detail"], "nothing is kept")
	whole := strings.TrimSuffix(text.String(), "100000,-1\n")
	answer := w.as(m.key, "POST", path, whole).want(http.StatusOK)
	require.EqualValues(t, 100_000, answer["refused"])
	require.Len(t, answer.items("refusals"), 1000)
}
