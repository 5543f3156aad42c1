package models

import (
	"time"

	"trackly/rules/field"
)

// SubscriptionStatus says whether a contact on a list may be texted.
type SubscriptionStatus string

// The statuses of a subscription. Only Active is messaged.
const (
	SubscriptionActive     SubscriptionStatus = "active"
	SubscriptionOptedOut   SubscriptionStatus = "opted_out"
	SubscriptionInvalid    SubscriptionStatus = "invalid"
	SubscriptionSuppressed SubscriptionStatus = "suppressed"
)

// Why a subscription is suppressed or invalid, besides an owner's own words.
const (
	StatusReview    = "review"     // an unclear answer waits for a person to read it
	StatusStranger  = "stranger"   // never signed up; an import may make it active
	StatusNotMobile = "not_mobile" // invalid: a look-up found a line that takes no texts
)

// Contact is a phone number. It is global; accounts see only their subscriptions.
type Contact struct {
	ID         ContactID
	Phone      string   // E.164
	Region     string   // ISO 3166 country of the number
	Zones      []string `gorm:"-"`
	Carrier    string   // mobile network; empty: nobody asked
	LineType   LineType
	LookedUpAt *time.Time
	CreatedAt  time.Time
}

// LineType is what kind of line a phone is, as a look-up learned.
type LineType string

// The line types.
const (
	LineUnknown  LineType = ""
	LineMobile   LineType = "mobile"
	LineLandline LineType = "landline"
	LineVoIP     LineType = "voip"
	LineTollFree LineType = "toll_free"
	LineOther    LineType = "other"
)

// Subscription is a contact on a list.
type Subscription struct {
	ID           SubscriptionID
	AccountID    AccountID
	ListID       ListID
	ContactID    ContactID
	Phone        string `gorm:"->;-:migration"` // the contact's, read with a join
	Status       SubscriptionStatus
	Reason       string `gorm:"column:status_reason"` // why it is suppressed
	FirstName    string
	LastName     string
	State        string       // US state, two letters
	Zone         string       // IANA, when it was given
	Postal       string       // the same
	Fields       field.Values `gorm:"serializer:json"`
	SignupMethod string
	SignupAt     time.Time
	OptedOutAt   *time.Time
	Totals       `gorm:"-"`
	AtState      string   // where rules/place has the contact; empty: unknown, or one of several
	AtZones      []string `gorm:"-"`              // the same
	Carrier      string   `gorm:"->;-:migration"` // the contact's
	LineType     LineType `gorm:"->;-:migration"` // the same
}

// Totals are what a subscription has got and done. They agree with its messages and
// clicks, but for erased people, of whom none are kept.
type Totals struct {
	SendCount     int64 // texts of campaigns, of the API and replies that a provider took
	ClickCount    int64
	LastSentAt    *time.Time
	LastClickedAt *time.Time
}

// Refusal is one row of a file that was not taken, and why.
type Refusal struct {
	Number  int64 // of the row among the file's rows, from 1
	Line    int64
	Column  string
	Value   string
	Reason  string
	Message string
}
