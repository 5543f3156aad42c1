// Package provider is the port to the companies whose APIs send the text. It says what
// an adapter must do and what its answers mean; it knows no vendor's wire format and
// no database. Adapters live in the folders beside this file.
package provider

import (
	"context"
	"time"
)

// Account is what a sending list knows about its provider account. The token is
// revealed only to the adapter.
type Account struct {
	ListID    string // names the list in webhook URLs
	SID       string // the account's id at the provider
	Token     string // secret; signs webhooks too
	BaseURL   string // empty means the vendor's own; any server speaking the API can stand in
	From      string // the sending number, E.164
	StatusURL string // where status callbacks go; the adapter adds the message id
}

// Outgoing is one text to hand over.
type Outgoing struct {
	MessageID int64  // ours; travels in the status callback's URL
	To        string // E.164
	Body      string
}

// Class says what a failure means for the message and for the list.
type Class string

// The classes of product.md. None is the class of an accepted text.
const (
	None            Class = ""
	RetrySoon       Class = "retry_soon"        // certainly not accepted; back off and try again
	RetryLater      Class = "retry_later"       // the phone was not reachable
	DeferToTomorrow Class = "defer_to_tomorrow" // a day's cap is reached
	BadNumber       Class = "bad_number"        // this phone can never be texted
	OptedOut        Class = "opted_out"         // the provider blocks it: the person said STOP
	AccountProblem  Class = "account_problem"   // stop the list, a person must act
	Filtered        Class = "filtered"          // the carrier dislikes the text
	Unanswered      Class = "unanswered"        // nobody knows whether it was accepted
)

// Answer is what came of one call. Class None means the provider accepted the text.
type Answer struct {
	ProviderID string        // the provider's id of the message, when accepted
	Class      Class         //
	Code       string        // the provider's own code, such as "21610"
	Text       string        // the provider's own words; never contains a phone or a body
	RetryAfter time.Duration // for RetrySoon, when the provider said so
}

// Accepted reports whether the provider took the text.
func (a Answer) Accepted() bool { return a.Class == None }

// Status is what a provider says about a text it has accepted.
type Status string

// The statuses in the order a text goes through them. StatusUnknown is a word we do
// not know; it is counted, never guessed as success.
const (
	StatusUnknown     Status = ""
	StatusAccepted    Status = "accepted" // queued, sending or sent at the provider
	StatusDelivered   Status = "delivered"
	StatusUndelivered Status = "undelivered"
	StatusFailed      Status = "failed"
)

// Report is one status callback, or one look-up, in our words.
type Report struct {
	MessageID  int64 // ours, from the callback's URL; 0 when the URL had none
	ProviderID string
	Status     Status
	Raw        string // the provider's own word
	Code       string
	Class      Class // meaning of Code when Status is undelivered or failed
}

// Inbound is a text a person sent to a list's number.
type Inbound struct {
	ProviderID string // unique at the provider: duplicates are recognised by it
	From, To   string // E.164
	Body       string
}

// Query asks for the fate of a text whose answer never came.
type Query struct {
	To        string
	Body      string
	ClaimedAt time.Time // the text cannot be older than this
}

// Finding is the answer to a Query.
type Finding struct {
	Found  bool
	Report Report // when found
}

// Sender hands texts over and asks after them. Implementations are safe for
// concurrent use.
type Sender interface {
	// Send hands over one text. It never returns an error: what cannot be known is
	// Unanswered, and everything else has a class. A cancelled context before the
	// request left is RetrySoon, after it Unanswered.
	Send(ctx context.Context, out Outgoing) Answer
	// Find looks a text up at the provider. An error means nothing was learnt.
	// Not found, asked later than the longest life of a request, proves that the
	// text was never accepted.
	Find(ctx context.Context, q Query) (Finding, error)
}

// Webhooks reads what the provider posts to us. Both methods check the signature
// against the configured public URL and return a Forbidden fault when it is wrong,
// an Invalid fault when the form is nonsense.
type Webhooks interface {
	Status(url string, header map[string][]string, form map[string][]string) (Report, error)
	Inbound(url string, header map[string][]string, form map[string][]string) (Inbound, error)
}

// Adapter is one provider account, ready to use.
type Adapter interface {
	Sender
	Webhooks
}

// Capabilities are facts about an adapter, kept as data.
type Capabilities struct {
	Name       string // "twilio"
	BatchSize  int    // texts a request; 1 = one by one
	OwnIDs     bool   // the provider refuses a second text under the same id of ours
	FindsTexts bool   // Find can prove absence
}

// Dialer makes adapters of one kind.
type Dialer interface {
	Capabilities() Capabilities
	// Check refuses an account that cannot work, naming every field at once.
	Check(a Account) error
	Dial(a Account) Adapter
}
