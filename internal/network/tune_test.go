package network_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"testing"
	"time"

	"github.com/stretchr/testify/require"

	"trackly/internal/fault"
	"trackly/internal/network"
	"trackly/internal/network/networktest"
)

const key = "k3yOfTheAffiliate"

func open(t *testing.T, far *networktest.TUNE) network.Account {
	t.Helper()
	zone, err := time.LoadLocation("America/New_York")
	require.NoError(t, err)
	far.Key, far.NetworkID, far.Zone = key, "acme", zone
	server := httptest.NewServer(far)
	t.Cleanup(server.Close)
	return network.Account{NetworkID: "acme", Key: key, BaseURL: server.URL, Zone: zone}
}

var noon = time.Date(2026, 5, 4, 16, 0, 0, 0, time.UTC)

func ask(t *testing.T, a network.Account, page int) (network.Page, error) {
	t.Helper()
	return network.TUNE{HTTP: http.DefaultClient}.Conversions(t.Context(), a, noon.AddDate(0, 0, -7), noon, page)
}

func TestAReportIsReadInPages(t *testing.T) {
	t.Parallel()
	far := &networktest.TUNE{Most: 2}
	a := open(t, far)
	p, err := ask(t, a, 1)
	require.NoError(t, err)
	require.Equal(t, network.Page{}, p, "nothing")
	for i := range 5 {
		far.Set(networktest.Conversion{
			ID: fmt.Sprint(i), Session: fmt.Sprint("s", i), Offer: "7", At: noon.Add(time.Duration(i) * time.Minute), Payout: "12.50000", Sale: "99.9",
			Sub: "a", Sub2: "b", Currency: "eur",
		})
	}
	far.Set(networktest.Conversion{ID: "old", Offer: "7", At: noon.AddDate(0, 0, -8)})
	var ids []string
	for page := 1; ; page++ {
		p, err := ask(t, a, page)
		require.NoError(t, err)
		for _, c := range p.Rows {
			ids = append(ids, c.ID)
			require.Equal(t, []string{"a", "b", "", "", "", "", ""}, c.Subs)
			require.Equal(t, "EUR", c.Currency)
			require.Equal(t, network.Approved, c.Status)
			require.Equal(t, "12.50000", c.Payout)
		}
		if !p.More {
			require.Equal(t, 3, page)
			break
		}
	}
	require.Equal(t, []string{"0", "1", "2", "3", "4"}, ids)
	p, err = ask(t, a, 1)
	require.NoError(t, err)
	require.Equal(t, noon, p.Rows[0].At.UTC(), "times are the network's zone's")
}

func TestRefusalsSayWhatToDo(t *testing.T) {
	t.Parallel()
	for name, tc := range map[string]struct {
		fault networktest.Fault
		want  fault.Kind
		wait  time.Duration
	}{
		"too many requests":          {networktest.Fault{Status: 429, RetryAfter: "3"}, fault.Throttled, 3 * time.Second},
		"without a time":             {networktest.Fault{Status: 429}, fault.Throttled, 10 * time.Second},
		"for a year":                 {networktest.Fault{Status: 429, RetryAfter: "99999999"}, fault.Throttled, 5 * time.Minute},
		"in TUNE's own way":          {networktest.Fault{Status: 200, Words: "API usage exceeded rate limit. Configured: 50/10s window"}, fault.Throttled, 10 * time.Second},
		"a wrong key":                {networktest.Fault{Status: 200, Words: "Authentication failed"}, fault.Forbidden, 0},
		"a wrong key, by its status": {networktest.Fault{Status: 401}, fault.Forbidden, 0},
		"a question it dislikes":     {networktest.Fault{Status: 200, Words: "Field Stat.x does not exist"}, fault.Invalid, 0},
		"a failure":                  {networktest.Fault{Status: 504}, fault.Broken, 0},
		"its own failure":            {networktest.Fault{Status: 200, Words: "Internal error"}, fault.Broken, 0},
		"a cut":                      {networktest.Fault{Cut: true}, fault.Broken, 0},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			far := &networktest.TUNE{}
			a := open(t, far)
			far.Fail(tc.fault, tc.fault) // net/http asks again by itself after a cut
			_, err := ask(t, a, 1)
			require.Equal(t, tc.want, fault.KindOf(err), "%v", err)
			require.NotContains(t, err.Error(), key)
			var f *fault.Fault
			require.ErrorAs(t, err, &f)
			require.Equal(t, tc.wait, f.RetryAfter)
		})
	}
}

func TestTheKeyNeverPrints(t *testing.T) {
	t.Parallel()
	a := open(t, &networktest.TUNE{})
	require.NotContains(t, fmt.Sprintf("%v %+v %#v %s", a, a, a, a.Key), key)
	a.BaseURL = "http://127.0.0.1:1"
	_, err := ask(t, a, 1)
	require.Equal(t, fault.Broken, fault.KindOf(err))
	require.NotContains(t, fmt.Sprintf("%+v", err), key)
	a = open(t, &networktest.TUNE{})
	a.Key = "another-key"
	_, err = ask(t, a, 1)
	require.Equal(t, fault.Forbidden, fault.KindOf(err))
	require.NotContains(t, err.Error(), "another-key", "the stand-in quotes it")
}

func FuzzAnswers(f *testing.F) {
	for _, s := range []string{
		``, `{}`, `[]`, `{"response":{"status":1,"data":[]}}`, `{"response":{"status":1,"data":{"pageCount":"2","data":[{"Stat":{"id":1}}]}}}`,
		`{"response":{"status":1,"data":{"pageCount":null,"data":{"5":{"Stat":{"id":5,"ad_id":null,"offer_id":"7","datetime":"2026-05-04 12:00:00","conversion_status":"approved","payout":1.5}}}}}}`,
		`{"response":{"status":-1,"errorMessage":{"a":[1]},"errors":"x"}}`, `{"response":{"status":1,"data":{"data":{"a":3}}}}`,
	} {
		f.Add([]byte(s))
	}
	f.Fuzz(func(t *testing.T, raw []byte) {
		p, err := network.Read(raw, time.UTC, 1)
		if err != nil && fault.KindOf(err) == fault.Internal {
			t.Fatalf("nobody classified %v", err)
		}
		for _, c := range p.Rows {
			if c.Offer == "" || c.At.IsZero() || c.ID+c.Transaction == "" {
				t.Fatalf("%+v is no conversion", c)
			}
		}
	})
}
