package sandbox_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"sync"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider/sandbox"
)

func createRequest(i int) *http.Request {
	form := fmt.Sprintf("To=%%2B1212%07d&From=%%2B15005550006&Body=Deals+go.example.com%%2Fa&StatusCallback=http%%3A%%2F%%2Flocalhost%%2Fs%%3Fmessage%%3D%d", i, i)
	r := httptest.NewRequest(http.MethodPost, "/2010-04-01/Accounts/AC1/Messages.json", strings.NewReader(form))
	r.SetBasicAuth("AC1", "t")
	return r
}

func TestNothingIsLostOrMixedUpUnderLoad(t *testing.T) {
	t.Parallel()
	file := filepath.Join(t.TempDir(), "journal")
	box, err := sandbox.New(sandbox.Options{Journal: file, Callbacks: sandbox.Callbacks{Hold: true}})
	require.NoError(t, err)
	h := box.Handler()
	const senders, each = 8, 250
	var wg sync.WaitGroup
	for s := range senders {
		wg.Go(func() {
			for i := range each {
				h.ServeHTTP(httptest.NewRecorder(), createRequest(s*each+i+1))
			}
		})
	}
	wg.Wait()
	require.NoError(t, box.Close())

	again, err := sandbox.New(sandbox.Options{Journal: file})
	require.NoError(t, err)
	for name, records := range map[string][]sandbox.Record{"memory": box.Accepted(), "journal": again.Accepted()} {
		ids, sids := map[int64]bool{}, map[string]bool{}
		for _, r := range records {
			ids[r.MessageID], sids[r.SID] = true, true
			require.Equal(t, fmt.Sprintf("+1212%07d", r.MessageID), r.To)
		}
		require.Len(t, ids, senders*each, name)
		require.Len(t, sids, senders*each, name)
	}
	require.NoError(t, again.Close())
}

func TestSharesHoldOverManyPhones(t *testing.T) {
	t.Parallel()
	box, err := sandbox.New(sandbox.Options{
		Callbacks: sandbox.Callbacks{Hold: true},
		Faults: sandbox.Faults{
			FailAfter: sandbox.Spell{Percent: 10},
			Codes:     []sandbox.CodeShare{{Code: 21610, Percent: 5}, {Code: 21211, Percent: 15}},
		},
	})
	require.NoError(t, err)
	answers := map[string]int{}
	for i := range 4000 {
		rec := httptest.NewRecorder()
		box.Handler().ServeHTTP(rec, createRequest(i))
		for _, code := range []string{"21610", "21211", "20500"} {
			if strings.Contains(rec.Body.String(), `"code":`+code) {
				answers[code]++
			}
		}
	}
	require.InDelta(t, 200, answers["21610"], 60)
	require.InDelta(t, 600, answers["21211"], 100)
	require.InDelta(t, 320, answers["20500"], 80, "ten percent of those not refused")
	require.Equal(t, 4000-answers["21610"]-answers["21211"], box.Count())
}

// BenchmarkCreate is what the sandbox costs a benchmark of the sender.
func BenchmarkCreate(b *testing.B) {
	for name, journal := range map[string]string{"memory": "", "journal": filepath.Join(b.TempDir(), "journal")} {
		b.Run(name, func(b *testing.B) {
			b.ReportAllocs()
			box, err := sandbox.New(sandbox.Options{Journal: journal, Callbacks: sandbox.Callbacks{Hold: true}})
			require.NoError(b, err)
			h, i := box.Handler(), 0
			for b.Loop() {
				i++
				h.ServeHTTP(httptest.NewRecorder(), createRequest(i))
			}
		})
	}
}
