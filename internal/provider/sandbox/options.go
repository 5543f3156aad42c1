package sandbox

import (
	"log/slog"
	"net/http"
	"time"

	"trackly/internal/fault"
)

// Options say how a sandbox behaves. The zero value is well-behaved, takes any account,
// remembers in memory only, and nobody reacts.
type Options struct {
	Seed    uint64 // the same seed and phones give the same deliveries, reactions and Telnyx key
	Journal string // file that survives a kill; empty keeps nothing

	// Accounts are account SIDs and their tokens; nil takes any. Infobip, CM and Telnyx,
	// where a key is all there is, take any of the tokens.
	Accounts map[string]string

	// BlocksOptOuts refuses a phone that said STOP to the number, as the providers do:
	// at Twilio with 21610. Off, it lets such texts through, so that a test sees the
	// sender's own barrier.
	BlocksOptOuts bool
	// DeliveredPercent of phones receive what is sent to them. 0 means 96.
	DeliveredPercent float64
	// Undelivered are the reasons of the others, retry_later, bad_number, filtered,
	// opted_out or unheard, each as likely as the next. Empty means a mix of the first three.
	Undelivered []string
	// UndeliveredCodes are the same in Twilio's numbers, and go before Undelivered for
	// its texts. When both are empty, they are 30003, 30005, 30006, 30007.
	UndeliveredCodes []int

	Callbacks Callbacks
	Faults    Faults
	People    People

	HTTP *http.Client // makes the webhook calls; nil means a tuned one
	Log  *slog.Logger // nil means silence
}

// Callbacks say how webhooks are posted.
type Callbacks struct {
	Hold    bool // queue status callbacks until ReleaseCallbacks
	Workers int  // posts at a time; 0 means 16

	// MinDelay and MaxDelay bound the wait before each of "sent" and the final
	// status. Both 0 mean 20 ms and 200 ms.
	MinDelay, MaxDelay time.Duration

	// Retries after a connection failure or a 5xx; 0 means 12, negative none. Twilio
	// tries once more; a drill that kills the receiver needs more patience.
	Retries int
	// Backoff before the first retry, doubled each time up to MaxBackoff. 0 mean
	// 200 ms and 5 s.
	Backoff, MaxBackoff time.Duration
}

// withDefaults fills in what was left zero.
func (o Options) withDefaults() Options {
	o.DeliveredPercent = or(o.DeliveredPercent, 96)
	if len(o.Undelivered) == 0 {
		o.Undelivered = []string{RetryLater, BadNumber, BadNumber, Filtered}
		if len(o.UndeliveredCodes) == 0 {
			o.UndeliveredCodes = []int{30003, 30005, 30006, 30007}
		}
	}
	c := &o.Callbacks
	c.Workers = or(c.Workers, 16)
	if c.MaxDelay == 0 {
		c.MinDelay, c.MaxDelay = 20*time.Millisecond, 200*time.Millisecond
	}
	c.Retries = or(c.Retries, 12)
	c.Backoff = or(c.Backoff, 200*time.Millisecond)
	c.MaxBackoff = or(c.MaxBackoff, 5*time.Second)
	o.People = o.People.withDefaults()
	if o.HTTP == nil {
		o.HTTP = newClient(c.Workers + o.People.Workers)
	}
	if o.Log == nil {
		o.Log = slog.New(slog.DiscardHandler)
	}
	return o
}

func (o *Options) check() error {
	for _, class := range o.Undelivered {
		if !losable(class) {
			return fault.New(fault.Invalid, "texts cannot be lost for a reason given")
		}
	}
	if err := o.People.check(); err != nil {
		return err
	}
	return o.Faults.check()
}

func or[T comparable](v, fallback T) T {
	var zero T
	if v == zero {
		return fallback
	}
	return v
}

// newClient never follows a redirect: a click is one request to the link itself, and
// what is behind it is on the internet unless it is a shop of ours.
func newClient(hosts int) *http.Client {
	return &http.Client{
		Timeout:       15 * time.Second,
		CheckRedirect: func(*http.Request, []*http.Request) error { return http.ErrUseLastResponse },
		Transport: &http.Transport{
			MaxIdleConns: 1024, MaxIdleConnsPerHost: hosts, IdleConnTimeout: 30 * time.Second,
		},
	}
}
