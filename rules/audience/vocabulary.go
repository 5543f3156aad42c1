package audience

import (
	"slices"

	"trackly/rules/field"
)

// Op is a way to compare.
type Op string

// The operators.
const (
	Eq         Op = "eq"
	Ne         Op = "ne"
	In         Op = "in"
	NotIn      Op = "not_in"
	Gt         Op = "gt"
	Gte        Op = "gte"
	Lt         Op = "lt"
	Lte        Op = "lte"
	Between    Op = "between" // both ends belong to it
	Contains   Op = "contains"
	StartsWith Op = "starts_with"
	Within     Op = "within" // the last 30d
	NotWithin  Op = "not_within"
	Before     Op = "before"
	After      Op = "after"
	Exists     Op = "exists"
	NotExists  Op = "not_exists"
)

// Ops gives every operator there is.
func Ops() []Op {
	return []Op{
		Eq, Ne, In, NotIn, Gt, Gte, Lt, Lte, Between, Contains, StartsWith, Within, NotWithin, Before, After, Exists, NotExists,
	}
}

// The fields every person has a place for. All other names are custom fields.
const (
	FieldState           = "state" // as given, or else where the contact is
	FieldZone            = "zone"  // a set: who lives near a border may be in one of several
	FieldFirstName       = "first_name"
	FieldLastName        = "last_name"
	FieldCarrier         = "carrier"
	FieldLineType        = "line_type"
	FieldList            = "list"
	FieldSignupMethod    = "signup_method"
	FieldSignupAt        = "signup_at"
	FieldLastSentAt      = "last_sent_at"
	FieldLastClickedAt   = "last_clicked_at"
	FieldLastConvertedAt = "last_converted_at"
	FieldSendCount       = "send_count"
	FieldClickCount      = "click_count"
	FieldConversionCount = "conversion_count"
	FieldRevenueTotal    = "revenue_total"
	FieldRevenueAverage  = "revenue_average" // for each conversion
	FieldAudience        = "audience"        // membership of a static audience
	fieldJourney         = "journey"
)

// Kind is what a field holds, and so how it is compared.
type Kind int

// The kinds.
const (
	Unknown Kind = iota
	Word         // one of few texts
	Name         // any text
	Zones        // a set of texts
	ListID
	Time
	Count
	Money   // never missing
	Average // money, missing without conversions
	Member  // of static audiences
	CustomText
	CustomNumber
	CustomBoolean
	CustomDate
)

// KindOf says what a field holds. known are the account's custom fields.
func KindOf(name string, known field.Set) Kind {
	switch name {
	case FieldState, FieldCarrier, FieldLineType, FieldSignupMethod:
		return Word
	case FieldFirstName, FieldLastName:
		return Name
	case FieldZone:
		return Zones
	case FieldList:
		return ListID
	case FieldSignupAt, FieldLastSentAt, FieldLastClickedAt, FieldLastConvertedAt:
		return Time
	case FieldSendCount, FieldClickCount, FieldConversionCount:
		return Count
	case FieldRevenueTotal:
		return Money
	case FieldRevenueAverage:
		return Average
	case FieldAudience:
		return Member
	}
	switch known[name] {
	case field.Text:
		return CustomText
	case field.Number:
		return CustomNumber
	case field.Boolean:
		return CustomBoolean
	case field.Date:
		return CustomDate
	}
	return Unknown
}

// Ops gives the operators that make sense of the kind.
func (k Kind) Ops() []Op {
	equal, among, ordered, exist := []Op{Eq, Ne}, []Op{In, NotIn}, []Op{Gt, Gte, Lt, Lte, Between}, []Op{Exists, NotExists}
	switch k {
	case Word, Zones, ListID:
		return slices.Concat(equal, among, exist)
	case Name, CustomText:
		return slices.Concat(equal, among, []Op{Contains, StartsWith}, exist)
	case Time:
		return slices.Concat([]Op{Within, NotWithin, Before, After}, exist)
	case Count, Money, Average:
		return slices.Concat(equal, ordered)
	case Member:
		return among
	case CustomNumber, CustomDate:
		return slices.Concat(equal, ordered, among, exist)
	case CustomBoolean:
		return slices.Concat(equal, exist)
	case Unknown:
	}
	return nil
}
