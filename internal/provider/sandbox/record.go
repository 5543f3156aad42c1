package sandbox

import (
	"slices"
	"sync"
	"time"
)

// Record is one text the sandbox accepted: what a judge compares with the sender's own
// books.
type Record struct {
	SID       string    `json:"sid"`
	Account   string    `json:"account_sid"`
	Token     string    `json:"-"`          // signs the callbacks
	MessageID int64     `json:"message_id"` // the sender's, from the callback's address; 0 without one
	From      string    `json:"from"`
	To        string    `json:"to"`
	Body      string    `json:"body"`
	Segments  int       `json:"num_segments"`
	At        time.Time `json:"at"`
	StatusURL string    `json:"status_url,omitempty"`
}

// text is a record and where it is on its way. The fields below Record are guarded by
// the book's lock.
type text struct {
	Record
	seq      int
	status   string
	code     int
	updated  time.Time
	sent     time.Time
	finished bool // its last callback was answered, or given up
}

// line is one entry of a phone's conversation.
type line struct {
	text  *text // a text from a number, or
	reply *Reply
}

// book is everything accepted and said, in memory. Its lock is held for map and slice
// work only, never over a write to a file or a socket.
type book struct {
	mu      sync.RWMutex
	all     []*text
	bySID   map[string]*text
	byPhone map[string][]line
	recent  []string // phones with something new, oldest first
	stops   []Stop
	blocked map[pair]bool
}

// pair is a person's phone and the number it texts with.
type pair struct{ phone, number string }

// recentLimit is how many happenings the list of phones is made from.
const recentLimit = 8192

func newBook() *book {
	return &book{bySID: map[string]*text{}, byPhone: map[string][]line{}, blocked: map[pair]bool{}}
}

func (b *book) add(r Record) *text {
	t := &text{Record: r, status: queued, updated: r.At}
	b.mu.Lock()
	defer b.mu.Unlock()
	t.seq = len(b.all)
	b.all = append(b.all, t)
	b.bySID[r.SID] = t
	b.say(r.To, line{text: t})
	return t
}

// say wants the lock held.
func (b *book) say(phone string, l line) {
	b.byPhone[phone] = append(b.byPhone[phone], l)
	if len(b.recent) == recentLimit {
		b.recent = slices.Clone(b.recent[recentLimit/2:])
	}
	b.recent = append(b.recent, phone)
}

// advance moves a text on. A status never goes back, whatever order callbacks are
// sent in.
func (b *book) advance(t *text, status string, code int, at time.Time) {
	b.mu.Lock()
	defer b.mu.Unlock()
	if ranks[status] <= ranks[t.status] {
		return
	}
	t.status, t.code, t.updated = status, code, at
	if t.sent.IsZero() {
		t.sent = at
	}
}

func (b *book) finish(t *text) {
	b.mu.Lock()
	defer b.mu.Unlock()
	t.finished = true
}

func (b *book) unfinished() []*text {
	b.mu.RLock()
	defer b.mu.RUnlock()
	var open []*text
	for _, t := range b.all {
		if !t.finished {
			open = append(open, t)
		}
	}
	return open
}

// Accepted is every text accepted so far, oldest first, also those replayed from the
// journal.
func (s *Sandbox) Accepted() []Record {
	s.book.mu.RLock()
	defer s.book.mu.RUnlock()
	out := make([]Record, len(s.book.all))
	for i, t := range s.book.all {
		out[i] = t.Record
	}
	return out
}

// AcceptedTo is what was accepted for one phone, oldest first.
func (s *Sandbox) AcceptedTo(phone string) []Record {
	s.book.mu.RLock()
	defer s.book.mu.RUnlock()
	var out []Record
	for _, l := range s.book.byPhone[phone] {
		if l.text != nil {
			out = append(out, l.text.Record)
		}
	}
	return out
}

// Count is how many texts were accepted, without copying them.
func (s *Sandbox) Count() int {
	s.book.mu.RLock()
	defer s.book.mu.RUnlock()
	return len(s.book.all)
}
