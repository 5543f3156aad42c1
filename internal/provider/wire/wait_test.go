package wire

import (
	"net/http"
	"testing"
	"time"

	"github.com/stretchr/testify/require"
)

func TestRetryAfterIsSecondsOrADate(t *testing.T) {
	t.Parallel()
	now := time.Date(2026, 11, 23, 12, 0, 0, 0, time.UTC)
	for header, want := range map[string]time.Duration{
		"":    0,
		"7":   7 * time.Second,
		" 7 ": 7 * time.Second, //nolint:gocritic // blanks around the number are the case
		"-7":  0,
		"1.5": 0,
		now.Add(90 * time.Second).Format(http.TimeFormat): 90 * time.Second,
		now.Add(-time.Hour).Format(http.TimeFormat):       0,
		now.AddDate(1, 0, 0).Format(http.TimeFormat):      longestWait,
		"99999999": longestWait,
	} {
		require.Equal(t, want, waitOf(header, now), header)
	}
}

func FuzzRetryAfter(f *testing.F) {
	f.Add("120")
	f.Add("Wed, 21 Oct 2026 07:28:00 GMT")
	f.Fuzz(func(t *testing.T, header string) {
		if d := waitOf(header, time.Unix(0, 0)); d < 0 || d > longestWait {
			t.Fatalf("%q means %s", header, d)
		}
	})
}
