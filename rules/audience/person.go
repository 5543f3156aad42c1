package audience

import (
	"time"

	"trackly/rules/field"
)

// Person is what a filter can look at: a subscription with its contact and its totals.
// An empty text and a zero time mean that nothing is known.
type Person struct {
	FirstName, LastName, State string // State: as given, or else where the contact is
	Zones                      []string
	Carrier, LineType          string
	List, SignupMethod         string
	SignupAt, LastSentAt       time.Time
	LastClicked, LastConverted time.Time
	Sends, Clicks, Conversions int64
	Revenue                    int64        // micro-units
	Audiences                  []string     // the static ones it is a member of
	Fields                     field.Values // custom fields
	Types                      field.Set    // the account's
}

func (p Person) text(name string) string {
	switch name {
	case FieldState:
		return p.State
	case FieldFirstName:
		return p.FirstName
	case FieldLastName:
		return p.LastName
	case FieldCarrier:
		return p.Carrier
	case FieldLineType:
		return p.LineType
	case FieldList:
		return p.List
	case FieldSignupMethod:
		return p.SignupMethod
	}
	return p.Fields[name]
}

func (p Person) time(name string) time.Time {
	switch name {
	case FieldSignupAt:
		return p.SignupAt
	case FieldLastSentAt:
		return p.LastSentAt
	case FieldLastClickedAt:
		return p.LastClicked
	case FieldLastConvertedAt:
		return p.LastConverted
	}
	return time.Time{}
}

func (p Person) count(name string) int64 {
	switch name {
	case FieldSendCount:
		return p.Sends
	case FieldClickCount:
		return p.Clicks
	case FieldConversionCount:
		return p.Conversions
	}
	return 0
}
