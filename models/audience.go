package models

import (
	"strings"
	"time"

	"trackly/internal/fault"
	"trackly/rules/audience"
	"trackly/rules/field"
)

// AudienceKind says whether an audience is read anew each time.
type AudienceKind string

// The kinds.
const (
	AudienceDynamic AudienceKind = "dynamic" // whoever matches when it is asked
	AudienceStatic  AudienceKind = "static"  // whoever matched when it was made
)

// Audience is a saved filter over the subscriptions of an account, or its frozen result.
type Audience struct {
	ID        AudienceID
	AccountID AccountID
	Name      string
	Kind      AudienceKind
	Filter    audience.Filter `gorm:"serializer:json"`
	Size      *int64          // of a static one
	FrozenAt  *time.Time      // the same
	CreatedAt time.Time
	UpdatedAt time.Time
	DeletedAt *time.Time
}

// Field is a custom field of an account.
type Field struct {
	AccountID AccountID
	Name      string
	Type      field.Type
	CreatedAt time.Time
}

// AudienceKinds gives every kind there is.
func AudienceKinds() []AudienceKind { return []AudienceKind{AudienceDynamic, AudienceStatic} }

// Members is who is asked for: whom the filter means on these lists, on all of the
// account's when there are none. Only active subscriptions are members.
type Members struct {
	AccountID AccountID
	Lists     []ListID
	Filter    audience.Filter
	Static    AudienceID // set: the members of this static audience, and no filter
}

// Members is who is in the audience now.
func (a Audience) Members() Members {
	if a.Kind == AudienceStatic {
		return Members{AccountID: a.AccountID, Static: a.ID}
	}
	return Members{AccountID: a.AccountID, Filter: a.Filter}
}

// MemberPlace is where a page of members ended: members are in the order of lists, and
// on a list in the order they came.
type MemberPlace struct {
	ListID ListID // empty: before the first
	ID     SubscriptionID
}

// Who names a subscription: by its id, or by a phone on a list.
type Who struct {
	ID     SubscriptionID // 0: by the other two
	ListID ListID
	Phone  string // E.164
}

// Standing is what is known of one subscription when asking why it is in an audience.
type Standing struct {
	Subscription Subscription
	Person       audience.Person
	Frozen       *bool // whether a static audience holds it; nil for a dynamic one
}

// CheckName refuses a name that nobody could find again.
func (a Audience) CheckName(bad *fault.Problems) {
	if strings.TrimSpace(a.Name) == "" || len(a.Name) > 200 {
		bad.Add("name", "must have 1 to 200 characters")
	}
}
