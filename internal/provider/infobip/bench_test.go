package infobip

import (
	"bytes"
	"io"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider"
	"trackly/internal/provider/wire"
)

// fullBatch is as many texts as a request takes, and an answer that accepts them all.
func fullBatch() (outs []provider.Outgoing, answer []byte) {
	answer = []byte(`{"bulkId":"b","messages":[`)
	for i := range batchSize {
		outs = append(outs, provider.Outgoing{MessageID: int64(1000 + i), To: "+12125550123", Body: "Fresh deals for you: https://go.example.com/abc1234 Reply STOP to opt out"})
		if i > 0 {
			answer = append(answer, ',')
		}
		answer = append(answer, `{"messageId":"`+strconv.Itoa(1000+i)+`","destination":"12125550123","status":{"groupId":1,"groupName":"PENDING",`+
			`"id":26,"name":"PENDING_ACCEPTED","description":"Message sent to next instance"},"details":{"messageCount":1}}`...)
	}
	return outs, append(answer, `]}`...)
}

var benchAccount = provider.Account{Token: "key-1", From: "+15005550006", BaseURL: "http://127.0.0.1:1", StatusURL: "https://app.example.com/webhooks/infobip/l1/status"}

// BenchmarkSend compares the adapter with a bare client posting the same bytes and
// reading the answer away; the difference is what the adapter costs.
func BenchmarkSend(b *testing.B) {
	outs, answer := fullBatch()
	srv := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		_, _ = io.Copy(io.Discard, r.Body)
		w.Header().Set("Content-Length", strconv.Itoa(len(answer)))
		_, _ = w.Write(answer)
	}))
	defer srv.Close()
	a := benchAccount
	a.BaseURL = srv.URL
	hc := wire.NewClient()

	b.Run("adapter", func(b *testing.B) {
		b.ReportAllocs()
		ad := Dialer{HTTP: hc}.Dial(a)
		for b.Loop() {
			if got := ad.Send(b.Context(), outs); !got[0].Accepted() || !got[batchSize-1].Accepted() {
				b.Fatal(got[0])
			}
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*batchSize), "ns/text")
	})
	b.Run("bare", func(b *testing.B) {
		b.ReportAllocs()
		body := frameOf(a).append(nil, outs)
		for b.Loop() {
			res, err := hc.Post(srv.URL+sendPath, "application/json", bytes.NewReader(body))
			require.NoError(b, err)
			_, _ = io.Copy(io.Discard, res.Body)
			_ = res.Body.Close()
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*batchSize), "ns/text")
	})
}

// BenchmarkCPU is the adapter without a network.
func BenchmarkCPU(b *testing.B) {
	outs, answer := fullBatch()
	f := frameOf(benchAccount)
	b.Run("write", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			f.append(make([]byte, 0, f.size(outs)), outs)
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*batchSize), "ns/text")
	})
	b.Run("read", func(b *testing.B) {
		b.ReportAllocs()
		for b.Loop() {
			f.answers(outs, answer)
		}
		b.ReportMetric(float64(b.Elapsed().Nanoseconds())/float64(b.N*batchSize), "ns/text")
	})
}
