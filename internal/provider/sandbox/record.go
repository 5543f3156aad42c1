package sandbox

import (
	"slices"
	"sync"
	"time"
)

// Record is one text the sandbox accepted: what a judge compares with the sender's own
// books. Numbers are E.164 in whatever form they came.
type Record struct {
	Provider     string    `json:"provider"`
	SID          string    `json:"sid"` // the provider's id; at Infobip the sender's own
	Account      string    `json:"account_sid"`
	Token        string    `json:"-"`                   // signs the callbacks
	MessageID    int64     `json:"message_id"`          // the sender's, from Reference or the callback's address; 0 without one
	Reference    string    `json:"reference,omitempty"` // the sender's, as it came: Infobip's messageId, CM's reference
	From         string    `json:"from"`
	To           string    `json:"to"`
	Body         string    `json:"body"`
	Segments     int       `json:"num_segments"`
	At           time.Time `json:"at"`
	StatusURL    string    `json:"status_url,omitempty"`    // the text's own, or else its number's
	BulkID       string    `json:"bulk_id,omitempty"`       // Infobip
	CallbackData string    `json:"callback_data,omitempty"` // Infobip
	Intermediate bool      `json:"intermediate,omitempty"`  // Infobip: tell of "sent" too
}

// key names a record in the book. Infobip's ids are the sender's, so two accounts may
// have the same.
func (r *Record) key() string {
	if r.Provider != Infobip {
		return r.SID
	}
	return infobipKey(r.Token, r.SID)
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
	told     bool // a status webhook for it was answered with a yes
	finished bool // its last callback was answered, or given up
	fetched  bool // Infobip gives a report over /sms/3/reports once
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
	byKey   map[string]*text // nil for an id that is claimed
	byPhone map[string][]line
	recent  []string // phones with something new, oldest first
	stops   []Stop
	heard   []Heard
	blocked map[pair]bool
}

// pair is a person's phone and the number it texts with.
type pair struct{ phone, number string }

// recentLimit is how many happenings the list of phones is made from.
const recentLimit = 8192

func newBook() *book {
	return &book{byKey: map[string]*text{}, byPhone: map[string][]line{}, blocked: map[pair]bool{}}
}

func (b *book) add(recs []Record) []*text {
	texts, block := make([]*text, len(recs)), make([]text, len(recs))
	b.mu.Lock()
	defer b.mu.Unlock()
	for i, r := range recs {
		t := &block[i]
		*t = text{Record: r, seq: len(b.all), status: queued, updated: r.At}
		texts[i], b.all, b.byKey[r.key()] = t, append(b.all, t), t
		b.say(r.To, line{text: t})
	}
	return texts
}

// claim takes an id for a text that is about to be accepted. Not ok means that it is
// taken already.
func (b *book) claim(key string) bool {
	b.mu.Lock()
	defer b.mu.Unlock()
	if _, taken := b.byKey[key]; taken {
		return false
	}
	b.byKey[key] = nil
	return true
}

// release gives back ids that were claimed for nothing.
func (b *book) release(recs []Record) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for i := range recs {
		delete(b.byKey, recs[i].key())
	}
}

// lastReference is the reference of the newest text a phone got from a number.
func (b *book) lastReference(p pair) string {
	b.mu.RLock()
	defer b.mu.RUnlock()
	for _, l := range slices.Backward(b.byPhone[p.phone]) {
		if l.text != nil && l.text.From == p.number {
			return l.text.Reference
		}
	}
	return ""
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

func (b *book) tell(batch []*step) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, st := range batch {
		st.text.told = true
	}
}

func (b *book) finish(texts []*text) {
	b.mu.Lock()
	defer b.mu.Unlock()
	for _, t := range texts {
		t.finished = true
	}
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

// Fate is what became of an accepted text so far.
type Fate struct {
	Told        bool // the sender took at least one status webhook of it since New
	Delivered   bool
	Undelivered bool
}

// Fates are those of all accepted texts, by their ids.
func (s *Sandbox) Fates() map[string]Fate {
	s.book.mu.RLock()
	defer s.book.mu.RUnlock()
	all := make(map[string]Fate, len(s.book.all))
	for _, t := range s.book.all {
		all[t.SID] = Fate{Told: t.told, Delivered: t.status == delivered, Undelivered: t.status == undelivered}
	}
	return all
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
