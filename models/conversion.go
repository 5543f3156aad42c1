package models

import (
	"time"

	"trackly/rules/price"
)

// ConversionKind is what happened.
type ConversionKind string

// The kinds. A refund or a chargeback takes back what its transaction earned.
const (
	Lead       ConversionKind = "lead"
	Sale       ConversionKind = "sale"
	Rebill     ConversionKind = "rebill"
	Refund     ConversionKind = "refund"
	Chargeback ConversionKind = "chargeback"
	Install    ConversionKind = "install"
	Signup     ConversionKind = "signup"
)

// ConversionKinds gives every kind there is.
func ConversionKinds() []ConversionKind {
	return []ConversionKind{Lead, Sale, Rebill, Refund, Chargeback, Install, Signup}
}

// Reverses reports whether the kind takes back.
func (k ConversionKind) Reverses() bool { return k == Refund || k == Chargeback }

// ConversionState says what the books make of a conversion.
type ConversionState string

// The states.
const (
	Credited   ConversionState = "credited"   // a message earned it
	Uncredited ConversionState = "uncredited" // the person is known, but no human click in the window
	Unmatched  ConversionState = "unmatched"  // it names no click and no message of ours
	Waiting    ConversionState = "waiting"    // it takes back what nobody has told us of yet
)

// ConversionSource is how we heard of it.
type ConversionSource string

// The sources.
const (
	ByPostback ConversionSource = "postback"
	ByPixel    ConversionSource = "pixel"
	ByRequest  ConversionSource = "api"
	ByFile     ConversionSource = "csv"
	ByPull     ConversionSource = "tune"
)

// Told is a conversion as somebody tells us of it.
type Told struct {
	OfferID       OfferID
	Kind          ConversionKind
	TransactionID string
	Source        ConversionSource
	At            time.Time     // when it happened; zero: now
	Amount        *price.Micros // never negative; nil: the offer's payout, or all that is to be taken back
	Currency      string        // empty: the account's
	ClickID       string        // of the click it came from, if known
	MessageID     MessageID     // else the message, if known
}

// ConversionFilter says which conversions are meant; what is empty means all.
type ConversionFilter struct {
	OfferID OfferID
	State   ConversionState
	Kind    ConversionKind
}

// Rate is what one unit of another currency is worth in the account's.
type Rate struct {
	Currency  string
	Rate      price.Micros
	ChangedAt time.Time
}

// Booking says what became of a Told.
type Booking struct {
	ID       ConversionID
	State    ConversionState
	Repeated bool  // it was known: nothing changed
	Refused  error // a fault: nothing was kept
}

// Conversion is an event that pays or takes back, as it is kept.
type Conversion struct {
	ID             ConversionID
	AccountID      AccountID
	OfferID        OfferID
	Kind           ConversionKind
	TransactionID  string
	Source         ConversionSource
	At             time.Time
	ReceivedAt     time.Time
	Amount         price.Micros // in Currency
	Currency       string
	Rate           price.Micros // of the account's currency, for one unit of Currency
	Earned         price.Micros // by itself, in the account's currency
	Whole          bool         // it takes back all that is left
	ClickID        *string
	NamedMessage   *MessageID
	ContactID      *ContactID // whom it names
	MatchedMessage *MessageID // by hand
	MatchedBy      string
	State          ConversionState
	Booked         price.Micros // signed: what the transaction's other events leave of it
	Counted        int          // 1, 0, or -1 for one that takes a whole conversion back
	MessageID      *MessageID
	SubscriptionID *SubscriptionID
	Repeats        int
}
