package models

import (
	"strings"
	"time"

	"trackly/internal/fault"
)

// SuppressionSource says how a suppression came about.
type SuppressionSource string

// The sources of suppressions.
const (
	ByKeyword  SuppressionSource = "keyword"
	ByPhrase   SuppressionSource = "phrase"
	ByReview   SuppressionSource = "review"   // a person read an unclear answer
	ByProvider SuppressionSource = "provider" // the provider refuses the phone
	ByUpload   SuppressionSource = "upload"
	ByOwner    SuppressionSource = "owner"
	ByErasure  SuppressionSource = "erasure"
)

// Suppression says that a contact must not be texted, and how far that reaches. It is
// lifted, never deleted.
type Suppression struct {
	ID        int64
	AccountID AccountID
	ContactID ContactID
	Phone     string // the contact's; empty after an erasure
	Scope     Scope
	ListID    ListID // for ScopeList
	Brand     string // for ScopeBrand
	Source    SuppressionSource
	InboundID int64
	Note      string
	CreatedAt time.Time
	LiftedAt  *time.Time
	LiftedBy  string
}

// Over completes a suppression's scope for a list: the list itself, or its brand. A list
// without a brand has only itself.
func (x Suppression) Over(l List) Suppression {
	switch {
	case x.Scope == ScopeBrand && l.Brand != "":
		x.Brand = strings.ToLower(l.Brand)
	case x.Scope != ScopeAccount:
		x.Scope, x.ListID = ScopeList, l.ID
	}
	return x
}

// Liftable refuses to lift what was lifted before, and an erasure: there is nobody left to
// whom an owner's reason could apply.
func (x Suppression) Liftable() error {
	switch {
	case x.LiftedAt != nil:
		return fault.New(fault.Conflict, "this suppression was lifted before, by %s", x.LiftedBy)
	case x.Source == ByErasure:
		return fault.New(fault.Conflict, "this person was erased; only a new sign-up opens the way again")
	}
	return nil
}
