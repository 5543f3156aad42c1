package load

import (
	"context"
	"slices"
	"sync"
	"time"
)

// Open sends the requests at a fixed rate a second, whether or not earlier ones have
// been answered, and returns the latencies in ascending order. Each is counted from the
// moment the request was due: a server that stalls cannot slow the clock down.
func (t Target) Open(ctx context.Context, conns, rate int, requests [][]byte) ([]time.Duration, error) {
	lines, err := t.dial(ctx, conns)
	if err != nil {
		return nil, err
	}
	due := make(chan int, len(requests))
	took := make([]time.Duration, len(requests))
	failed := make([]error, len(lines))
	gap := time.Second / time.Duration(rate)
	began := time.Now()
	var wg sync.WaitGroup
	for i, l := range lines {
		wg.Go(func() {
			for n := range due {
				if failed[i] = l.ask(requests[n]); failed[i] != nil {
					return
				}
				took[n] = time.Since(began.Add(time.Duration(n) * gap))
			}
		})
	}
	for n := range requests {
		time.Sleep(time.Until(began.Add(time.Duration(n) * gap)))
		due <- n
	}
	close(due)
	wg.Wait()
	for i, l := range lines {
		_ = l.conn.Close()
		if failed[i] != nil {
			return nil, failed[i]
		}
	}
	slices.Sort(took)
	return took, nil
}
