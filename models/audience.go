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
}

// Field is a custom field of an account.
type Field struct {
	AccountID AccountID
	Name      string
	Type      field.Type
	CreatedAt time.Time
}

// CheckName refuses a name that nobody could find again.
func (a Audience) CheckName(bad *fault.Problems) {
	if strings.TrimSpace(a.Name) == "" || len(a.Name) > 200 {
		bad.Add("name", "must have 1 to 200 characters")
	}
}
