package sandbox_test

import (
	"fmt"
	"net/http"
	"net/http/httptest"
	"path/filepath"
	"strings"
	"testing"

	"github.com/stretchr/testify/require"

	"trackly/internal/provider/sandbox"
)

// BenchmarkBatches is what the sandbox costs a benchmark of a sender that sends in
// batches: requests as full as they get.
func BenchmarkBatches(b *testing.B) {
	for name, tc := range map[string]struct {
		path, login string
		size        int
		body        func(from, size int) string
	}{
		"infobip": {"/sms/3/messages", "App key", 500, infobipFull},
		"cm":      {"/v1.0/message", "", 1000, cmFull},
	} {
		for kept, journal := range map[string]string{"memory": "", "journal": filepath.Join(b.TempDir(), "journal")} {
			b.Run(name+"/"+kept, func(b *testing.B) {
				b.ReportAllocs()
				box, err := sandbox.New(sandbox.Options{Journal: journal, Callbacks: sandbox.Callbacks{Hold: true}})
				require.NoError(b, err)
				h, sent := box.Handler(), 0
				for b.Loop() {
					b.StopTimer()
					body := tc.body(sent, tc.size)
					r := httptest.NewRequest(http.MethodPost, tc.path, strings.NewReader(body))
					r.Header.Set("Authorization", tc.login)
					b.StartTimer()
					h.ServeHTTP(httptest.NewRecorder(), r)
					sent += tc.size
				}
				require.Equal(b, sent, box.Count())
				b.ReportMetric(float64(sent)/b.Elapsed().Seconds(), "texts/s")
			})
		}
	}
}

// Every text is its own message, as personal texts are.
func infobipFull(from, size int) string {
	var b strings.Builder
	b.WriteString(`{"messages":[`)
	for i := range size {
		if i > 0 {
			b.WriteByte(',')
		}
		fmt.Fprintf(&b, `{"sender":"15005550006","destinations":[{"to":"1212%07d","messageId":"%d"}],"content":{"text":"Deals today only: go.example.com/a%06d"},`+
			`"webhooks":{"delivery":{"url":"http://localhost:8080/webhooks/infobip/secret/status"},"contentType":"application/json"}}`, from+i, from+i+1, i)
	}
	b.WriteString(`]}`)
	return b.String()
}

func cmFull(from, size int) string {
	msg := make([]string, size)
	for i := range msg {
		msg[i] = cmMessage(from+i+1, fmt.Sprintf("+1212%07d", from+i), fmt.Sprintf("Deals today only: go.example.com/a%06d", i))
	}
	return cmMany(msg...)
}
