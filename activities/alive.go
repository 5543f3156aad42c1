package activities

import (
	"context"
	"sync"
	"time"

	"go.temporal.io/sdk/activity"
)

const aliveEvery = time.Second

// alive gives the engine a sign of life every second until stop is called. Work that is
// one long statement has no other moment for it, and when its process is killed the
// engine would wait for the statement's longest time before it tried again. Outside an
// activity it does nothing.
func alive(ctx context.Context) (stop func()) {
	if !activity.IsActivity(ctx) {
		return func() {}
	}
	done := make(chan struct{})
	var beating sync.WaitGroup
	beating.Go(func() {
		tick := time.NewTicker(aliveEvery)
		defer tick.Stop()
		for {
			select {
			case <-tick.C:
				activity.RecordHeartbeat(ctx)
			case <-done:
				return
			}
		}
	})
	return func() {
		close(done)
		beating.Wait() // a sign of life cut off by the activity's end is a warning in the log
	}
}
