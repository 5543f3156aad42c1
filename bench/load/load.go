// Package load makes HTTP requests as cheaply as Go can, so that on a small machine the
// measuring client does not take the processor from the server it measures. It speaks
// just enough HTTP/1.1 for prepared requests over kept connections; it is no client for
// anything else.
package load

import (
	"context"
	"fmt"
	"net"
	"sync"
	"sync/atomic"
	"time"
)

// Target is a server and the status it is expected to answer every request with.
type Target struct {
	Address string
	Status  int
}

// Closed sends every request once over conns connections, each of which has one request
// on its way at a time, and returns how long that took. Any other status, or a broken
// connection, ends it with an error. Connections are opened before the clock starts.
func (t Target) Closed(ctx context.Context, conns int, requests [][]byte) (time.Duration, error) {
	lines, err := t.dial(ctx, conns)
	if err != nil {
		return 0, err
	}
	var next atomic.Int64
	failed := make([]error, len(lines))
	var wg sync.WaitGroup
	began := time.Now()
	for i, l := range lines {
		wg.Go(func() { failed[i] = l.drain(requests, &next) })
	}
	wg.Wait()
	took := time.Since(began)
	for i, l := range lines {
		_ = l.conn.Close()
		if failed[i] != nil {
			return 0, failed[i]
		}
	}
	return took, nil
}

func (t Target) dial(ctx context.Context, conns int) ([]*line, error) {
	var d net.Dialer
	lines := make([]*line, conns)
	for i := range lines {
		c, err := d.DialContext(ctx, "tcp", t.Address)
		if err != nil {
			return nil, fmt.Errorf("connect to %s: %w", t.Address, err)
		}
		lines[i] = &line{conn: c, want: t.Status, buf: make([]byte, 8<<10)}
	}
	return lines, nil
}
