package activities

import (
	"context"
	"errors"
	"sync"
	"sync/atomic"
	"time"

	"golang.org/x/sync/errgroup"

	"trackly/internal/fault"
	"trackly/internal/handover"
	"trackly/internal/provider"
	"trackly/models"
)

const (
	// lookFor is how long one activity works before history notes how far it came.
	lookFor       = 2 * time.Minute
	asksPerPage   = 200
	lookUpsAtOnce = 16
	// knownFor is how long what was learned of a phone counts: people take their number to
	// another carrier.
	knownFor = 90 * 24 * time.Hour
	// lookUpTries is how often a phone is asked about when no answer comes, and lookUpWait
	// what is waited in between at most. As many phones without an answer in a row as are
	// asked about at once: then it is the provider, and not the phone.
	lookUpTries = 3
	lookUpWait  = 10 * time.Second
)

// lookupStore is what Lookups needs from the store, and nothing else.
type lookupStore interface {
	LookupRoute(ctx context.Context, account models.AccountID, list models.ListID, providers []string) (models.Route, models.Credentials, error)
	NextToAsk(ctx context.Context, o models.AskScope, after int64, limit int) (models.AskPage, error)
	KeepHeard(ctx context.Context, account models.AccountID, l models.Lookups, all []models.Heard) error
	KeepOutLandlines(ctx context.Context, o models.AskScope, after, upTo int64) (int64, error)
}

// Lookups asks providers what is behind phones, for the account's money.
type Lookups struct {
	Store     lookupStore
	Providers provider.Registry
	Door      handover.Door
	Now       func() time.Time
}

// LookUpInput says whose contacts are looked up, and after which mark to go on. It is
// written into history: fields are added, never renamed.
type LookUpInput struct {
	AccountID  models.AccountID
	ListID     models.ListID
	ImportID   models.ImportID // only the rows of this import, while it has them; empty: the whole list
	MobileOnly bool            // contacts on lines that take no texts become invalid
	After      int64
	Began      time.Time // when the first of these activities began: what it paid for is not counted as known
}

// LookUpResult counts what was done, and says where to go on when it is not Done.
type LookUpResult struct {
	Asked, Cached, Failed, NotMobile int64

	After int64
	Done  bool
	Lost  bool // the import's rows have to be read from the file again; After is the beginning then
}

// LookUp asks about every contact of whom nobody knows, until none is left or its time is
// up. Answers are written as they come: a second run asks again about those in flight.
func (l *Lookups) LookUp(ctx context.Context, in LookUpInput) (LookUpResult, error) {
	defer alive(ctx)()
	r, creds, err := l.Store.LookupRoute(ctx, in.AccountID, in.ListID, l.Providers.LookingUp())
	if err != nil {
		return LookUpResult{}, err
	}
	dialer, err := l.Providers.Dialer(r.Provider)
	if err != nil {
		return LookUpResult{}, err
	}
	lookup, ok := dialer.Dial(l.Door.AccountOf(r, creds)).(provider.Lookup)
	if !ok {
		return LookUpResult{}, fault.New(fault.Internal, "%s says that it looks phones up, and does not", r.Provider)
	}
	began := l.Now()
	run := asking{Lookups: l, in: in, lookup: lookup, name: r.Provider, res: LookUpResult{After: in.After}, scope: models.AskScope{
		AccountID: in.AccountID, ListID: in.ListID, ImportID: in.ImportID, Stale: began.Add(-knownFor), Began: in.Began,
	}}
	for !run.res.Done && !run.res.Lost && l.Now().Sub(began) < lookFor && !stopping(ctx) {
		if err := run.page(ctx); err != nil {
			return run.res, err
		}
	}
	return run.res, nil
}

// asking is one run.
type asking struct {
	*Lookups
	in     LookUpInput
	scope  models.AskScope
	lookup provider.Lookup
	name   string // of the provider
	res    LookUpResult
	silent atomic.Int64 // phones in a row without an answer
}

