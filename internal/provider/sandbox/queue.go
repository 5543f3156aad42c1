package sandbox

import (
	"container/heap"
	"context"
	"sync"
	"time"
)

// job is one thing to do not before a moment.
type job struct {
	at time.Time
	do func(context.Context)
}

// jobs is a heap with the earliest on top.
type jobs []job

func (j jobs) Len() int           { return len(j) }
func (j jobs) Less(a, b int) bool { return j[a].at.Before(j[b].at) }
func (j jobs) Swap(a, b int)      { j[a], j[b] = j[b], j[a] }

// Push implements heap.Interface.
func (j *jobs) Push(x any) { *j = append(*j, x.(job)) } //nolint:forcetypeassert // heap.Push below gives nothing else

// Pop implements heap.Interface.
func (j *jobs) Pop() any {
	old := *j
	last := old[len(old)-1]
	old[len(old)-1] = job{}
	*j = old[:len(old)-1]
	return last
}

// queue does jobs when they are due, a bounded number at a time. It grows without
// bound: a held queue of a million callbacks is what benchmarks ask for.
type queue struct {
	mu     sync.Mutex
	jobs   jobs
	held   bool
	active int
	wake   chan struct{}
}

func newQueue(held bool) *queue { return &queue{held: held, wake: make(chan struct{}, 1)} }

func (q *queue) push(after time.Duration, do func(context.Context)) {
	q.mu.Lock()
	heap.Push(&q.jobs, job{at: time.Now().Add(after), do: do})
	q.mu.Unlock()
	q.nudge()
}

// pushAll is push for many at once.
func (q *queue) pushAll(all []job) {
	q.mu.Lock()
	for i := range all {
		heap.Push(&q.jobs, all[i])
	}
	q.mu.Unlock()
	q.nudge()
}

func (q *queue) hold(on bool) {
	q.mu.Lock()
	q.held = on
	q.mu.Unlock()
	q.nudge()
}

func (q *queue) idle() bool {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.jobs) == 0 && q.active == 0
}

func (q *queue) size() int {
	q.mu.Lock()
	defer q.mu.Unlock()
	return len(q.jobs) + q.active
}

func (q *queue) nudge() {
	select {
	case q.wake <- struct{}{}:
	default:
	}
}

// run works until ctx ends, and returns when its workers have.
func (q *queue) run(ctx context.Context, workers int) {
	var wg sync.WaitGroup
	work := make(chan job)
	for range workers {
		wg.Go(func() { q.labour(ctx, work) })
	}
	for ctx.Err() == nil {
		j, pause, ok := q.next()
		if !ok {
			q.rest(ctx, pause)
			continue
		}
		select {
		case work <- j:
		case <-ctx.Done():
		}
	}
	close(work)
	wg.Wait()
}

func (q *queue) labour(ctx context.Context, work <-chan job) {
	for j := range work {
		j.do(ctx)
		q.mu.Lock()
		q.active--
		q.mu.Unlock()
	}
}

// next takes the job that is due, or says how long to rest.
func (q *queue) next() (job, time.Duration, bool) {
	q.mu.Lock()
	defer q.mu.Unlock()
	if q.held || len(q.jobs) == 0 {
		return job{}, time.Hour, false
	}
	if pause := time.Until(q.jobs[0].at); pause > 0 {
		return job{}, pause, false
	}
	q.active++
	return heap.Pop(&q.jobs).(job), 0, true //nolint:forcetypeassert // see Push
}

func (q *queue) rest(ctx context.Context, pause time.Duration) {
	timer := time.NewTimer(pause)
	defer timer.Stop()
	select {
	case <-timer.C:
	case <-q.wake:
	case <-ctx.Done():
	}
}
