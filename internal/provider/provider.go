// Package provider is the port to the companies whose APIs send the text. It says what
// an adapter must do and what its answers mean; it knows no vendor's wire format and
// no database. Adapters live in the folders beside this file.
package provider

import (
	"context"
	"net/http"
	"time"
)

// Account is what a route knows about its provider account. The token is revealed only
// to the adapter.
type Account struct {
	SID       string // the account's id at the provider; empty where the token alone names it
	Token     string // secret: an auth token, an API key, a product token
	PublicKey string // checks webhooks, where the provider signs with a key pair
	BaseURL   string // empty means the vendor's own; any server speaking the API can stand in
	From      string // the sending number, E.164
	StatusURL string // where status callbacks go; the adapter adds the message id
	// Prefix makes our ids ours where the provider refuses a second text under one of them:
	// two installations count alike, and one that was refused for the other's sake would be
	// taken for accepted. It must never change: a look-up under another one proves nothing.
	Prefix string
}

// String keeps the secrets of an account out of logs and errors.
func (a Account) String() string { return "the account of " + a.From }

// GoString is for %#v what String is for %v.
func (a Account) GoString() string { return a.String() }

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
	Text       string        // what the code means, for the user; never contains a phone or a body
	RetryAfter time.Duration // for RetrySoon, when the provider said so
	Unheard    bool          // the code is in no table: it is counted and shown
	Whole      bool          // the request was refused, and not this text of it: nothing of it was accepted
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
	MessageID  int64 // ours; 0 when the provider did not name it
	ProviderID string
	Status     Status
	Raw        string // the provider's own word
	Code       string // the provider's own code
	Text       string // what the code means, for the user
	Class      Class  // meaning of Code when Status is undelivered or failed
	Unheard    bool   // the word or the code is in no table: it is counted and shown
}

// Inbound is a text a person sent to a list's number.
type Inbound struct {
	ProviderID string // unique at the provider, or made from what never changes: duplicates are recognised by it
	From, To   string // E.164
	Body       string
}

// Query asks for the fate of a text whose answer never came.
type Query struct {
	MessageID  int64  // ours
	ProviderID string // the provider's, when it is known
	To         string
	Body       string
	ClaimedAt  time.Time // the text cannot be older than this
}

// Finding is the answer to a Query.
type Finding struct {
	Found  bool
	Report Report // when found
}

// Sender hands texts over and asks after them. Implementations are safe for
// concurrent use.
type Sender interface {
	// Send hands over at most Capabilities.BatchSize texts in one request and gives an
	// answer for each, in their order. It never returns an error: what cannot be known
	// is Unanswered, and everything else has a class. A cancelled context before the
	// request left is RetrySoon, after it Unanswered.
	Send(ctx context.Context, outs []Outgoing) []Answer
	// Find looks a text up at the provider. An error means nothing was learnt. With
	// Capabilities.FindsTexts, not found, asked later than the longest life of a
	// request, proves that the text was never accepted.
	Find(ctx context.Context, q Query) (Finding, error)
	// Login asks the provider something harmless that needs the account's credentials.
	// nil means that they work, a Forbidden fault that they do not; anything else means
	// that nothing was learnt.
	Login(ctx context.Context) error
}

// Webhook is one request the provider posted to us, as it came.
type Webhook struct {
	URL    string // the configured public URL and the request's path and query
	Header http.Header
	Body   []byte
	Now    time.Time // for signatures that grow old
}

// Webhooks reads what the provider posts to us. Where the provider signs, both methods
// check the signature and return a Forbidden fault when it is wrong; where it does not,
// the secret in the path is what proves the caller, and the caller has checked it. What
// is nonsense is an Invalid fault. One post may carry several reports or texts, or none
// that is of interest.
type Webhooks interface {
	Status(w Webhook) ([]Report, error)
	Inbound(w Webhook) ([]Inbound, error)
}

// LineType is what kind of line a phone is.
type LineType string

// The kinds of lines.
const (
	LineUnknown  LineType = "" // the provider does not know
	LineMobile   LineType = "mobile"
	LineLandline LineType = "landline"
	LineVoIP     LineType = "voip"
	LineTollFree LineType = "toll_free"
	LineOther    LineType = "other"
)

// Line is what a look-up learned of a phone.
type Line struct {
	Type    LineType
	Carrier string // empty: the provider does not say
	Cost    int64  // micro-units of the provider account's currency; 0 when the answer names no price
}

// Lookup asks what is behind a phone, for money. An adapter that can has it too, and
// Capabilities.LooksUp says so. A NotFound fault means that this phone will never be
// known there, Throttled and Broken that nothing was learnt now, and Forbidden that the
// account may not ask. No error has the phone in it.
type Lookup interface {
	LookUp(ctx context.Context, phone string) (Line, error)
}

// Adapter is one provider account, ready to use.
type Adapter interface {
	Sender
	Webhooks
}

// Capabilities are facts about an adapter, kept as data.
type Capabilities struct {
	Name        string // "twilio"
	BatchSize   int    // texts a request; 1 = one by one
	OwnIDs      bool   // the provider refuses a second text under the same id of ours
	FindsTexts  bool   // Find can prove absence
	Signs       bool   // webhooks carry a signature
	AnswersStop bool   // the provider confirms a STOP by itself unless told otherwise
	NeedsSID    bool   // Account.SID must be given
	NeedsKey    bool   // Account.PublicKey must be given
	LooksUp     bool   // the adapter is a Lookup
	InboundOK   int    // the status the provider wants for a webhook it need not repeat; 0 = any 2xx
}

// Meaning is what a provider's code says about a text, and what to tell the user.
type Meaning struct {
	Class    Class
	Sentence string
}

// Dialer makes adapters of one kind.
type Dialer interface {
	Capabilities() Capabilities
	// Codes is the provider's code table: how its codes are read. Callers must not
	// change it.
	Codes() map[string]Meaning
	// Check refuses an account that cannot work, naming every field at once.
	Check(a Account) error
	Dial(a Account) Adapter
}