func (a *asking) page(ctx context.Context) error {
	p, err := a.Store.NextToAsk(ctx, a.scope, a.res.After, asksPerPage)
	if err != nil {
		return err
	}
	if p.Lost {
		a.res.After, a.res.Lost = 0, true
		return nil
	}
	if err := a.ask(ctx, p.Contacts); err != nil {
		return err
	}
	if p.Cached > 0 {
		if err := a.Store.KeepHeard(ctx, a.in.AccountID, models.Lookups{Provider: a.name, Cached: p.Cached}, nil); err != nil {
			return err
		}
	}
	if a.in.MobileOnly {
		n, err := a.Store.KeepOutLandlines(ctx, a.scope, a.res.After, p.After)
		if err != nil {
			return err
		}
		a.res.NotMobile += n
	}
	a.res.Cached, a.res.After, a.res.Done = a.res.Cached+p.Cached, p.After, p.Done
	return nil
}

// answer is what came of asking about one phone.
type answer struct {
	models.Heard
	cost int64
}

// ask asks about the contacts, some at once, and keeps what is learned also when others
// fail.
func (a *asking) ask(ctx context.Context, all []models.Unasked) error {
	if len(all) == 0 {
		return nil
	}
	answers := make(chan answer, lookUpsAtOnce)
	var writing sync.WaitGroup
	var unwritten error
	writing.Go(func() { unwritten = a.keep(context.WithoutCancel(ctx), answers) })
	g, asked := errgroup.WithContext(ctx)
	g.SetLimit(lookUpsAtOnce)
	for _, u := range all {
		if asked.Err() != nil {
			break
		}
		g.Go(func() error {
			got, err := a.one(asked, u)
			if err == nil {
				answers <- got
			}
			return err
		})
	}
	failed := g.Wait()
	close(answers)
	writing.Wait()
	return errors.Join(failed, unwritten)
}

// keep writes what has come while it wrote the last ones.
func (a *asking) keep(ctx context.Context, answers <-chan answer) (failed error) {
	for first := range answers {
		heard, l := []models.Heard{}, models.Lookups{Provider: a.name}
		take := func(got answer) {
			heard = append(heard, got.Heard)
			l.Cost += got.cost
			if got.Failed {
				l.Failed++
			}
			if !got.Unheard {
				l.Asked++
			}
		}
		take(first)
		for more := true; more; {
			select {
			case got, open := <-answers:
				if more = open; open {
					take(got)
				}
			default:
				more = false
			}
		}
		if failed != nil {
			continue // drains what is left: nobody may be held up by it
		}
		if failed = a.Store.KeepHeard(ctx, a.in.AccountID, l, heard); failed == nil {
			a.res.Asked += l.Asked
			a.res.Failed += l.Failed
		}
	}
	return failed
}

// one asks about one phone. No error means that the phone is done with for now; an error
// that the others would fare no better.
func (a *asking) one(ctx context.Context, u models.Unasked) (answer, error) {
	for tries := 1; ; tries++ {
		line, err := a.lookup.LookUp(ctx, u.Phone)
		kind := fault.KindOf(err)
		switch {
		case err == nil:
			a.silent.Store(0)
			return answer{Heard: models.Heard{ID: u.ID, LineType: models.LineType(line.Type), Carrier: line.Carrier}, cost: line.Cost}, nil
		case kind == fault.NotFound:
			return answer{Heard: models.Heard{ID: u.ID, Failed: true}}, nil
		case ctx.Err() != nil:
			return answer{}, ctx.Err()
		case kind != fault.Throttled && kind != fault.Broken:
			return answer{}, err
		case tries == lookUpTries && kind == fault.Broken && a.silent.Add(1) < lookUpsAtOnce:
			return answer{Heard: models.Heard{ID: u.ID, Failed: true, Unheard: true}}, nil
		case tries >= lookUpTries:
			return answer{}, err
		}
		if !pause(ctx, waitAfter(err, tries)) {
			return answer{}, ctx.Err()
		}
	}
}

func waitAfter(err error, tries int) time.Duration {
	wait := time.Duration(tries) * 200 * time.Millisecond
	if f, ok := errors.AsType[*fault.Fault](err); ok && f.RetryAfter > wait {
		wait = f.RetryAfter
	}
	return min(wait, lookUpWait)
}

func pause(ctx context.Context, d time.Duration) bool {
	t := time.NewTimer(d)
	defer t.Stop()
	select {
	case <-t.C:
		return true
	case <-ctx.Done():
		return false
	}
}
