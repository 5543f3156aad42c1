package sandbox

import (
	"context"
	"crypto/ed25519"
	"crypto/rand"
	"encoding/hex"
	"fmt"
	"net/http"
	"sync"
	"sync/atomic"
	"time"
)

// Sandbox is one stand-in for all providers. All methods are safe for concurrent use.
type Sandbox struct {
	o       Options
	book    *book
	journal *journal
	numbers numbers
	dice    dice
	faults  atomic.Pointer[Faults]
	draws   atomic.Uint64 // requests so far; each rolls its own dice
	sids    atomic.Uint64
	prefix  string // makes sids unique across restarts
	tally   tally

	telnyxKey ed25519.PrivateKey // signs Telnyx's webhooks
	outbox    outbox             // statuses that go together
	market    market

	callbacks *queue // status callbacks
	errands   *queue // inbound texts and clicks: slow links must not hold up statuses
	postbacks *queue // of the shops
	stop      context.CancelFunc
	running   sync.WaitGroup
}

// New makes a sandbox and replays its journal. Texts whose last callback was not yet
// answered when the journal ended are called back again. Nothing runs before Start.
func New(o Options) (*Sandbox, error) {
	o = o.withDefaults()
	if err := o.check(); err != nil {
		return nil, err
	}
	s := &Sandbox{
		o: o, book: newBook(), dice: dice(o.Seed), prefix: newPrefix(), telnyxKey: telnyxKey(o.Seed),
		callbacks: newQueue(o.Callbacks.Hold), errands: newQueue(false), postbacks: newQueue(false),
	}
	s.numbers.init()
	s.market.init()
	s.faults.Store(&o.Faults)
	if err := s.open(); err != nil {
		return nil, err
	}
	return s, nil
}

// open reads the journal, if there is one, and keeps it open for appending.
func (s *Sandbox) open() error {
	if s.o.Journal == "" {
		return nil
	}
	j, err := openJournal(s.o.Journal, s.replay)
	if err != nil {
		return fmt.Errorf("open the sandbox's journal: %w", err)
	}
	s.journal = j
	s.follow(s.book.unfinished())
	for _, d := range s.market.deals {
		s.tellOf(d)
	}
	return nil
}

// Start runs the callbacks and the people until Close or until ctx ends.
func (s *Sandbox) Start(ctx context.Context) {
	ctx, s.stop = context.WithCancel(ctx)
	s.running.Go(func() { s.callbacks.run(ctx, s.o.Callbacks.Workers) })
	s.running.Go(func() { s.errands.run(ctx, s.o.People.Workers) })
	s.running.Go(func() { s.postbacks.run(ctx, postbackWorkers) })
}

// Close ends the background work, waits for it and closes the journal. Callbacks
// and postbacks not yet made are made by the next New on the same journal.
func (s *Sandbox) Close() error {
	if s.stop != nil {
		s.stop()
	}
	s.running.Wait()
	s.o.HTTP.CloseIdleConnections()
	return s.journal.close()
}

// HoldCallbacks keeps status callbacks in memory from now on.
func (s *Sandbox) HoldCallbacks() { s.callbacks.hold(true) }

// ReleaseCallbacks lets held status callbacks go, and those to come.
func (s *Sandbox) ReleaseCallbacks() { s.callbacks.hold(false) }

// Idle reports whether nothing is waiting or under way: no webhook, no person, no
// postback.
func (s *Sandbox) Idle() bool { return s.callbacks.idle() && s.errands.idle() && s.postbacks.idle() }

// nextHex is 32 hex digits, unique over restarts.
func (s *Sandbox) nextHex() string {
	var n [8]byte
	v := s.sids.Add(1)
	for i := range n {
		n[7-i] = byte(v >> (8 * i)) //nolint:gosec // the lowest eight bits are meant
	}
	var b [32]byte
	copy(b[:], s.prefix)
	hex.Encode(b[16:], n[:])
	return string(b[:])
}

func newPrefix() string {
	var b [8]byte
	_, _ = rand.Read(b[:]) // never fails: the runtime ends the process first
	return hex.EncodeToString(b[:])
}

// wait sleeps unless the caller gives up.
func wait(r *http.Request, d time.Duration) bool {
	if d <= 0 {
		return true
	}
	timer := time.NewTimer(d)
	defer timer.Stop()
	select {
	case <-timer.C:
		return true
	case <-r.Context().Done():
		return false
	}
}
