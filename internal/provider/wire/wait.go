package wire

import (
	"net/http"
	"strconv"
	"strings"
	"time"
)

// longestWait bounds Retry-After: a date from a wrong clock must not silence a list.
const longestWait = 24 * time.Hour

// waitOf reads Retry-After, which is seconds or an HTTP date. 0 means not said.
func waitOf(header string, now time.Time) time.Duration {
	header = strings.TrimSpace(header)
	if n, err := strconv.ParseUint(header, 10, 31); err == nil {
		return min(time.Duration(n)*time.Second, longestWait)
	}
	at, err := http.ParseTime(header)
	if err != nil {
		return 0
	}
	return min(max(at.Sub(now), 0), longestWait)
}
