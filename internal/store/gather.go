package store

import (
	"context"
	"sync"
	"time"

	"trackly/internal/fault"
)

const (
	gatherMost    = 512              // rows a statement
	gatherTimeout = 10 * time.Second // longer than this and the caller had better retry
)

// gather is group commit: callers that arrive while a statement is on its way to the
// disk share the next one. A caller returns only when its row is durable, so the cost
// of the commit is divided, not postponed. One statement is on its way at a time: with two,
// each carried half as much, and an eighth fewer callbacks were stored in a second. It holds
// one connection, whatever arrives: the rest of the pool stays free for what may not wait.
type gather[Req, Res any] struct {
	do   func(context.Context, []Req) ([]Res, error)
	in   chan waiting[Req, Res]
	done sync.WaitGroup
	stop chan struct{}
	once sync.Once
}

type waiting[Req, Res any] struct {
	req   Req
	reply chan answer[Res]
}

type answer[Res any] struct {
	res Res
	err error
}

func newGather[Req, Res any](do func(context.Context, []Req) ([]Res, error)) *gather[Req, Res] {
	g := &gather[Req, Res]{do: do, in: make(chan waiting[Req, Res], gatherMost), stop: make(chan struct{})}
	g.done.Go(g.run)
	return g
}

// ask adds one row and waits until it is durable.
func (g *gather[Req, Res]) ask(ctx context.Context, req Req) (Res, error) {
	w := waiting[Req, Res]{req: req, reply: make(chan answer[Res], 1)}
	var none Res
	select {
	case g.in <- w:
	case <-g.stop:
		return none, fault.New(fault.Broken, "shutting down")
	case <-ctx.Done():
		return none, ctx.Err()
	}
	select {
	case a := <-w.reply:
		return a.res, a.err
	case <-ctx.Done():
		return none, ctx.Err()
	}
}

func (g *gather[Req, Res]) run() {
	for {
		select {
		case w := <-g.in:
			g.flush(g.fill(w))
		case <-g.stop:
			return
		}
	}
}

func (g *gather[Req, Res]) fill(first waiting[Req, Res]) []waiting[Req, Res] {
	batch := []waiting[Req, Res]{first}
	for len(batch) < gatherMost {
		select {
		case w := <-g.in:
			batch = append(batch, w)
		default:
			return batch
		}
	}
	return batch
}

func (g *gather[Req, Res]) flush(batch []waiting[Req, Res]) {
	// Not the callers' context: one who hangs up must not undo the others' rows.
	ctx, cancel := context.WithTimeout(context.Background(), gatherTimeout) //nolint:forbidigo // see above
	defer cancel()
	reqs := make([]Req, len(batch))
	for i, w := range batch {
		reqs[i] = w.req
	}
	res, err := g.do(ctx, reqs)
	for i, w := range batch {
		a := answer[Res]{err: err}
		if err == nil {
			a.res = res[i]
		}
		w.reply <- a
	}
}

func (g *gather[Req, Res]) close() {
	g.once.Do(func() { close(g.stop) })
	g.done.Wait()
	for {
		select {
		case w := <-g.in:
			w.reply <- answer[Res]{err: fault.New(fault.Broken, "shutting down")}
		default:
			return
		}
	}
}
