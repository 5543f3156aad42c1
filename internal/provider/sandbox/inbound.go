package sandbox

import (
	"context"
	"errors"
	"net/url"
	"slices"
	"strings"
	"sync"
	"time"

	"trackly/internal/fault"
)

// Number is a phone number of a sender, and where texts to it are posted. Webhooks of
// Infobip and CM carry no signature: the address itself is the secret.
type Number struct {
	Provider   string `json:"provider,omitempty"` // how its webhooks are spoken; empty means twilio
	Phone      string `json:"phone"`
	AccountSID string `json:"account_sid"`
	Token      string `json:"token"` // signs the posts of Twilio
	InboundURL string `json:"inbound_url"`
	StatusURL  string `json:"status_url,omitempty"` // for texts that name no address, as all of CM's do
	People     string `json:"people,omitempty"`     // "on", "off", or empty for what Options say
}

// Reply is a text from a person to a number.
type Reply struct {
	SID    string    `json:"sid"`
	Phone  string    `json:"phone"`
	Number string    `json:"number"`
	Body   string    `json:"body"`
	At     time.Time `json:"at"`
}

// Stop is a STOP whose webhook was answered 2xx, at CM exactly 200. From At on, nothing more may be
// accepted for the phone from the number.
type Stop struct {
	Phone  string    `json:"phone"`
	Number string    `json:"number"`
	At     time.Time `json:"at"`
}

// Heard is a person's text whose webhook was answered 2xx, at CM exactly 200, and when.
// Whether it means STOP is for the reader to say.
type Heard struct {
	Phone  string
	Number string
	Body   string
	At     time.Time
}

// Twilio's own keywords, which do for the others too. Only a text that is nothing else counts.
var (
	stopWords  = []string{"STOP", "UNSUBSCRIBE", "END", "QUIT", "STOPALL", "REVOKE", "OPTOUT", "CANCEL"}
	startWords = []string{"START", "YES", "UNSTOP"}
)

// numbers are the registered numbers.
type numbers struct {
	mu      sync.RWMutex
	byPhone map[string]Number
}

func (n *numbers) init() { n.byPhone = map[string]Number{} }

func (n *numbers) get(phone string) (Number, bool) {
	n.mu.RLock()
	defer n.mu.RUnlock()
	num, ok := n.byPhone[phone]
	return num, ok
}

// Register adds a number or replaces it. An address that cannot be posted to is an
// Invalid fault.
func (s *Sandbox) Register(n Number) error {
	n.Provider = or(n.Provider, Twilio)
	if n.Provider != Twilio {
		n.Phone = international(n.Phone)
	}
	var bad fault.Problems
	if !slices.Contains([]string{Twilio, Infobip, CM, Telnyx}, n.Provider) {
		bad.Add("provider", "must be twilio, infobip, cm or telnyx")
	}
	if n.Phone == "" {
		bad.Add("phone", "is missing")
	}
	if u, err := url.Parse(n.InboundURL); err != nil || u.Host == "" {
		bad.Add("inbound_url", "must be a web address")
	}
	if u, err := url.Parse(n.StatusURL); n.StatusURL != "" && (err != nil || u.Host == "") {
		bad.Add("status_url", "must be a web address")
	}
	if !slices.Contains([]string{"", "on", "off"}, n.People) {
		bad.Add("people", "must be on, off or empty")
	}
	if err := bad.Err("the number"); err != nil {
		return err
	}
	s.numbers.mu.Lock()
	defer s.numbers.mu.Unlock()
	s.numbers.byPhone[n.Phone] = n
	return nil
}

// Reply texts a number from a phone. It returns before the webhook is posted; a number
// nobody registered is a NotFound fault.
func (s *Sandbox) Reply(phone, number, body string) (Reply, error) {
	n, ok := s.numbers.get(number)
	if !ok {
		return Reply{}, fault.New(fault.NotFound, "the number is not registered")
	}
	r := Reply{SID: s.newID(n.Provider), Phone: phone, Number: number, Body: body, At: time.Now().UTC()}
	s.book.hear(&r)
	s.tally.replies.Add(1)
	s.errands.push(0, func(ctx context.Context) { s.forward(ctx, n, r, 0) })
	return r, nil
}

// forward posts a person's text to the number's owner, again and again if need be.
func (s *Sandbox) forward(ctx context.Context, n Number, r Reply, tries int) {
	answers := s.book.lastReference(pair{r.Phone, r.Number})
	err := s.post(ctx, s.speak(n.Provider).inbound(n, r, answers, tries))
	switch {
	case err == nil:
		s.book.heardBy(Heard{Phone: r.Phone, Number: r.Number, Body: r.Body, At: time.Now().UTC()})
		s.keyword(r)
	case !errors.Is(err, errRefused) && tries < s.o.Callbacks.Retries:
		s.errands.push(s.backoff(tries), func(ctx context.Context) { s.forward(ctx, n, r, tries+1) })
	default:
		s.tally.inboundFailed.Add(1)
	}
}

// keyword notes a STOP or START that was acknowledged.
func (s *Sandbox) keyword(r Reply) {
	note := Stop{Phone: r.Phone, Number: r.Number, At: time.Now().UTC()}
	word, e := strings.ToUpper(strings.TrimSpace(r.Body)), entry{}
	switch {
	case slices.Contains(stopWords, word):
		s.book.stopped(note)
		e.Stop = &note
	case slices.Contains(startWords, word):
		s.book.block(pair{r.Phone, r.Number}, false)
		e.Start = &note
	default:
		return
	}
	if err := s.journal.write(e); err != nil {
		s.o.Log.Error("the journal cannot be written", "error", err)
	}
}

// Stops is every acknowledged STOP, oldest first.
func (s *Sandbox) Stops() []Stop {
	s.book.mu.RLock()
	defer s.book.mu.RUnlock()
	return slices.Clone(s.book.stops)
}

// Heard is every acknowledged text from a person since New, in the order of the answers.
// The journal keeps only the keywords among them.
func (s *Sandbox) Heard() []Heard {
	s.book.mu.RLock()
	defer s.book.mu.RUnlock()
	return slices.Clone(s.book.heard)
}

func (b *book) heardBy(h Heard) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.heard = append(b.heard, h)
}

// hear adds a reply to the phone's conversation. Providers block from the moment it
// receive a STOP, acknowledged by the sender or not.
func (b *book) hear(r *Reply) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.say(r.Phone, line{reply: r})
	if slices.Contains(stopWords, strings.ToUpper(strings.TrimSpace(r.Body))) {
		b.blocked[pair{r.Phone, r.Number}] = true
	}
}

func (b *book) stopped(s Stop) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.stops = append(b.stops, s)
	b.blocked[pair{s.Phone, s.Number}] = true
}

func (b *book) block(p pair, on bool) {
	b.mu.Lock()
	defer b.mu.Unlock()
	b.blocked[p] = on
}

func (b *book) isBlocked(p pair) bool {
	b.mu.RLock()
	defer b.mu.RUnlock()
	return b.blocked[p]
}
